#include "match/quorum/transfers.h"

#include "base/packed.h"

namespace polder::quorum {

Blocks AskerTransfers::choose(Channel& bank, std::span<const std::uint64_t> numbers, int bits) {
  const auto width = static_cast<std::size_t>(bits);
  const std::size_t n = numbers.size() / words_for_bits(width) * width;
  const auto extension = blocks_.extend(packed(numbers, bits), n);
  bank.send_words(extension.message.words);
  return BlockHash(key_)(extension.blocks);
}

BothKeys BankTransfers::receive_choices(Channel& asker, std::size_t n, int bits) {
  BitColumns message(trees, n * static_cast<std::size_t>(bits));
  asker.receive_words(message.words);
  const BlockHash hash(key_);
  Blocks blocks = blocks_.extend(message);
  Blocks zero = hash(blocks);
  for (Block& block : blocks) block = block ^ blocks_.difference();
  return {std::move(zero), hash(blocks)};
}

}  // namespace polder::quorum
