#include "match/quorum/ot_choices.h"

#include "base/packed.h"

namespace polder::quorum {

Blocks RequesterOts::choose(Channel& bank, std::span<const std::uint64_t> numbers, int bits) {
  const auto width = static_cast<std::size_t>(bits);
  const std::size_t n = numbers.size() / words_for_bits(width) * width;
  const auto extension = blocks_.extend(packed(numbers, bits), n);
  bank.send_words(extension.message.words);
  return BlockHash(key_)(extension.blocks);
}

BothKeys BankOts::receive_choices(Channel& requester, std::size_t n, int bits) {
  BitColumns message(trees, n * static_cast<std::size_t>(bits));
  requester.receive_words(message.words);
  const BlockHash hash(key_);
  Blocks blocks = blocks_.extend(message);
  Blocks zero = hash(blocks);
  for (Block& block : blocks) block = block ^ blocks_.difference();
  return {std::move(zero), hash(blocks)};
}

}  // namespace polder::quorum
