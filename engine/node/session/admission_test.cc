#include "node/session/admission.h"

#include <gtest/gtest.h>

#include <memory>
#include <thread>

#include "base/error.h"

namespace polder {
namespace {

using std::chrono::milliseconds;
using Ticket = Admission::Ticket;

TEST(Admission, SaysBothNumbersWhenItCanNeverBe) {
  Admission admission({.bytes = 100 << 20});
  try {
    Ticket ticket(admission, 101 << 20);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::busy);
    EXPECT_NE(std::string(error.what()).find("101 MB"), std::string::npos);
    EXPECT_NE(std::string(error.what()).find("100 MB"), std::string::npos);
  }
}

TEST(Admission, WaitsUntilMemoryIsGivenBack) {
  Admission admission({.bytes = 100});
  auto first = std::make_unique<Ticket>(admission, 60);
  Ticket second(admission, 60);
  EXPECT_TRUE(first->wait_for(milliseconds(0)));
  EXPECT_TRUE(first->wait_for(milliseconds(0))) << "once admitted, always";
  EXPECT_FALSE(second.wait_for(milliseconds(20)));
  std::jthread ends([&] { first.reset(); });
  EXPECT_TRUE(second.wait_for(milliseconds(5000)));
  EXPECT_EQ(admission.bytes_in_use(), 60u);
}

TEST(Admission, LetsNoSmallOneOvertakeALargeOne) {
  Admission admission({.bytes = 100});
  Ticket running(admission, 50);
  EXPECT_TRUE(running.wait_for(milliseconds(0)));
  auto large = std::make_unique<Ticket>(admission, 100);
  Ticket small(admission, 10);
  EXPECT_FALSE(large->wait_for(milliseconds(0)));
  EXPECT_FALSE(small.wait_for(milliseconds(0))) << "it would fit, but came later";
  large.reset();  // its session gave up
  EXPECT_TRUE(small.wait_for(milliseconds(0)));
}

TEST(Admission, CountsATicketOnlyOnceItWaits) {
  Admission admission({.bytes = 100});
  Ticket first(admission, 100), second(admission, 100);
  EXPECT_TRUE(second.wait_for(milliseconds(0))) << "the first does not wait yet";
}

TEST(Admission, RefusesWhenAllPlacesAreTaken) {
  Admission admission({.bytes = 100, .places = 2});
  Ticket first(admission, 100);
  EXPECT_TRUE(first.wait_for(milliseconds(0)));
  Ticket second(admission, 100), third(admission, 1);
  EXPECT_FALSE(second.wait_for(milliseconds(0)));
  EXPECT_THROW(third.wait_for(milliseconds(0)), Error);
}

}  // namespace
}  // namespace polder
