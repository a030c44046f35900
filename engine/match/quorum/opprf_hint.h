// What a bank tells the requester about its table: an OKVS that gives, for every identifier
// it holds and each bin where that may lie, the bin's target and whether it is flagged (under the
// bin's mask), all under the bin's pseudorandom function. For any other identifier it gives
// something random. The requester reads it at the one point of each bin where it knows the
// function, so to it the whole store is random.  Source: Chandran et al., CCS 2021; Pinkas,
// Schneider, Tkachenko, Yanai, "Efficient circuit-based PSI with linear communication", EUROCRYPT
// 2019.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "crypto/ot/oprf.h"
#include "match/quorum/placement.h"

namespace polder::quorum {

/// The requester's 16 public random bytes, drawn after all tables were fixed, and what follows.
using Salt = std::array<std::uint8_t, 16>;
Salt salt_for(const Salt& salt, std::string_view purpose);

/// One identifier in each bin.
struct Bins {
  Blocks identifiers, keys;           // [bins]; random ones where there is none
  std::vector<std::uint32_t> of_row;  // [n]: each own row's bin
};
Bins bins_of(std::span<const Block> identifiers, std::uint64_t bins, const Salt& salt);

/// A number for each bin, and its bit: of the requester's own identifier if the bank holds it, the
/// bank's target and the masked flag.
struct BinValues {
  Words targets;  // [bins target_words]
  Words flags;    // [bins]; empty in a run without
};

BinValues random_targets(const Parameters& parameters);

/// The bank's message.
Words make_opprf_hint(const Parameters& parameters, int bank, const Salt& salt, const Oprf& oprf,
                      std::span<const Block> identifiers, const std::vector<bool>& flagged,
                      const BinValues& targets);

/// What the requester reads. oprf: the functions' values at its identifiers.
BinValues read_opprf_hint(const Parameters& parameters, int bank, const Salt& salt,
                          const Bins& bins, std::span<const std::uint64_t> opprf_hint,
                          std::span<const Block> oprf);

std::size_t opprf_hint_words(const Parameters& parameters, int bank);

}  // namespace polder::quorum
