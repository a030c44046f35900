// The exchange that starts a batch of correlated transfers: the asker sends its choices, hidden.
#pragma once

#include <span>

#include "base/packed.h"
#include "crypto/correlated_ot.h"
#include "net/channel.h"

namespace polder::quorum {

/// The asker's choices are the low `bits` bits of each number, as `packed` takes it. [n * bits],
/// number by number.
inline Blocks choose(Channel& bank, CorrelatedOtReceiver& transfers,
                     std::span<const std::uint64_t> numbers, int bits) {
  const auto width = static_cast<std::size_t>(bits);
  const std::size_t n = numbers.size() / words_for_bits(width) * width;
  auto extension = transfers.extend(packed(numbers, bits), n);
  bank.send_words(extension.message.words);
  return std::move(extension.blocks);
}

inline Blocks receive_choices(Channel& asker, CorrelatedOtSender& transfers, std::size_t n,
                              int bits) {
  BitColumns message(trees, n * static_cast<std::size_t>(bits));
  asker.receive_words(message.words);
  return transfers.extend(message);
}

}  // namespace polder::quorum
