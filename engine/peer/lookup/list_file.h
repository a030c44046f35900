// The list of another bank's register as a requester keeps it: on disk, as it may be larger than
// memory, and for the next look-up, which needs no other as long as the register is the same.
// Without that register's answers it tells nothing.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "crypto/files/descriptor.h"
#include "net/channel.h"
#include "peer/lookup/published_list.h"

namespace polder {

class ListFile {
 public:
  /// The file, if it is there and the list of this head.
  static std::optional<ListFile> kept(const std::filesystem::path& file, const ListHead& head);

  /// Receives the list into the file, in place of what was there.  Throws Error cheating unless it
  /// is the list of this head (then the file is as it was); forbidden or busy (disk); and as
  /// Channel::receive.
  static ListFile received(const std::filesystem::path& file, const ListHead& head, Channel& from);

  /// The padded report (empty if none are given) of this output's identifier; nothing if the list
  /// does not hold it.  Throws Error cheating if the report was not written with that output.
  std::optional<std::string> find(const VoprfOutput& output) const;

 private:
  ListFile(std::filesystem::path path, Descriptor file, const ListHead& head)
      : path_(std::move(path)), file_(std::move(file)), head_(head) {}

  bool is_whole() const;
  void read_at(std::uint64_t offset, std::span<std::uint8_t> out) const;

  std::filesystem::path path_;
  Descriptor file_;  // of the list that was checked, whatever has its name by now
  ListHead head_;
};

}  // namespace polder
