#include "match/paillier/run.h"

#include <algorithm>

#include "base/error.h"

namespace polder {

PaillierRun::PaillierRun(Parties& parties, const PaillierSizes& sizes, const Integer& modulus)
    : parties_(parties), sizes_(sizes) {
  if (std::ranges::count(sizes.holders, parties.self()) > 0) share_ = PaillierShare::random();
  const auto group = std::make_shared<const PaillierGroup>(modulus);
  key_ = std::make_unique<PaillierKey>(group, exchange_parts(*group));
}

std::vector<Words> PaillierRun::exchange_parts(const PaillierGroup& group) {
  std::vector<Words> parts;
  if (share_) {
    parts.push_back(group.public_part(*share_));
    for (int peer = 0; peer < parties_.count(); ++peer) {
      if (peer != parties_.self()) parties_.to(peer).send_words(parts.front());
    }
  }
  for (const int holder : sizes_.holders) {
    if (holder == parties_.self()) continue;
    Words part(group.n().words());
    parties_.to(holder).receive_words(part);
    if (!group.is_part(part)) {
      fail(Code::cheating, "paillier: bank {} sent no part of a key", holder + 1);
    }
    parts.push_back(std::move(part));
  }
  count_rounds(1);
  return parts;
}

void PaillierRun::send(int to, const Ciphertexts& x) {
  if (x.count == 0) return;
  parties_.to(to).send_words(x.u);
  parties_.to(to).send_words(x.v);
}

Ciphertexts PaillierRun::receive(int from, std::size_t count) {
  const std::size_t w = key_->n().words();
  Ciphertexts x{count, Words(count * w), Words(count * 2 * w)};
  if (count == 0) return x;
  parties_.to(from).receive_words(x.u);
  parties_.to(from).receive_words(x.v);
  if (!key_->valid(x)) fail(Code::cheating, "paillier: bank {} sent no ciphertexts", from + 1);
  return x;
}

Words PaillierRun::receive_numbers(int from, std::size_t count) {
  Words numbers(count * key_->n().words());
  parties_.to(from).receive_words(numbers);
  if (!key_->valid(numbers)) {
    fail(Code::cheating, "paillier: bank {} sent no part of a decryption", from + 1);
  }
  return numbers;
}

std::vector<Integer> PaillierRun::open(Ciphertexts x) {
  if (x.count == 0) return {};
  key_->refresh(x);
  const Words inverses = key_->inverses(x);
  for (const int holder : sizes_.holders) {
    if (holder != parties_.self()) parties_.to(holder).send_words(inverses);
  }
  Words raised = key_->raise(inverses, *share_);
  for (const int holder : sizes_.holders) {
    if (holder == parties_.self()) continue;
    const Words part = receive_numbers(holder, x.count);
    key_->n().multiply(raised.data(), part.data(), raised.data(), x.count);
  }
  count_rounds(2);
  std::vector<Integer> messages = key_->combine(x, raised);
  if (watch_) watch_(messages);
  return messages;
}

void PaillierRun::help_open(std::size_t count) {
  if (count == 0) return;
  const Words inverses = receive_numbers(sizes_.requester, count);
  parties_.to(sizes_.requester).send_words(key_->raise(inverses, *share_));
  count_rounds(2);
}

}  // namespace polder
