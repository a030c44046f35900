// One entry of a register's list (published_list.h): a tag, by which whoever knows the register's
// function at an identifier finds it, and that identifier's report, which only they can read.
//
//   tag     16 bytes, a hash of the function's output
//   report  if any are given: padded, under ChaCha20-Poly1305 with another hash of the output as
//           key, then 16 bytes that prove it.  A key serves one entry of one list.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "crypto/hash.h"
#include "crypto/voprf.h"

namespace polder {

/// Public sizes of a list.
struct ListShape {
  std::uint64_t entries = 0;
  std::uint64_t report_bytes = 0;  // of each, padded; 0: no reports

  bool operator==(const ListShape&) const = default;
  std::size_t entry_bytes() const;
  std::uint64_t bytes() const { return entries * entry_bytes(); }
  /// Whether a register may be so large: 2^26 entries, 4 GiB.
  bool allowed() const;
};

Digest128 tag_of(const VoprfOutput& output);

/// report: at most shape.report_bytes; empty if none are given.  entry [entry_bytes].
void write_entry(const ListShape& shape, const VoprfOutput& output, std::string_view report,
                 std::span<std::uint8_t> entry);

/// The padded report of an entry with this output's tag; empty if none are given.  Throws Error
/// cheating if it was not written with that output.
std::string read_entry(const ListShape& shape, const VoprfOutput& output,
                       std::span<const std::uint8_t> entry);

}  // namespace polder
