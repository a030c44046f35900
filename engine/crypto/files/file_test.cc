#include "crypto/files/file.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sodium.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <thread>
#include <vector>

#include "base/error.h"
#include "crypto/hex.h"

namespace polder {
namespace {

constexpr std::size_t chunk = 64 * 1024, header = 40, tag = 16;

using Raw = std::vector<std::uint8_t>;

class File : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "polder-file-XXXXXX";
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder = name;
  }
  void TearDown() override { std::filesystem::remove_all(folder); }

  std::filesystem::path path(const std::string& name = "column") const { return folder / name; }

  FileIdentity write(const Raw& contents, const std::string& name = "column",
                     std::size_t piece = 100'000) const {
    EncryptedFileWriter writer(path(name), name, key);
    for (std::size_t at = 0; at < contents.size(); at += piece) {
      writer.append(std::span(contents).subspan(at, std::min(piece, contents.size() - at)));
    }
    return writer.finish();
  }

  Raw read(const std::string& name = "column") const {
    const EncryptedFile file(path(name), name, key);
    Raw contents(file.size());
    file.read(0, contents);
    return contents;
  }

  // Whether opening or reading all of it is refused as tampered with.
  testing::AssertionResult refused(const std::string& name = "column") const {
    try {
      read(name);
    } catch (const Error& error) {
      if (error.code() == Code::cheating) return testing::AssertionSuccess();
      return testing::AssertionFailure() << "another error: " << error.what();
    }
    return testing::AssertionFailure() << "read without an error";
  }

  Raw stored(const std::string& name = "column") const {
    std::ifstream in(path(name), std::ios::binary);
    return Raw(std::istreambuf_iterator<char>(in), {});
  }
  void store(const Raw& raw, const std::string& name = "column") const {
    std::ofstream out(path(name), std::ios::binary | std::ios::trunc);
    out.write(reinterpret_cast<const char*>(raw.data()), static_cast<std::streamsize>(raw.size()));
  }

  void flip(std::size_t bit) const {
    std::fstream raw(path(), std::ios::in | std::ios::out | std::ios::binary);
    raw.seekg(static_cast<std::streamoff>(bit / 8));
    const auto byte = static_cast<char>(raw.get() ^ 1 << bit % 8);
    raw.seekp(static_cast<std::streamoff>(bit / 8)).put(byte);
  }

  std::size_t files() const {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder), {}));
  }

  std::filesystem::path folder;
  const FileKey key = FileKey::random();
};

Raw random_contents(std::size_t length) {
  Raw contents(length);
  random_bytes(contents);
  return contents;
}

std::vector<std::size_t> lengths() {
  return {0, 1, 1000, chunk - 1, chunk, chunk + 1, 2 * chunk, 5 * chunk + 17};
}

TEST_F(File, GivesBackWhatWasWrittenInAnyPieces) {
  for (std::size_t length : lengths()) {
    const Raw contents = random_contents(length);
    for (std::size_t piece : {std::size_t{999}, chunk, std::size_t{1} << 20}) {
      write(contents, "column", piece);
      ASSERT_EQ(read(), contents) << length << ' ' << piece;
      ASSERT_EQ(files(), 1u) << "nothing but the file is left";
    }
  }
}

// The oracle opens the format by hand.
TEST_F(File, HasTheFormatThatItsHeaderSays) {
  const Raw contents = random_contents(2 * chunk + 5);
  const FileIdentity identity = write(contents);
  const Raw raw = stored();
  ASSERT_EQ(raw.size(), header + contents.size() + 3 * tag);

  const std::string magic("polder\0\1", 8), name = "column";
  EXPECT_TRUE(std::equal(magic.begin(), magic.end(), raw.begin()));
  EXPECT_TRUE(std::equal(identity.begin(), identity.end(), raw.begin() + 8));
  Raw named(raw.begin(), raw.begin() + header);
  named.insert(named.end(), name.begin(), name.end());
  std::array<std::uint8_t, 32> file_key;
  crypto_generichash(file_key.data(), 32, named.data(), named.size(), key.raw().data(), 32);

  Raw opened(contents.size());
  for (std::size_t i = 0; i < 3; ++i) {
    const std::array<std::uint8_t, 12> nonce{
        static_cast<std::uint8_t>(i), 0, 0, 0, 0, 0, 0, 0, i == 2};
    const std::size_t length = i == 2 ? 5 : chunk;
    ASSERT_EQ(crypto_aead_chacha20poly1305_ietf_decrypt(opened.data() + i * chunk, nullptr, nullptr,
                                                        raw.data() + header + i * (chunk + tag),
                                                        length + tag, nullptr, 0, nonce.data(),
                                                        file_key.data()),
              0);
  }
  EXPECT_EQ(opened, contents);
}

TEST_F(File, ReadsAnyRange) {
  const Raw contents = random_contents(3 * chunk + 100);
  write(contents);
  const EncryptedFile file(path(), "column", key);
  ASSERT_EQ(file.size(), contents.size());
  std::mt19937_64 draw(1);
  for (int i = 0; i < 300; ++i) {
    const std::size_t from = draw() % (contents.size() + 1);
    const std::size_t count = draw() % (contents.size() - from + 1);
    Raw part(count);
    file.read(from, part);
    ASSERT_TRUE(std::equal(part.begin(), part.end(), contents.begin() + std::ptrdiff_t(from)))
        << from << ' ' << count;
  }
}

TEST_F(File, RefusesARangeBeyondItsEnd) {
  write(random_contents(1000));
  const EncryptedFile file(path(), "column", key);
  Raw part(10);
  file.read(1000, std::span(part).first(0));
  for (std::uint64_t offset :
       {std::uint64_t{991}, std::uint64_t{1000}, ~std::uint64_t{0}, ~std::uint64_t{0} - 9}) {
    EXPECT_THROW(file.read(offset, part), Error) << offset;
  }
  Raw longer(1001);
  EXPECT_THROW(file.read(0, longer), Error);
}

TEST_F(File, IsReadFromSeveralThreadsAtOnce) {
  const Raw contents = random_contents(10 * chunk + 3);
  write(contents);
  const EncryptedFile file(path(), "column", key);
  std::vector<std::thread> readers;
  std::atomic<int> wrong = 0;
  for (std::size_t t = 0; t < 4; ++t) {
    readers.emplace_back([&, t] {
      for (std::size_t from = t * 1000; from < contents.size(); from += 50'000) {
        Raw part(std::min<std::size_t>(70'000, contents.size() - from));
        file.read(from, part);
        if (!std::equal(part.begin(), part.end(), contents.begin() + std::ptrdiff_t(from))) ++wrong;
      }
    });
  }
  for (auto& reader : readers) reader.join();
  EXPECT_EQ(wrong, 0);
}

TEST_F(File, ShowsNothingOfItsContentsOrKeyAndOthersMayNotReadIt) {
  const std::string marker = "NL91ABNA0417164300";
  Raw contents;
  while (contents.size() < 2 * chunk) contents.insert(contents.end(), marker.begin(), marker.end());
  write(contents);
  const Raw raw = stored();
  EXPECT_EQ(std::search(raw.begin(), raw.end(), marker.begin(), marker.begin() + 6), raw.end());
  struct stat status;
  ASSERT_EQ(stat(path().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
}

// SECURITY 7.
TEST_F(File, RefusesEveryFlippedBitOfASmallFile) {
  for (std::size_t length : {0, 40}) {
    const Raw contents = random_contents(length);
    write(contents);
    for (std::size_t bit = 0; bit < (header + length + tag) * 8; ++bit) {
      flip(bit);
      ASSERT_TRUE(refused()) << bit;
      flip(bit);
    }
    EXPECT_EQ(read(), contents);
  }
}

TEST_F(File, RefusesRandomFlippedBitsOfALargeFile) {
  const Raw contents = random_contents(3 * chunk + 1000);
  write(contents);
  std::mt19937_64 draw(7);
  for (int i = 0; i < 2000; ++i) {
    const std::size_t bit = draw() % ((header + contents.size() + 4 * tag) * 8);
    flip(bit);
    ASSERT_TRUE(refused()) << bit;
    flip(bit);
  }
  EXPECT_EQ(read(), contents);
}

TEST_F(File, RefusesToBeCutOrContinuedAtAnyLength) {
  for (std::size_t length : {std::size_t{50}, chunk, 2 * chunk + 10}) {
    write(random_contents(length));
    const Raw raw = stored();
    const std::size_t whole = raw.size(), step = length < 100 ? 1 : 997;
    std::vector<std::size_t> cuts;
    for (std::size_t cut = 0; cut < whole; cut += step) cuts.push_back(cut);
    for (std::size_t chunks = 0; header + chunks * (chunk + tag) < whole; ++chunks) {
      cuts.push_back(header + chunks * (chunk + tag));
    }
    for (std::size_t cut : cuts) {
      store(Raw(raw.begin(), raw.begin() + std::ptrdiff_t(cut)));
      ASSERT_TRUE(refused()) << length << ' ' << cut;
    }
    for (std::size_t more : {std::size_t{1}, tag, tag + 1, chunk + tag}) {
      Raw longer = raw;
      longer.insert(longer.end(), more, 0);
      store(longer);
      ASSERT_TRUE(refused()) << length << ' ' << more;
    }
  }
}

TEST_F(File, RefusesToBeCutWhileItIsOpen) {
  write(random_contents(3 * chunk));
  const EncryptedFile file(path(), "column", key);
  std::filesystem::resize_file(path(), header + chunk);
  Raw part(2 * chunk);
  EXPECT_THROW(file.read(0, part), Error);
}

TEST_F(File, RefusesChunksInAnotherOrderOrTwice) {
  write(random_contents(4 * chunk));
  const Raw raw = stored();
  const auto at = [](Raw& bytes, std::size_t i) {
    return bytes.begin() + std::ptrdiff_t(header + i * (chunk + tag));
  };
  for (std::size_t a = 0; a < 4; ++a) {
    for (std::size_t b = 0; b < 4; ++b) {
      if (a == b) continue;
      Raw changed = raw;
      std::swap_ranges(at(changed, a), at(changed, a) + chunk + tag, at(changed, b));
      store(changed);
      EXPECT_TRUE(refused()) << "swapped " << a << ' ' << b;

      Raw source = raw;
      changed = raw;
      std::copy_n(at(source, a), chunk + tag, at(changed, b));
      store(changed);
      EXPECT_TRUE(refused()) << a << " in place of " << b;
    }
  }
}

TEST_F(File, RefusesAnotherFileInItsPlaceAndChunksOfAnother) {
  write(random_contents(2 * chunk), "a");
  write(random_contents(2 * chunk), "b");
  const Raw a = stored("a"), b = stored("b");
  store(b, "a"), store(a, "b");
  EXPECT_TRUE(refused("a"));
  EXPECT_TRUE(refused("b"));
  for (std::size_t i = 0; i < 2; ++i) {
    Raw mixed = a;
    const auto from = std::ptrdiff_t(header + i * (chunk + tag));
    std::copy_n(b.begin() + from, chunk + tag, mixed.begin() + from);
    store(mixed, "a");
    EXPECT_TRUE(refused("a")) << i;
  }
}

TEST_F(File, RefusesChunksOfAnOlderFileOfTheSameName) {
  write(random_contents(2 * chunk));
  const Raw older = stored();
  write(random_contents(2 * chunk));
  for (std::size_t i = 0; i < 2; ++i) {
    Raw mixed = stored();
    const auto from = std::ptrdiff_t(header + i * (chunk + tag));
    std::copy_n(older.begin() + from, chunk + tag, mixed.begin() + from);
    store(mixed);
    EXPECT_TRUE(refused()) << i;
    write(random_contents(2 * chunk));
  }
}

TEST_F(File, AnOlderFilePutBackHasAnotherIdentity) {
  const FileIdentity first = write(random_contents(10));
  const Raw older = stored();
  const FileIdentity second = write(random_contents(10));
  EXPECT_NE(first, second);
  EXPECT_EQ(EncryptedFile(path(), "column", key).identity(), second);
  store(older);
  EXPECT_EQ(EncryptedFile(path(), "column", key).identity(), first);
}

TEST_F(File, RefusesAnotherNameAndAnotherKey) {
  write(random_contents(10));
  EXPECT_THROW(EncryptedFile(path(), "columm", key), Error);
  EXPECT_THROW(EncryptedFile(path(), "", key), Error);
  EXPECT_THROW(EncryptedFile(path(), "column", FileKey::random()), Error);
}

TEST_F(File, SaysWhatIsMissing) {
  const auto code_of = [&](const std::function<void()>& act) -> std::optional<Code> {
    try {
      act();
    } catch (const Error& error) {
      EXPECT_NE(std::string(error.what()).find(folder.string()), std::string::npos);
      return error.code();
    }
    return std::nullopt;
  };
  EXPECT_EQ(code_of([&] { EncryptedFile(path("none"), "none", key); }), Code::not_found);
  EXPECT_EQ(code_of([&] { EncryptedFileWriter(folder / "no" / "x", "x", key); }), Code::not_found);
  EXPECT_EQ(code_of([&] { EncryptedFile(folder, "x", key); }), Code::busy);
  ASSERT_EQ(mkfifo(path("pipe").c_str(), 0600), 0);
  EXPECT_EQ(code_of([&] { EncryptedFile(path("pipe"), "pipe", key); }), Code::busy);
}

TEST_F(File, IsNotThereBeforeItIsFinished) {
  {
    EncryptedFileWriter writer(path(), "column", key);
    writer.append(random_contents(3 * chunk));
    EXPECT_FALSE(std::filesystem::exists(path()));
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      EXPECT_EQ(entry.path().extension(), unfinished_suffix);
    }
  }
  EXPECT_EQ(files(), 0u) << "a writer that was given up leaves nothing";
}

TEST_F(File, KeepsTheOldFileUntilTheNewOneIsWhole) {
  const Raw old = random_contents(100);
  write(old);
  {
    EncryptedFileWriter writer(path(), "column", key);
    writer.append(random_contents(2 * chunk));
  }
  EXPECT_EQ(read(), old);
}

TEST_F(File, AWriterIsOfNoUseAfterItsEnd) {
  EncryptedFileWriter writer(path(), "column", key);
  writer.finish();
  EXPECT_THROW(writer.finish(), Error);
  EXPECT_THROW(writer.append(random_contents(1)), Error);
}

// SECURITY 4. A limit on the size of files stands for the disk that is full: the system refuses
// the write in the same way, after taking a part of it.
TEST_F(File, LeavesNothingWhenTheDiskIsFullAtAnyPoint) {
  const Raw contents = random_contents(2 * chunk + 1000);
  const std::size_t whole = header + contents.size() + 3 * tag;
  const Raw old = random_contents(10);
  write(old, "old");
  const auto previous = signal(SIGXFSZ, SIG_IGN);
  rlimit before;
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  std::map<Code, int> seen;
  std::vector<std::size_t> limits{0, 1, 7, 8, 39, header, header + 1, whole - 1};
  for (std::size_t at = 5000; at < whole; at += 9973) limits.push_back(at);
  for (std::size_t limit : limits) {
    const rlimit full{limit, before.rlim_max};
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &full), 0);
    for (const char* name : {"new", "old"}) {
      try {
        write(contents, name);
      } catch (const Error& error) {
        ++seen[error.code()];
      }
    }
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
    ASSERT_EQ(files(), 1u) << limit;
    ASSERT_EQ(read("old"), old) << limit;
  }
  signal(SIGXFSZ, previous);
  EXPECT_EQ(seen[Code::busy], 2 * static_cast<int>(limits.size()));
  write(contents, "new");
  EXPECT_EQ(read("new"), contents);
}

}  // namespace
}  // namespace polder
