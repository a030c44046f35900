// A file descriptor that closes itself, and errors of the file system as people read them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>

namespace polder {

class Descriptor {
 public:
  /// Opens with the flags of open(2) and O_CLOEXEC.  Throws as fail_on_file.
  Descriptor(const std::filesystem::path& path, int flags);
  Descriptor(Descriptor&& other) noexcept;
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() { close(); }

  int number() const { return number_; }
  bool is_open() const { return number_ >= 0; }
  void close() noexcept;

 private:
  int number_;
};

/// Throws Error for a value of errno: not_found, forbidden, or busy (disk full, input or output
/// error). `what` continues the path: "cannot be read".
[[noreturn]] void fail_on_file(const std::filesystem::path& path, std::string_view what, int error);

}  // namespace polder
