// A register as its bank publishes it: entries (list_entry.h) in the order of their tags, as many
// as a public bound, so that whoever evaluates the register's function at an identifier finds that
// entry, and all others look random. What fills up to the bound are entries of outputs that belong
// to no identifier.
#pragma once

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/memory.h"
#include "match/peer_match.h"
#include "peer/lookup/list_entry.h"

namespace polder {

struct RegisterRows {
  std::vector<IdentifierHash> identifiers;  // each once
  // [n]; nothing: none are given.  Each at most max_report_bytes.
  std::optional<std::vector<std::string>> reports = {};
};

/// What a bank says of its register's list, alike to all who ask.
struct ListHead {
  ListShape shape;
  Point public_point = {};     // of the key
  Digest256 fingerprint = {};  // of all the rest
};

struct PublishedList {
  VoprfKey key;
  ListHead head;
  Bytes entries;  // [head.shape.bytes()]
};

/// The list of these rows, filled up to `bound`, and its key. `seed`: the bank's secret. The same
/// rows give the same; where anything changed, key and filling are others, so that two lists tell
/// nothing about what changed, nor the outputs of one anything about the other.  Some 100
/// microseconds a row, on all cores.  Throws Error bad_input: too large.
PublishedList publish(const RegisterRows& rows, std::uint64_t bound,
                      std::span<const std::uint8_t, 32> seed);

/// A list's fingerprint, from its entries as they come.
class ListDigest {
 public:
  ListDigest(const ListShape& shape, const Point& public_point);
  void add(std::span<const std::uint8_t> entries) { hasher_.add(entries); }
  Digest256 finish() { return hasher_.finish(); }

 private:
  Hasher<32> hasher_;
};

/// A list travels and is read in pieces of public lengths: `move(offset, size)` for each.
template <typename Move>
void in_pieces(std::uint64_t bytes, Move move) {
  constexpr std::uint64_t piece = std::uint64_t{1} << 20;
  for (std::uint64_t at = 0; at < bytes; at += piece) move(at, std::min(piece, bytes - at));
}

}  // namespace polder
