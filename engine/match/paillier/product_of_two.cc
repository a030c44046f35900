#include "match/paillier/product_of_two.h"

#include <optional>

#include "base/bits.h"
#include "base/error.h"
#include "crypto/paillier/paillier.h"

namespace polder {
namespace {

constexpr int statistical_bits = 64;

int whole_words(int bits) {
  return static_cast<int>(64 * words_for_bits(static_cast<std::size_t>(bits)));
}

Integer random_prime(int bits) {
  Integer x = (Integer(3) << (bits - 2)) + random_bits(bits - 3);
  mpz_nextprime(x.get_mpz_t(), x.get_mpz_t());
  return x;
}

class ProductsOfTwo final : public JointProducts {
 public:
  ProductsOfTwo(Parties& parties, const JointRoles& roles, const Bits& bits)
      : leads_(parties.self() == roles.leader()),
        connection_(parties.to(1 - parties.self())),
        factor_words_(words_for_bits(static_cast<std::size_t>(bits.factors))) {
    // Results are below N, and the other's blinds longer than what its factors do to the leader's.
    const int key_bits = whole_words(bits.results + 2);
    const int blind_bits = whole_words(PaillierShare::bits + bits.factors + 1 + statistical_bits);
    if (leads_) share_ = PaillierShare::random();
    Words n(words_for_bits(static_cast<std::size_t>(key_bits))), part(n.size());
    if (leads_) to_words(random_prime(key_bits / 2) * random_prime(key_bits / 2), n);
    exchange(n);
    if (from_words(n) % 2 == 0 || bits_of(from_words(n)) != key_bits) {
      fail(Code::cheating, "key: the other bank's modulus is none");
    }
    const auto group = std::make_shared<const PaillierGroup>(from_words(n));
    if (leads_) part = group->public_part(*share_);
    exchange(part);
    if (!group->is_part(part)) fail(Code::cheating, "key: the other bank sent no part of a key");
    key_ = std::make_unique<PaillierKey>(group, std::vector<Words>{part},
                                         leads_ ? PaillierShare::bits : blind_bits);
  }

  std::vector<Integer> multiply(std::size_t count,
                                const std::vector<AdditiveShares>& mine) override {
    if (!leads_) {
      multiply_in(count, mine);
      return {};
    }
    send(key_->encrypt(count, plain(mine, &AdditiveShares::a, key_->n().words())));
    send(key_->encrypt(count, plain(mine, &AdditiveShares::b, key_->n().words())));
    const Ciphertexts rest = receive(count);
    // To the leader: its result less its own product, under a key that only it holds.
    std::vector<Integer> results = key_->combine(rest, key_->raise(key_->inverses(rest), *share_));
    for (std::size_t i = 0; i < count; ++i) results[i] += mine[i].a * mine[i].b + mine[i].c;
    return results;
  }

 private:
  // Encryptions of a' b + b' a + a b + c, with a' and b' the leader's.
  void multiply_in(std::size_t count, const std::vector<AdditiveShares>& mine) {
    Ciphertexts with_b = receive(count), with_a = receive(count);
    key_->scale(with_b, plain(mine, &AdditiveShares::b, factor_words_), factor_words_);
    key_->scale(with_a, plain(mine, &AdditiveShares::a, factor_words_), factor_words_);
    std::vector<AdditiveShares> own;
    for (const AdditiveShares& row : mine) own.push_back({row.a * row.b + row.c, 0, 0});
    key_->add(with_b, with_a);
    key_->add(with_b, key_->encrypt(count, plain(own, &AdditiveShares::a, key_->n().words())));
    send(with_b);
  }

  static Words plain(const std::vector<AdditiveShares>& rows, Integer AdditiveShares::*part,
                     std::size_t words) {
    Words out(rows.size() * words);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      to_words(rows[i].*part, {&out[i * words], words});
    }
    return out;
  }

  // From the leader to the other.
  void exchange(Words& words) {
    leads_ ? connection_.send_words(words) : connection_.receive_words(words);
  }

  void send(const Ciphertexts& x) {
    connection_.send_words(x.u);
    connection_.send_words(x.v);
  }

  Ciphertexts receive(std::size_t count) {
    const std::size_t w = key_->n().words();
    Ciphertexts x{count, Words(count * w), Words(count * 2 * w)};
    connection_.receive_words(x.u);
    connection_.receive_words(x.v);
    if (!key_->valid(x)) fail(Code::cheating, "key: the other bank sent no ciphertexts");
    return x;
  }

  bool leads_;
  Channel& connection_;
  std::size_t factor_words_;
  std::optional<PaillierShare> share_;
  std::unique_ptr<const PaillierKey> key_;
};

}  // namespace

std::unique_ptr<JointProducts> products_of_two(Parties& parties, const JointRoles& roles,
                                               const JointProducts::Bits& bits) {
  return std::make_unique<ProductsOfTwo>(parties, roles, bits);
}

}  // namespace polder
