// Owner-side hashing: where owners put their identifiers so that equal ones meet. An identifier has
// three of the bins, the same for all owners. The bank that asks puts each of its identifiers into
// one of its three, one a bin; the others put theirs into all three. Then an identifier that both
// hold meets itself in exactly one bin, and only what shares a bin is compared.
//
// Identifiers are 128-bit hashes, two words each, of which nothing else is made: what is compared
// comes from another hash (client/files/binned_files.h). Places hold row numbers.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace polder {

/// In a slot that holds no row.
inline constexpr std::uint32_t no_row = UINT32_MAX;

/// How many bins let every identifier of n have one to itself, but for a probability of 2^-41 over
/// the hash; a multiple of 64. Hall's theorem: the identifiers fail only if some m of them have
/// less than m bins among them; the bound adds that up over all m.
std::uint64_t bins_for(std::uint64_t n);

/// What a bin must take so that of `owners` owners with n identifiers in three bins each no bin
/// overflows, but for a probability of 2^-41 over the hash.
std::uint64_t bin_capacity(std::uint64_t n, std::uint64_t bins, std::uint64_t owners);

/// Three different bins, each by `part_bits` of the identifier's bits; bins >= 3. Fewer than 42 are
/// for scaled runs.
std::array<std::uint32_t, 3> bins_of(std::uint64_t low, std::uint64_t high, std::uint64_t bins,
                                     int part_bits = 42);

/// Each identifier in one of its bins.  identifiers: [2 n] words, all different -> [bins] rows.
/// Throws Error internal if there is no such placing.
std::vector<std::uint32_t> place_once(std::span<const std::uint64_t> identifiers,
                                      std::uint64_t bins);

/// Each identifier in all of its bins.  -> [capacity, bins] rows, one layer of bins after the
/// other.  Throws Error internal if a bin overflows.
std::vector<std::uint32_t> place_in_all(std::span<const std::uint64_t> identifiers,
                                        std::uint64_t bins, std::uint64_t capacity);

}  // namespace polder
