#include "client/binned_files.h"

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

// Measured on nodes of two cores: what a sort takes longer, in ways from node to node, and what a
// place costs that is uploaded, stored, loaded and compared.
constexpr std::chrono::nanoseconds::rep ways_saved = 90, ns_a_place = 750;
constexpr std::uint64_t most_places = std::uint64_t{1} << 22;  // of a table

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
  std::vector<std::uint64_t> capacities;  // of a party's bins; 1 for the asker
  std::uint64_t compared = 0;             // places of the others
  std::uint64_t most_places = 0;          // of a table
};

Sizes sizes_of(const std::vector<MatchInput>& parties, std::size_t asker) {
  Sizes sizes{.bins = bins_for(parties[asker].file->size()), .capacities = {}};
  for (std::size_t i = 0; i < parties.size(); ++i) {
    const std::uint64_t capacity =
        i == asker ? 1 : bin_capacity(parties[i].file->size(), sizes.bins, parties.size());
    const std::uint64_t places = sizes.bins * capacity;
    sizes.capacities.push_back(capacity);
    sizes.most_places = std::max(sizes.most_places, places);
    if (i != asker) sizes.compared += places;
  }
  return sizes;
}

BinnedFiles placed(const std::vector<MatchInput>& parties, std::size_t asker, const Sizes& sizes) {
  BinnedFiles files{.asker = asker,
                    .width = std::max(65, binned_identifier_bits(sizes.compared)),
                    .salt = {},
                    .places = {}};
  random_bytes(files.salt);
  for (std::size_t i = 0; i < parties.size(); ++i) {
    const Words hashes = hashed_for_bins(files.salt, BinHash::bins, parties[i].file->hashes);
    files.places.push_back(i == asker ? place_once(hashes, sizes.bins)
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
  const auto asker = only_learner(options, parties);
  if (!asker || !fits_bins(options, parties)) {
    if (wanted) {
      fail(Code::bad_input,
           "bins need a file of each party, and one party to whom alone rows or a count are shown, "
           "from a threshold of 2 on; change that or choose method sort");
    }
    return {};
  }
  const Sizes sizes = sizes_of(parties, *asker);
  const std::chrono::nanoseconds saved = round_trip / 2 * ways_saved;
  const bool better = static_cast<std::uint64_t>(saved.count()) > sizes.compared * ns_a_place &&
                      sizes.most_places <= most_places;
  return wanted || better ? std::optional(placed(parties, *asker, sizes)) : std::nullopt;
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

PartyFile in_places(const PartyFile& file, const BinSalt& salt,
                    std::span<const std::uint32_t> places) {
  const Words hashes = hashed_for_bins(salt, BinHash::compared, file.hashes);
  PartyFile placed;
  placed.key = file.key;
  placed.has_flags = file.has_flags;
  placed.hashes.resize(2 * places.size());
  random_words(placed.hashes);
  if (file.has_flags) placed.flags.resize(places.size(), 0);
  for (std::size_t place = 0; place < places.size(); ++place) {
    const std::uint32_t row = places[place];
    if (row == no_row) continue;
    placed.hashes[2 * place] = hashes[2 * row];
    placed.hashes[2 * place + 1] = hashes[2 * row + 1];
    if (file.has_flags) placed.flags[place] = file.flags[row];
  }
  return placed;
}

Opened by_row(const Opened& opened, std::span<const std::uint32_t> places, std::size_t n) {
  const PlainBits& bins = opened_rows(opened, places.size());
  PlainBits rows(n, 1);
  for (std::size_t place = 0; place < places.size(); ++place) {
    if (places[place] != no_row && bins.flag(place)) set_flag(rows, places[place]);
  }
  return {{"rows", std::move(rows)}};
}

}  // namespace polder
