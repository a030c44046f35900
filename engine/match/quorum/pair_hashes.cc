#include "match/quorum/pair_hashes.h"

#include "crypto/hash.h"

namespace polder::quorum {

PairHashes pair_hashes(const Salt& salt, int bank, const Point& answer) {
  const std::array<std::uint8_t, 1> number{static_cast<std::uint8_t>(bank)};
  const Salt pair =
      Hasher<16>().add("polder quorum pair").add(salt).add(number).add(answer).finish();
  return {.base = salt_for(pair, "base"),
          .trees = salt_for(pair, "trees"),
          .ots = salt_for(pair, "transfers")};
}

}  // namespace polder::quorum
