// W5: on a full disk a deletion could not be written down, so nothing could be freed.
#include "store/spare_space.h"

#include <gtest/gtest.h>

#include "base/testing/test_folder.h"

namespace polder {
namespace {

TEST(SpareSpace, IsGivenUpOnceForWhatFailsOnAFullDisk) {
  const TestFolder folder;
  const auto file = folder.path() / "spare";
  const SpareSpace spare(file);
  spare.refill();
  EXPECT_EQ(std::filesystem::file_size(file), 4u << 20);
  int calls = 0;
  const auto works_on_a_free_disk = [&] {
    ++calls;
    if (std::filesystem::exists(file)) fail(Code::busy, "full");
    return 7;
  };
  EXPECT_EQ(spare.use(works_on_a_free_disk), 7);
  EXPECT_EQ(calls, 2);
  spare.refill();
  EXPECT_TRUE(std::filesystem::exists(file));
}

TEST(SpareSpace, IsKeptForOtherErrorsAndHelpsOnlyOnce) {
  const TestFolder folder;
  const SpareSpace spare(folder.path() / "spare");
  spare.refill();
  EXPECT_THROW(spare.use([] { fail(Code::forbidden, "not yours"); }), Error);
  EXPECT_TRUE(std::filesystem::exists(folder.path() / "spare"));
  int calls = 0;
  const auto always_full = [&] {
    ++calls;
    fail(Code::busy, "full");
  };
  EXPECT_THROW(spare.use(always_full), Error);
  EXPECT_THROW(spare.use(always_full), Error);
  EXPECT_EQ(calls, 3) << "twice with spare space, once without";
}

}  // namespace
}  // namespace polder
