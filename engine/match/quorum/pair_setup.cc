#include "match/quorum/pair_setup.h"

#include <algorithm>

#include "crypto/ot/oprf.h"
#include "crypto/random.h"

namespace polder::quorum {
namespace {

constexpr std::size_t ots = oprf_columns + tree_keys;

/// Rows of 128 bits.
Blocks rows_as_blocks(const BitColumns& columns) {
  Blocks blocks(columns.rows);
  std::ranges::copy(rows_of(columns), words_of(blocks).begin());
  return blocks;
}

Blocks first(const Blocks& blocks) { return {blocks.begin(), blocks.begin() + oprf_columns}; }
Blocks rest(const Blocks& blocks) { return {blocks.begin() + oprf_columns, blocks.end()}; }

}  // namespace

RequesterSetup set_up_requester(Channel& bank, const PairName& pair, const BaseOtReceiver& base) {
  Point answer;
  bank.receive(answer);
  BitColumns columns(base_ots, ots);
  bank.receive_words(columns.words);

  const PairHashes hashes = pair_hashes(pair.salt, pair.bank, answer);
  const BlockHash extended_keys(hashes.base);
  const ChosenKeys chosen = base.keys(answer);
  const Block difference{chosen.choices[0], chosen.choices[1]};
  Blocks rows = rows_as_blocks(unmask_columns(chosen, columns));
  const Blocks zero = extended_keys(rows);
  for (Block& row : rows) row = row ^ difference;
  const Blocks one = extended_keys(rows);

  WholeTrees whole = grow_trees({rest(zero), rest(one)}, hashes.trees);
  bank.send_words(words_of(std::as_const(whole.message)));
  return {{first(zero), first(one)}, RequesterOts(std::move(whole), hashes.ots)};
}

BankAnswer::BankAnswer(Channel& requester, const PairName& pair,
                       std::span<const std::uint8_t> request) {
  const BaseOtAnswer base = answer_base_ot(request);
  requester.send(base.answer);
  hashes_ = pair_hashes(pair.salt, pair.bank, base.answer);
  chosen_.choices.resize(words_for_bits(ots));
  random_words(chosen_.choices);
  BitColumns code(base_ots, ots);
  for (std::size_t i = 0; i < base_ots; ++i) {
    std::ranges::copy(chosen_.choices, code.column(i).begin());
  }
  const MaskedColumns columns = mask_columns(base.keys, code);
  requester.send_words(columns.message.words);
  chosen_.keys = BlockHash(hashes_.base)(rows_as_blocks(columns.own));
}

BankSetup BankAnswer::finish(Channel& requester) {
  TreeMessage message(2 * tree_keys);
  requester.receive_words(words_of(message));
  constexpr std::size_t oprf_words = oprf_columns / 64;
  const auto cut = chosen_.choices.begin() + oprf_words;
  PuncturedTrees punctured = grow_punctured_trees(
      {Words(cut, chosen_.choices.end()), rest(chosen_.keys)}, message, hashes_.trees);
  return {{Words(chosen_.choices.begin(), cut), first(chosen_.keys)},
          BankOts(std::move(punctured), hashes_.ots)};
}

}  // namespace polder::quorum
