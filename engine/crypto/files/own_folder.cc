#include "crypto/files/own_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "base/error.h"
#include "base/memory.h"

namespace polder {

void make_own_folder(const std::filesystem::path& folder, std::string_view key) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (!error) {
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
  }
  if (error) {
    fail(Code::forbidden, "{}: cannot be made ({})", folder.string(), error.message());
  }
  if (std::filesystem::exists(folder / key)) {
    fail(Code::bad_input, "{}: holds {} already; choose another folder", folder.string(), key);
  }
}

FolderLock::FolderLock(const std::filesystem::path& folder)
    : folder_(folder, O_RDONLY | O_DIRECTORY) {
  if (flock(folder_.number(), LOCK_EX | LOCK_NB) == 0) return;
  if (errno != EWOULDBLOCK) fail_on_file(folder, "cannot be locked", errno);
  fail(Code::busy, "{}: another process works in this folder; stop that one first",
       folder.string());
}

void write_new(const std::filesystem::path& file, std::span<const std::uint8_t> contents) {
  const Descriptor out(file, O_WRONLY | O_CREAT | O_EXCL);
  const ssize_t written = ::write(out.number(), contents.data(), contents.size());
  if (written != static_cast<ssize_t>(contents.size()) || fsync(out.number()) != 0) {
    fail_on_file(file, "cannot be written", errno);
  }
}

void write_new(const std::filesystem::path& file, std::string_view text) {
  write_new(file, bytes_of(text));
}

void refuse_readable_by_others(const std::filesystem::path& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) == 0 && (status.st_mode & 077) != 0) {
    fail(Code::forbidden, "{} can be read by others; close it with chmod 600", file.string());
  }
}

}  // namespace polder
