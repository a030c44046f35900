#include "match/paillier/joint_modulus.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include "base/bits.h"
#include "base/error.h"
#include "crypto/random.h"

namespace polder {
namespace {

constexpr int statistical_bits = 40;
// Each finds a wrong N of which the greatest common divisor with p + q - 1 is 1 with at least 3/4:
// all together leave 2^-64.  Source: Chuang, Hsu, Lee, ePrint 2024/2072.
constexpr std::uint64_t bases = 32;
constexpr unsigned long small_primes = 97, tried_primes = 1UL << 18;

Integer product_of_primes(unsigned long from, unsigned long to) {
  Integer prime = from, product = 1, part = 1;
  while (true) {
    mpz_nextprime(prime.get_mpz_t(), prime.get_mpz_t());
    if (prime > to) return product * part;
    part *= prime;
    if (bits_of(part) > 8000) {  // large factors by large factors
      product *= part;
      part = 1;
    }
  }
}

// Additive shares of a prime: their sum is 3 mod 4 and no multiple of a small prime, as the
// leader's additive share is and all others are multiples of 4 and of these primes; and its top two
// bits are set.
class AdditiveShare {
 public:
  AdditiveShare(int bits, std::size_t dealers)
      : step_(4 * product_of_primes(2, small_primes)),
        base_((Integer(3) << (bits - 2)) / step_ + 1),
        range_((Integer(1) << (bits - 2)) / step_ / dealers - 1) {}

  Integer others() const { return step_ * random_below(range_); }
  Integer leaders() const { return residue() + step_ * (base_ + random_below(range_)); }

 private:
  Integer residue() const {
    while (true) {
      const Integer x = random_below(step_);
      if (mpz_fdiv_ui(x.get_mpz_t(), 4) == 3 && gcd(x, step_) == 1) return x;
    }
  }

  Integer step_, base_, range_;
};

class Search {
 public:
  Search(Parties& parties, const JointRoles& roles, int bits)
      : parties_(parties),
        roles_(roles),
        bits_(bits),
        additive_share_(bits / 2, roles.dealers),
        leads_(parties.self() == roles.leader()),
        deals_(roles.deals(parties.self())) {
    if (deals_) exchange_seeds();
    if (roles.evaluates(parties.self())) {
      products_ = JointProducts::make(parties, roles, {.factors = bits / 2 + 1, .results = bits});
    }
  }

  // The first candidate of a batch that passes all tests, if there is one.
  std::optional<JointModulus> try_batch() {
    draw();
    const std::vector<Integer> products = multiply();
    const std::vector<std::size_t> left = announce(products);
    const std::size_t found = first_passing(left);
    if (found == key_candidates_at_once || !passes_fully(found)) return std::nullopt;
    JointModulus made;
    made.n = candidates_[found];
    made.rounds = rounds_;
    if (deals_) {
      made.p = mine_[found].a;
      made.q = mine_[found].b;
    }
    return made;
  }

 private:
  // Each pair of dealers shares a seed: masks that cancel in the product of all dealers' powers.
  void exchange_seeds() {
    for (std::size_t i = 0; i < roles_.dealers; ++i) {
      const int peer = roles_.evaluators[i];
      if (peer <= parties_.self()) continue;
      random_bytes(seeds_[peer]);
      parties_.to(peer).send(seeds_[peer]);
    }
    for (std::size_t i = 0; i < roles_.dealers; ++i) {
      const int peer = roles_.evaluators[i];
      if (peer < parties_.self()) parties_.to(peer).receive(seeds_[peer]);
    }
  }

  void draw() {
    mine_.assign(deals_ ? key_candidates_at_once : 0, {});
    for (AdditiveShares& row : mine_) {
      row.a = leads_ ? additive_share_.leaders() : additive_share_.others();
      row.b = leads_ ? additive_share_.leaders() : additive_share_.others();
    }
  }

  // The leader sees the product of two fresh secrets: N, or a candidate that nobody uses again.
  std::vector<Integer> multiply() {
    if (!roles_.evaluates(parties_.self())) return {};
    rounds_ += 2;
    return products_->multiply(key_candidates_at_once, mine_);
  }

  bool worth_testing(const Integer& n) const {
    static const Integer first = product_of_primes(small_primes, 1UL << 13);
    static const Integer later = product_of_primes(1UL << 13, tried_primes);
    const auto has_factor = [&](const Integer& primes) { return gcd(n, primes % n) != 1; };
    return !has_factor(first) && !has_factor(later) && !mpz_perfect_square_p(n.get_mpz_t());
  }

  // All learn the candidates without small factors; 0 stands for the others.
  std::vector<std::size_t> announce(const std::vector<Integer>& products) {
    const std::size_t words = words_for_bits(static_cast<std::size_t>(bits_));
    Words frame(key_candidates_at_once * words, 0);
    for (std::size_t i = 0; i < products.size(); ++i) {
      // Additive shares of honest banks have a product of just so many bits.
      if (bits_of(products[i]) != bits_) {
        fail(Code::cheating, "key: a bank sent a wrong share of a candidate");
      }
      if (worth_testing(products[i])) to_words(products[i], {&frame[i * words], words});
    }
    tell_all(frame);
    candidates_.clear();
    std::vector<std::size_t> left;
    for (std::size_t i = 0; i < key_candidates_at_once; ++i) {
      candidates_.push_back(from_words({&frame[i * words], words}));
      if (candidates_[i] == 0) continue;
      if (bits_of(candidates_[i]) != bits_ || mpz_fdiv_ui(candidates_[i].get_mpz_t(), 4) != 1) {
        fail(Code::cheating, "key: bank {} announced a wrong modulus", roles_.leader() + 1);
      }
      left.push_back(i);
    }
    return left;
  }

  void tell_all(Words& frame) {
    rounds_ += 1;
    if (!leads_) return parties_.to(roles_.leader()).receive_words(frame);
    for (int peer = 0; peer < parties_.count(); ++peer) {
      if (peer != parties_.self()) parties_.to(peer).send_words(frame);
    }
  }

  // base^((N + 1 - p - q) / 4) mod N, which is 1 or -1 if p and q are primes, as (p - 1)(q - 1) =
  // N + 1 - p - q. With p = p0 + p1 + ..., q likewise, p0 of the leader, the exponent is
  // (N + 1 - p0 - q0) / 4 less (p1 + q1) / 4, ...: each dealer raises base to its own, all of whole
  // numbers as the leader's are 3 mod 4 and all others' 0, and the leader multiplies the powers. A
  // dealer's power is masked, so only the product shows.
  Integer masked_power(const Integer& n, std::size_t row, const Integer& base) {
    const Integer sum = mine_[row].a + mine_[row].b;
    const Integer exponent = leads_ ? Integer((n + 1 - sum) / 4) : Integer(sum / 4);
    Integer power = power_in_constant_time(base, exponent, n), divisor = leads_ ? 1 : power;
    // The leader's power times the inverses of all others.
    Integer above = leads_ ? power : 1;
    for (const auto& [peer, seed] : seeds_) {
      const Integer mask = expand(seed, masks_used_, bits_ + 128) % n;
      (peer < parties_.self() ? above : divisor) *= mask;
    }
    ++masks_used_;
    Integer inverse;
    divisor %= n;
    if (mpz_invert(inverse.get_mpz_t(), divisor.get_mpz_t(), n.get_mpz_t()) == 0) return 0;
    return above * inverse % n;
  }

  struct Test {
    std::size_t row;
    std::uint64_t base;
  };

  // Which tests are passed; to the leader.
  std::vector<bool> run(const std::vector<Test>& tests) {
    if (!deals_ || tests.empty()) return {};
    const std::size_t words = words_for_bits(static_cast<std::size_t>(bits_));
    Words frame(tests.size() * words);
    std::vector<Integer> products;
    for (std::size_t i = 0; i < tests.size(); ++i) {
      const Integer& n = candidates_[tests[i].row];
      products.push_back(masked_power(n, tests[i].row, test_base(n, tests[i].base)));
      to_words(products.back(), {&frame[i * words], words});
    }
    rounds_ += 1;
    if (!leads_) {
      parties_.to(roles_.leader()).send_words(frame);
      return {};
    }
    for (std::size_t dealer = 1; dealer < roles_.dealers; ++dealer) {
      parties_.to(roles_.evaluators[dealer]).receive_words(frame);
      for (std::size_t i = 0; i < tests.size(); ++i) {
        const Integer factor = from_words({&frame[i * words], words});
        products[i] = products[i] * factor % candidates_[tests[i].row];
      }
    }
    std::vector<bool> passed;
    for (std::size_t i = 0; i < tests.size(); ++i) {
      passed.push_back(products[i] == 1 || products[i] == candidates_[tests[i].row] - 1);
    }
    return passed;
  }

  std::size_t first_passing(const std::vector<std::size_t>& left) {
    std::vector<Test> tests;
    for (const std::size_t row : left) tests.push_back({row, 0});
    const std::vector<bool> passed = run(tests);
    Words found(1, key_candidates_at_once);
    const auto first = std::ranges::find(passed, true);
    if (first != passed.end()) found[0] = left[static_cast<std::size_t>(first - passed.begin())];
    tell_all(found);
    if (found[0] > key_candidates_at_once ||
        (found[0] < key_candidates_at_once && candidates_[found[0]] == 0)) {
      fail(Code::cheating, "key: bank {} chose a candidate that is none", roles_.leader() + 1);
    }
    return found[0];
  }

  bool passes_fully(std::size_t row) {
    std::vector<Test> tests;
    for (std::uint64_t base = 1; base < bases; ++base) tests.push_back({row, base});
    const std::vector<bool> passed = run(tests);
    const bool coprime = has_no_factor_of_phi(row);
    Words verdict(1, leads_ && coprime && std::ranges::count(passed, false) == 0);
    tell_all(verdict);
    return verdict[0] == 1;
  }

  // gcd(N, (p - 1)(q - 1)) = gcd(N, p + q - 1), by a hidden multiple.
  bool has_no_factor_of_phi(std::size_t row) {
    if (!roles_.evaluates(parties_.self())) return false;
    const Integer& n = candidates_[row];
    std::vector<AdditiveShares> mine;
    if (deals_) {
      mine.push_back(hidden_multiple(mine_[row].a + mine_[row].b - (leads_ ? 1 : 0), n));
    }
    rounds_ += 2;
    // To the leader: a random number, as hidden_multiple says.
    const JointProducts::Bits large{.factors = bits_ + statistical_bits + 8,
                                    .results = bits_ + bits_ / 2 + 3 * statistical_bits};
    const auto opened = JointProducts::make(parties_, roles_, large)->multiply(1, mine);
    return leads_ && gcd(opened[0], n) == 1;
  }

  Parties& parties_;
  const JointRoles& roles_;
  int bits_;
  AdditiveShare additive_share_;
  bool leads_, deals_;
  std::unique_ptr<JointProducts> products_;            // evaluators only
  std::map<int, std::array<std::uint8_t, 32>> seeds_;  // with each other dealer
  std::uint64_t masks_used_ = 0;
  std::vector<AdditiveShares> mine_;
  std::vector<Integer> candidates_;
  std::uint64_t rounds_ = 0;
};

}  // namespace

Integer test_base(const Integer& n, std::uint64_t number) {
  const Digest256 key = hash_of(n, "paillier base of the test of n");
  for (std::uint64_t i = 0;; ++i) {
    const Integer base = expand(key, number << 32 | i, bits_of(n) + 128) % n;
    if (mpz_jacobi(base.get_mpz_t(), n.get_mpz_t()) == 1) return base;
  }
}

AdditiveShares hidden_multiple(const Integer& x, const Integer& n) {
  const int bits = bits_of(n);
  return {.a = random_bits(bits + statistical_bits),
          .b = x,
          .c = n * random_bits(bits / 2 + 2 * statistical_bits + 8)};
}

JointModulus joint_modulus(Parties& parties, const JointRoles& roles, int bits,
                           const Progress& progress) {
  require(bits >= 512 && bits % 2 == 0, "key: too few bits");
  Search search(parties, roles, bits);
  while (true) {
    progress(0, "making a key");
    if (std::optional<JointModulus> made = search.try_batch()) return std::move(*made);
  }
}

}  // namespace polder
