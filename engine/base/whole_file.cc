#include "base/whole_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/error.h"

namespace polder {
namespace {

constexpr std::size_t buffer_bytes = std::size_t{1} << 18;

[[noreturn]] void refuse(const std::filesystem::path& file, int cause) {
  const bool full = cause == ENOSPC || cause == EDQUOT;
  fail(full ? Code::busy : Code::forbidden, "{}: cannot be written: {}", file.string(),
       std::strerror(cause));
}

}  // namespace

void check_folder(const std::filesystem::path& folder) {
  std::error_code ignored;
  std::filesystem::path nearest = std::filesystem::absolute(folder);
  while (!std::filesystem::exists(nearest, ignored) && nearest.has_relative_path()) {
    nearest = nearest.parent_path();
  }
  if (!std::filesystem::is_directory(nearest, ignored)) {
    fail(Code::bad_input, "{}: is not a folder; choose another one to write to", nearest.string());
  }
  if (::access(nearest.c_str(), W_OK | X_OK) != 0) {
    fail(Code::forbidden, "{}: cannot be written to: {}", nearest.string(), std::strerror(errno));
  }
}

void make_folder(const std::filesystem::path& folder) {
  check_folder(folder);
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) {
    fail(Code::forbidden, "{}: cannot be made: {}", folder.string(), error.message());
  }
}

WholeFile::WholeFile(std::filesystem::path file, Rights rights)
    : file_(std::move(file)),
      beside_(fmt::format("{}.{}.part", file_.string(), ::getpid())),
      descriptor_(::open(beside_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
                         rights == Rights::owner_only ? 0600 : 0644)) {
  if (descriptor_ < 0) refuse(file_, errno);
}

WholeFile::~WholeFile() {
  if (descriptor_ < 0) return;
  ::close(descriptor_);
  ::unlink(beside_.c_str());
}

void WholeFile::write(std::string_view text) {
  buffer_ += text;
  if (buffer_.size() < buffer_bytes) return;
  put(buffer_);
  buffer_.clear();
}

void WholeFile::put(std::string_view text) {
  while (!text.empty()) {
    const ssize_t put = ::write(descriptor_, text.data(), text.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) refuse(file_, errno);
    text.remove_prefix(static_cast<std::size_t>(put));
  }
}

void WholeFile::flush() {
  put(buffer_);
  buffer_.clear();
  if (::fsync(descriptor_) != 0) refuse(file_, errno);
}

void WholeFile::finish(Existing existing) {
  flush();
  const int failed = existing == Existing::replace ? ::rename(beside_.c_str(), file_.c_str())
                                                   : ::link(beside_.c_str(), file_.c_str());
  if (failed != 0 && errno == EEXIST) {
    fail(Code::bad_input, "{} is there already and is not overwritten; choose another name",
         file_.string());
  }
  if (failed != 0) refuse(file_, errno);
  if (existing == Existing::refuse) ::unlink(beside_.c_str());
  ::close(descriptor_);
  descriptor_ = -1;
}

}  // namespace polder
