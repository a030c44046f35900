// An attacker owns the disk: whatever lies there in place of a column file is an error or exactly
// what was written, never a crash. The input says what is written and how its bytes are changed.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "crypto/files/file.h"

namespace {

using Raw = std::vector<std::uint8_t>;

constexpr std::size_t max_bytes = 400'000;

// Numbers from the input; zeros when it is used up.
class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size) : left_(data, size) {}
  bool empty() const { return left_.empty(); }
  std::size_t number() {
    std::size_t value = 0;
    for (int i = 0; i < 3; ++i) value = value << 8 | byte();
    return value;
  }
  std::uint8_t byte() {
    if (left_.empty()) return 0;
    const std::uint8_t value = left_.front();
    left_ = left_.subspan(1);
    return value;
  }
  std::span<const std::uint8_t> rest() const { return left_; }

 private:
  std::span<const std::uint8_t> left_;
};

Raw load(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return Raw(std::istreambuf_iterator<char>(in), {});
}

void store(const std::filesystem::path& path, std::span<const std::uint8_t> raw) {
  std::ofstream(path, std::ios::binary | std::ios::trunc)
      .write(reinterpret_cast<const char*>(raw.data()), static_cast<std::streamsize>(raw.size()));
}

void change(Raw& raw, Input& input) {
  const std::uint8_t kind = input.byte();
  const std::size_t a = input.number() % (raw.size() + 1), b = input.number() % (raw.size() + 1);
  const std::size_t count = std::min(input.number(), raw.size() - std::max(a, b));
  const auto at = [&](std::size_t i) { return raw.begin() + static_cast<std::ptrdiff_t>(i); };
  switch (kind % 5) {
    case 0:  // other bytes
      for (std::size_t i = a; i < std::min(raw.size(), a + 16); ++i) raw[i] ^= input.byte();
      break;
    case 1:  // a part moved
      std::copy_n(Raw(at(a), at(a + count)).begin(), count, at(b));
      break;
    case 2:  // cut
      raw.resize(a);
      break;
    case 3:  // continued
      raw.resize(std::min(max_bytes, raw.size() + count));
      break;
    case 4:  // a part taken out
      raw.erase(at(a), at(a + count));
      break;
  }
}

std::filesystem::path folder() {
  std::string name = "/dev/shm/polder-file-fuzz-XXXXXX";
  if (mkdtemp(name.data()) == nullptr) std::abort();
  return name;
}

struct Folder {
  std::filesystem::path path = folder();
  ~Folder() { std::filesystem::remove_all(path); }
};

// What can be read there: all of it, or nothing.
std::optional<Raw> read(const std::filesystem::path& path, const polder::FileKey& key) try {
  const polder::EncryptedFile file(path, "column", key);
  if (file.size() > max_bytes) std::abort();
  Raw contents(file.size());
  file.read(0, contents);
  return contents;
} catch (const polder::Error&) {
  return std::nullopt;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Folder folder;
  static const polder::FileKey key(polder::FileKey::Raw{1, 2, 3});
  const auto path = folder.path / "column";
  Input input(data, size);

  // Bytes of the attacker's own, as they are.
  if (input.byte() % 4 == 0) {
    store(path, input.rest());
    if (read(path, key)) std::abort();
    return 0;
  }

  Raw contents(input.number() % 200'000);
  for (std::size_t i = 0; i < contents.size(); ++i) contents[i] = static_cast<std::uint8_t>(i);
  {
    polder::EncryptedFileWriter writer(path, "column", key);
    writer.append(contents);
    writer.finish();
  }
  const Raw written = load(path);
  Raw changed = written;
  while (!input.empty()) change(changed, input);
  store(path, changed);

  const auto found = read(path, key);
  if (found.has_value() != (changed == written)) std::abort();
  if (found && *found != contents) std::abort();
  return 0;
}
