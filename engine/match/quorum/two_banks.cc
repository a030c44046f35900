#include "match/quorum/two_banks.h"

#include "base/packed.h"
#include "match/quorum/bit_table.h"
#include "match/quorum/ot_choices.h"

namespace polder::quorum {
namespace {

// An index is the requester's share of the equality bit, the masked flag, and its own flag.
constexpr int index_bits = 3;
constexpr std::size_t entries = 8;

/// The answer at each index, given this bank's two bits.
std::uint64_t table(const Parameters& parameters, std::uint64_t equal_share, std::uint64_t mask) {
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < entries; ++i) {
    const std::uint64_t held = (i & 1) ^ equal_share;
    const std::uint64_t flagged = (held & ((i >> 1 & 1) ^ mask)) | (i >> 2 & 1);
    const std::uint64_t enough = parameters.threshold == 1 ? 1 : held;
    out |= (parameters.flags ? enough & flagged : enough) << i;
  }
  return out;
}

}  // namespace

TwoBanksRequester::TwoBanksRequester(Channel& bank, RequesterOts& ots, const BinBits& bits,
                                     std::span<const std::uint64_t> own_flags)
    : bank_(bank), choices_(bits.equal) {
  for (std::size_t j = 0; j < bits.flag.size(); ++j) {
    choices_[j] |= bits.flag[j] << 1 | own_flags[j] << 2;
  }
  keys_ = ots.choose(bank_, choices_, index_bits);
}

Words TwoBanksRequester::finish() {
  Words masked(words_for_bits(choices_.size() * entries));
  bank_.receive_words(masked);
  return chosen_bits(unpacked(masked, choices_.size(), entries), index_bits, choices_, keys_);
}

void answer_of_two_banks(Channel& requester, BankOts& ots, const BinBits& bits,
                         const Parameters& parameters) {
  Words tables(bits.equal.size());
  for (std::size_t j = 0; j < tables.size(); ++j) {
    tables[j] = table(parameters, bits.equal[j], bits.flag.empty() ? 0 : bits.flag[j]);
  }
  const BothKeys keys = ots.receive_choices(requester, tables.size(), index_bits);
  requester.send_words(packed(mask_tables(tables, index_bits, keys), entries));
}

}  // namespace polder::quorum
