// By Shamir's shares modulo a Mersenne prime, so that integers come out as they are.
// Source: Ben-Or, Goldwasser, Wigderson, "Completeness theorems for non-cryptographic
// fault-tolerant distributed computation", STOC 1988.
#include "match/paillier/joint_product.h"

#include <algorithm>

#include "base/bits.h"
#include "base/error.h"
#include "match/paillier/product_of_two.h"

namespace polder {
namespace {

// Integers mod 2^exponent - 1, a prime.
class Field {
 public:
  explicit Field(int bits) {
    for (const int exponent : {521, 1279, 2203, 3217, 4253, 9689}) {
      if (exponent > bits) {
        exponent_ = static_cast<mp_bitcnt_t>(exponent);
        prime_ = (Integer(1) << exponent_) - 1;
        return;
      }
    }
    require(false, "joint product: numbers too large");
  }

  std::size_t words() const { return words_for_bits(exponent_); }
  const Integer& prime() const { return prime_; }
  Integer random() const { return random_bits(static_cast<int>(exponent_)); }

  void reduce(Integer& x) const {
    while (x >= prime_) x = x == prime_ ? Integer(0) : Integer((x & prime_) + (x >> exponent_));
  }

 private:
  mp_bitcnt_t exponent_ = 0;
  Integer prime_;
};

// Shares of one number for the evaluators' points 1, 2, ..., added to `shares`.
void deal(const Field& field, const Integer& secret, std::size_t degree, std::size_t points,
          std::vector<Integer>& shares) {
  std::vector<Integer> coefficients;
  for (std::size_t i = 0; i < degree; ++i) coefficients.push_back(field.random());
  for (std::size_t point = 1; point <= points; ++point) {
    Integer value = coefficients.empty() ? secret : coefficients.back();
    for (std::size_t i = coefficients.size(); i-- > 0;) {
      value = value * point + (i == 0 ? secret : coefficients[i - 1]);
    }
    field.reduce(value);
    shares.push_back(std::move(value));
  }
}

// What the values at 1 .. points weigh in the value at 0.
std::vector<Integer> weights(const Field& field, std::size_t points) {
  std::vector<Integer> all;
  for (std::size_t i = 1; i <= points; ++i) {
    Integer above = 1, below = 1;
    for (std::size_t j = 1; j <= points; ++j) {
      if (j == i) continue;
      above *= j;
      below *= Integer(j) - Integer(i);
    }
    Integer inverse;
    mpz_invert(inverse.get_mpz_t(), below.get_mpz_t(), field.prime().get_mpz_t());
    Integer weight = above * inverse;
    field.reduce(weight);
    all.push_back(std::move(weight));
  }
  return all;
}

Words words_of(const std::vector<Integer>& numbers, const Field& field) {
  Words words(numbers.size() * field.words());
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    to_words(numbers[i], {&words[i * field.words()], field.words()});
  }
  return words;
}

std::vector<Integer> receive(Channel& from, std::size_t count, const Field& field) {
  Words words(count * field.words());
  from.receive_words(words);
  std::vector<Integer> numbers;
  for (std::size_t i = 0; i < count; ++i) {
    numbers.push_back(from_words({&words[i * field.words()], field.words()}));
    field.reduce(numbers.back());
  }
  return numbers;
}

void add(std::vector<Integer>& sums, const std::vector<Integer>& more) {
  for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += more[i];
}

// Deals my additive shares and adds up what all dealers sent: of each row shares of a, b and c.
std::vector<Integer> shares_of_sums(Parties& parties, const JointRoles& roles, const Field& field,
                                    std::size_t count, const std::vector<AdditiveShares>& mine) {
  const std::size_t points = roles.evaluators.size(), degree = roles.dealers - 1;
  std::vector<Integer> sums(3 * count, 0);
  if (roles.deals(parties.self())) {
    std::vector<std::vector<Integer>> to(points);
    for (const AdditiveShares& row : mine) {
      std::vector<Integer> shares;
      deal(field, row.a, degree, points, shares);
      deal(field, row.b, degree, points, shares);
      // Of the product's degree: the sum shows nothing of it but its value at 0.
      deal(field, row.c, 2 * degree, points, shares);
      for (std::size_t i = 0; i < shares.size(); ++i) to[i % points].push_back(shares[i]);
    }
    for (std::size_t i = 0; i < points; ++i) {
      if (roles.evaluators[i] == parties.self()) {
        add(sums, to[i]);
      } else {
        parties.to(roles.evaluators[i]).send_words(words_of(to[i], field));
      }
    }
  }
  for (std::size_t i = 0; i < roles.dealers; ++i) {
    const int dealer = roles.evaluators[i];
    if (dealer != parties.self()) add(sums, receive(parties.to(dealer), 3 * count, field));
  }
  return sums;
}

class SharedProducts final : public JointProducts {
 public:
  SharedProducts(Parties& parties, const JointRoles& roles, int bits)
      : parties_(parties), roles_(roles), field_(bits) {}

  std::vector<Integer> multiply(std::size_t count,
                                const std::vector<AdditiveShares>& mine) override {
    const std::vector<Integer> shares = shares_of_sums(parties_, roles_, field_, count, mine);
    std::vector<Integer> products;
    for (std::size_t i = 0; i < count; ++i) {
      Integer product = shares[3 * i] * shares[3 * i + 1] + shares[3 * i + 2];
      field_.reduce(product);
      products.push_back(std::move(product));
    }
    if (parties_.self() == roles_.leader()) return put_together(std::move(products));
    parties_.to(roles_.leader()).send_words(words_of(products, field_));
    return {};
  }

 private:
  std::vector<Integer> put_together(std::vector<Integer> products) {
    const std::vector<Integer> weight = weights(field_, roles_.evaluators.size());
    for (Integer& product : products) product *= weight[0];
    for (std::size_t i = 1; i < roles_.evaluators.size(); ++i) {
      std::vector<Integer> others =
          receive(parties_.to(roles_.evaluators[i]), products.size(), field_);
      for (Integer& other : others) other *= weight[i];
      add(products, others);
    }
    for (Integer& product : products) field_.reduce(product);
    return products;
  }

  Parties& parties_;
  const JointRoles& roles_;
  Field field_;
};

}  // namespace

JointRoles JointRoles::among(int leader, int dealers, int parties) {
  JointRoles roles{.evaluators = {}, .dealers = static_cast<std::size_t>(dealers)};
  const int evaluators = parties == 2 ? 2 : 2 * dealers - 1;
  require(dealers <= evaluators && evaluators <= parties, "joint product: too few parties");
  for (int i = 0; i < evaluators; ++i) roles.evaluators.push_back((leader + i) % parties);
  return roles;
}

bool JointRoles::evaluates(int party) const { return std::ranges::count(evaluators, party) > 0; }

bool JointRoles::deals(int party) const {
  const auto end = evaluators.begin() + static_cast<std::ptrdiff_t>(dealers);
  return std::find(evaluators.begin(), end, party) != end;
}

std::unique_ptr<JointProducts> JointProducts::make(Parties& parties, const JointRoles& roles,
                                                   const Bits& bits) {
  if (parties.count() == 2) return products_of_two(parties, roles, bits);
  return std::make_unique<SharedProducts>(parties, roles, bits.results);
}

}  // namespace polder
