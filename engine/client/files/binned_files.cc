#include "client/files/binned_files.h"

#include <algorithm>
#include <cstring>

#include "client/learned.h"
#include "crypto/hash.h"
#include "crypto/random.h"
#include "match/delegated/bins.h"
#include "match/index.h"

namespace polder {
namespace {

using Show = MatchPlan::Show;

// Measured on nodes of two cores: what a sort takes longer, in one-way latencies, and what a
// slot costs that is uploaded, stored, loaded and compared.
constexpr std::chrono::nanoseconds::rep latencies_saved = 90, ns_per_slot = 750;
constexpr std::uint64_t max_slots = std::uint64_t{1} << 22;  // of a table

/// The one party that learns, if it is one.
std::optional<std::size_t> only_learner(const MatchOptions& options,
                                        const std::vector<MatchInput>& parties) {
  if (options.to.size() != 1) return {};
  const auto found = std::ranges::find(parties, options.to[0], &MatchInput::name);
  if (found == parties.end()) return {};
  return static_cast<std::size_t>(found - parties.begin());
}

bool fits_bins(const MatchOptions& options, const std::vector<MatchInput>& parties) {
  return options.threshold >= 2 && (options.show == Show::rows || options.show == Show::count) &&
         std::ranges::all_of(parties,
                             [](const MatchInput& party) { return party.file.has_value(); });
}

struct Sizes {
  std::uint64_t bins;
  std::vector<std::uint64_t> capacities;  // of a party's bins; 1 for the requester
  std::uint64_t compared = 0;             // slots of the others
  std::uint64_t max_slots = 0;            // of a table
};

Sizes sizes_of(const std::vector<MatchInput>& parties, std::size_t requester) {
  Sizes sizes{.bins = bins_for(parties[requester].file->size()), .capacities = {}};
  for (std::size_t i = 0; i < parties.size(); ++i) {
    const std::uint64_t capacity =
        i == requester ? 1 : bin_capacity(parties[i].file->size(), sizes.bins, parties.size());
    const std::uint64_t slots = sizes.bins * capacity;
    sizes.capacities.push_back(capacity);
    sizes.max_slots = std::max(sizes.max_slots, slots);
    if (i != requester) sizes.compared += slots;
  }
  return sizes;
}

BinnedFiles placed(const std::vector<MatchInput>& parties, std::size_t requester,
                   const Sizes& sizes) {
  BinnedFiles files{.requester = requester,
                    .width = std::max(65, binned_identifier_bits(sizes.compared)),
                    .salt = {},
                    .slots = {}};
  random_bytes(files.salt);
  for (std::size_t i = 0; i < parties.size(); ++i) {
    const Words hashes = hashed_for_bins(files.salt, BinHash::bins, parties[i].file->hashes);
    files.slots.push_back(i == requester ? place_once(hashes, sizes.bins)
                                         : place_in_all(hashes, sizes.bins, sizes.capacities[i]));
  }
  return files;
}

void set_flag(PlainBits& bits, std::size_t i) {
  const std::size_t block = i / BitShape::block_rows, row = i % BitShape::block_rows;
  bits.words()[bits.shape().plane_offset(block, 0) + row / 64] |= std::uint64_t{1} << row % 64;
}

}  // namespace

std::optional<BinnedFiles> bins_if_better(const MatchOptions& options,
                                          const std::vector<MatchInput>& parties,
                                          std::chrono::microseconds round_trip) {
  if (options.method == MatchMethod::sort) return {};
  const bool wanted = options.method == MatchMethod::bins;
  const auto requester = only_learner(options, parties);
  if (!requester || !fits_bins(options, parties)) {
    if (wanted) {
      fail(Code::bad_input,
           "bins need a file of each party, and one party to whom alone rows or a count are shown, "
           "from a threshold of 2 on; change that or choose method sort");
    }
    return {};
  }
  const Sizes sizes = sizes_of(parties, *requester);
  const std::chrono::nanoseconds saved = round_trip / 2 * latencies_saved;
  const bool better = static_cast<std::uint64_t>(saved.count()) > sizes.compared * ns_per_slot &&
                      sizes.max_slots <= max_slots;
  return wanted || better ? std::optional(placed(parties, *requester, sizes)) : std::nullopt;
}

Words hashed_for_bins(const BinSalt& salt, BinHash which, std::span<const std::uint64_t> hashes) {
  Words out(hashes.size());
  for (std::size_t i = 0; i < hashes.size(); i += 2) {
    const Digest128 digest = Hasher<16>(salt)
                                 .add(which == BinHash::bins ? "bins" : "compared")
                                 .add(bytes_of(hashes.subspan(i, 2)))
                                 .finish();
    std::memcpy(&out[i], digest.data(), digest.size());
  }
  return out;
}

PartyFile in_slots(const PartyFile& file, const BinSalt& salt,
                   std::span<const std::uint32_t> slots) {
  const Words hashes = hashed_for_bins(salt, BinHash::compared, file.hashes);
  PartyFile placed;
  placed.key = file.key;
  placed.has_flags = file.has_flags;
  placed.hashes.resize(2 * slots.size());
  random_words(placed.hashes);
  if (file.has_flags) placed.flags.resize(slots.size(), 0);
  for (std::size_t slot = 0; slot < slots.size(); ++slot) {
    const std::uint32_t row = slots[slot];
    if (row == no_row) continue;
    placed.hashes[2 * slot] = hashes[2 * row];
    placed.hashes[2 * slot + 1] = hashes[2 * row + 1];
    if (file.has_flags) placed.flags[slot] = file.flags[row];
  }
  return placed;
}

Opened by_row(const Opened& opened, std::span<const std::uint32_t> slots, std::size_t n) {
  const PlainBits& bins = opened_rows(opened, slots.size());
  PlainBits rows(n, 1);
  for (std::size_t slot = 0; slot < slots.size(); ++slot) {
    if (slots[slot] != no_row && bins.flag(slot)) set_flag(rows, slots[slot]);
  }
  return {{"rows", std::move(rows)}};
}

}  // namespace polder
