// The files of kept keys: what is in them, and everything that makes one be of no use.
#include "peer/kept_keys.h"

#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <set>
#include <thread>

#include "base/testing/test_folder.h"
#include "net/testing/test_support.h"

namespace polder {
namespace {

using namespace std::chrono_literals;
using testing::expect_error;
using testing::thrown_by;

constexpr std::string_view network = "00112233445566778899aabbccddeeff";
constexpr std::chrono::sys_seconds noon{1'700'000'000s};

KeptKeys keys_in(const TestFolder& folder, std::chrono::sys_seconds now = noon,
                 std::string_view id = network) {
  return KeptKeys(
      {.folder = folder.path(), .network = std::string(id), .now = [now] { return now; }});
}

const Words some_words{1, 0xffffffffffffffff};

void expect_of_no_use(const KeptKeys& keys, const std::string& protocol, std::string_view why) {
  const Error error = thrown_by([&] { keys.read(protocol); });
  expect_error(error, Code::bad_input, why);
  expect_error(error, Code::bad_input, keys.file(protocol).string() + " is of no use");
  EXPECT_TRUE(keys.find(protocol).words.empty());
  EXPECT_EQ(keys.find(protocol).fingerprint, Digest256{});
}

// Written by hand, with Python's hashlib.blake2b: whose key it is, when it was made, its words; so
// nothing else goes into the file, whatever the banks' tables hold.
TEST(KeptKeys, AreFilesOfTheseFieldsAlone) {
  const TestFolder folder;
  KeptKeys keys = keys_in(folder);
  keys.keep("paillier", some_words);
  EXPECT_EQ(file_contents(folder.path() / "paillier.key"),
            R"({"check":"d67f48fcb38dcec514ae374b164cf500","format":1,"made":1700000000,)"
            R"("network":"00112233445566778899aabbccddeeff","protocol":"paillier",)"
            R"("version":"0.1.0","words":"0100000000000000ffffffffffffffff"})"
            "\n");
  struct stat status {};
  ASSERT_EQ(stat(keys.file("paillier").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
}

TEST(KeptKeys, ComeBackUnderOneFingerprintForEachUse) {
  const TestFolder folder, elsewhere;
  KeptKeys keys = keys_in(folder), same = keys_in(elsewhere, noon + 5h),
           other = keys_in(elsewhere, noon, "ff112233445566778899aabbccddeeff");
  std::set<Digest256> seen{Digest256{}};
  const auto is_new = [&](KeptKeys& where, const std::string& protocol, const Words& words) {
    where.keep(protocol, words);
    EXPECT_EQ(where.read(protocol).words, words);
    return seen.insert(where.find(protocol).fingerprint).second;
  };
  EXPECT_TRUE(is_new(keys, "paillier", some_words));
  EXPECT_FALSE(is_new(same, "paillier", some_words));  // at another bank, by another clock
  EXPECT_TRUE(is_new(keys, "paillier-3072", some_words));
  EXPECT_TRUE(is_new(keys, "paillier", {2, 0xffffffffffffffff}));
  EXPECT_TRUE(is_new(other, "paillier", some_words));
  EXPECT_EQ(keys.read("paillier").made, noon);
}

TEST(KeptKeys, ThatAreNotThereAreNone) {
  const TestFolder folder;
  const KeptKeys keys = keys_in(folder);
  expect_error(thrown_by([&] { keys.read("paillier"); }), Code::not_found, "paillier.key");
  EXPECT_TRUE(keys.find("paillier").words.empty());
  EXPECT_THROW(keys.file("../paillier"), Error);
}

TEST(KeptKeys, CutShortOrChangedAnywhereAreOfNoUse) {
  const KeyUse use{std::string(network), "paillier"};
  const std::string whole = to_text({.words = some_words, .made = noon}, use);
  EXPECT_EQ(parse_kept_key(whole, use).words, some_words);
  const auto expect_refused = [&](const std::string& text) {
    expect_error(thrown_by([&] { parse_kept_key(text, use); }), Code::bad_input, "");
  };
  for (std::size_t i = 0; i < whole.size(); ++i) {
    expect_refused(whole.substr(0, i));
    std::string changed = whole;
    changed[i] ^= 1;
    expect_refused(changed);
  }
  expect_refused(whole + "\n");
  expect_refused(to_text({.words = {}, .made = noon}, use));
}

TEST(KeptKeys, ThatAreDamagedAreReplaced) {
  const TestFolder folder;
  KeptKeys keys = keys_in(folder);
  write_file(keys.file("paillier"), "{");
  expect_of_no_use(keys, "paillier", "the next run makes a new key and replaces it");
  keys.keep("paillier", some_words);
  EXPECT_EQ(keys.read("paillier").words, some_words);
}

TEST(KeptKeys, OfOtherBanksOrAnotherProtocolAreOfNoUse) {
  const TestFolder folder;
  KeptKeys keys = keys_in(folder);
  keys.keep("paillier", some_words);
  expect_of_no_use(keys_in(folder, noon, "ff112233445566778899aabbccddeeff"), "paillier",
                   "of another version of Polder, other banks or another protocol");
  std::filesystem::rename(keys.file("paillier"), keys.file("paillier-3072"));
  expect_of_no_use(keys, "paillier-3072", "another protocol");
}

// Also where the clock went back so far: nobody knows then how old it is.
TEST(KeptKeys, AreUsedForNinetyDays) {
  const TestFolder folder;
  keys_in(folder).keep("paillier", some_words);
  EXPECT_EQ(keys_in(folder, noon + 90 * 24h).find("paillier").words, some_words);
  EXPECT_EQ(keys_in(folder, noon - 1h).find("paillier").words, some_words);
  expect_of_no_use(keys_in(folder, noon + 90 * 24h + 1s), "paillier", "older than 90 days");
  expect_of_no_use(keys_in(folder, noon - 90 * 24h - 1s), "paillier", "");
}

TEST(KeptKeys, ThatCannotBeWrittenAreNamed) {
  const TestFolder folder;
  KeptKeys keys({.folder = folder.path() / "none", .network = std::string(network)});
  expect_error(thrown_by([&] { keys.keep("paillier", some_words); }), Code::forbidden,
               "none/paillier.key: cannot be written");
}

/// A process that writes one key after the other until it is killed.
pid_t start_writer(const TestFolder& folder) noexcept {
  const pid_t writer = fork();
  if (writer != 0) return writer;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  KeptKeys keys = keys_in(folder);
  for (std::uint64_t i = 1;; ++i) keys.keep("paillier", {i, 1});
}

TEST(KeptKeys, AreWholeAfterAKillInTheMiddleOfAWrite) {
  for (int kills = 0; kills < 20; ++kills) {
    const TestFolder folder;
    const pid_t writer = start_writer(folder);
    ASSERT_GT(writer, 0);
    const KeptKeys keys = keys_in(folder);
    while (keys.find("paillier").words.empty()) std::this_thread::yield();
    const std::uint64_t before = keys.read("paillier").words[0];
    while (keys.read("paillier").words[0] == before) std::this_thread::yield();
    kill(writer, SIGKILL);
    waitpid(writer, nullptr, 0);
    EXPECT_GT(keys.read("paillier").words[0], before);
  }
}

}  // namespace
}  // namespace polder
