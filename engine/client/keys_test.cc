// Oracle: a signature or box made with one half of a key fits the other half read back from disk.
#include "client/keys.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "base/error.h"

namespace polder {
namespace {

class Keys : public testing::Test {
 protected:
  Keys() : folder_(testing::TempDir() + "/polder_keys_" + std::to_string(::getpid())) {
    std::filesystem::create_directories(folder_);
  }
  ~Keys() override { std::filesystem::remove_all(folder_); }

  template <typename Work>
  std::string error_of(Work work) const {
    try {
      work();
    } catch (const Error& error) {
      return error.what();
    }
    return "no error";
  }

  const std::filesystem::path folder_;
};

mode_t mode_of(const std::filesystem::path& file) {
  struct stat status {};
  EXPECT_EQ(::stat(file.c_str(), &status), 0);
  return status.st_mode & 0777;
}

TEST_F(Keys, BothHalvesFit) {
  EXPECT_EQ(make_keys(folder_, "Bank Één"), folder_ / "Bank Één.pub");
  const OrganisationKeys own = read_keys(folder_ / "Bank Één.key");
  const Member open = read_public_keys(folder_ / "Bank Één.pub");
  EXPECT_EQ(own.name, "Bank Één");
  EXPECT_EQ(open.name, "Bank Één");
  EXPECT_TRUE(VerifyKey(open.sign).accepts("text", own.sign.sign("text")));
  EXPECT_EQ(own.receive.open(seal(open.seal, Bytes{1, 2})), (Bytes{1, 2}));
}

TEST_F(Keys, TheSecretHalfIsForItsOwnerOnly) {
  make_keys(folder_, "a");
  EXPECT_EQ(mode_of(folder_ / "a.key"), 0600U);
  ::chmod((folder_ / "a.key").c_str(), 0640);
  EXPECT_EQ(error_of([&] { read_keys(folder_ / "a.key"); }),
            (folder_ / "a.key").string() + " can be read by others; close it with chmod 600");
}

// H2: the secret file was admitted as the public one, and published.
TEST_F(Keys, ASecretFileIsNeverTakenForThePublicOneNorTheOtherWay) {
  make_keys(folder_, "a");
  EXPECT_NE(error_of([&] { read_public_keys(folder_ / "a.key"); }).find("SECRET"),
            std::string::npos);
  ::chmod((folder_ / "a.pub").c_str(), 0600);
  EXPECT_NE(error_of([&] { read_keys(folder_ / "a.pub"); }).find("is not a file of polder secret"),
            std::string::npos);
  std::string text;
  std::getline(std::ifstream(folder_ / "a.key"), text);
  EXPECT_EQ(text.find("\"sign\""), std::string::npos) << "other names for secrets";
  EXPECT_EQ(text.find("\"seal\""), std::string::npos);
}

TEST_F(Keys, APublicFileThatWasChangedIsRefused) {
  make_keys(folder_, "a");
  make_keys(folder_, "b");
  const auto text_of = [&](const char* name) {
    std::string text;
    std::getline(std::ifstream(folder_ / name), text);
    return text;
  };
  std::string mixed = text_of("a.pub");
  const std::string other = text_of("b.pub");
  const std::size_t at = mixed.find("\"seal\":\"") + 8;
  mixed.replace(at, 64, other.substr(other.find("\"seal\":\"") + 8, 64));
  std::ofstream(folder_ / "a.pub", std::ios::trunc) << mixed;
  EXPECT_NE(error_of([&] { read_public_keys(folder_ / "a.pub"); }).find("vouch"),
            std::string::npos);
}

TEST_F(Keys, KeysAreNeverOverwritten) {
  make_keys(folder_, "a");
  const Member before = read_public_keys(folder_ / "a.pub");
  EXPECT_EQ(error_of([&] { make_keys(folder_, "a"); }),
            (folder_ / "a.key").string() +
                " is there already and is not overwritten; choose another name");
  EXPECT_EQ(read_public_keys(folder_ / "a.pub").sign, before.sign);
}

TEST_F(Keys, NamesThatCannotBeFilesAreRefused) {
  for (const char* name : {"", "../a", "a/b", ".a", "a\nb"}) {
    EXPECT_NE(error_of([&] { make_keys(folder_, name); }), "no error") << name;
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder_));
}

TEST_F(Keys, ABrokenFileIsNamedButNotQuoted) {
  make_keys(folder_, "a");
  const auto broken = [&](const std::string& text) {
    std::ofstream(folder_ / "a.key", std::ios::trunc) << text;
    return error_of([&] { read_keys(folder_ / "a.key"); });
  };
  const std::string path = (folder_ / "a.key").string();
  for (
      const std::string text :
      {R"({"file":"polder secret keys: keep it to yourself","format":2,"name":"a","secret_sign":"00ff00","secret_seal":"SECRET"})",
       R"({"format":2})", R"({"format":1)", ""}) {
    const std::string error = broken(text);
    EXPECT_NE(error, "no error") << text;
    EXPECT_EQ(error.find("SECRET"), std::string::npos);
  }
  EXPECT_EQ(
      error_of([&] { read_keys(folder_ / "none.key"); }).find((folder_ / "none.key").string()), 0U);
}

}  // namespace
}  // namespace polder
