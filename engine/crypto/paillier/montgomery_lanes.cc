#include "crypto/paillier/montgomery_lanes.h"

#include <immintrin.h>

#include <algorithm>

#include "base/bits.h"

#define POLDER_LANES __attribute__((target("avx512f,avx512ifma")))

namespace polder {
namespace {

using Lane = __m512i;  // one limb of each of eight numbers

constexpr std::size_t lanes = 8, limb_bits = 52, window_size = 64;
constexpr std::uint64_t limb_mask = low_bits(limb_bits);

Words limbs_of(const Integer& x, std::size_t limbs) {
  Words out(limbs);
  for (std::size_t i = 0; i < limbs; ++i) {
    const Integer limb = (x >> (limb_bits * i)) & Integer(limb_mask);
    out[i] = limb.get_ui();
  }
  return out;
}

// Vectors of eight numbers, aligned, wiped by their pool.
class Numbers {
 public:
  Numbers(std::size_t count, std::size_t limbs)
      : limbs_(limbs), words_((count * limbs + 1) * lanes) {
    const auto address = reinterpret_cast<std::uintptr_t>(words_.data());
    first_ = reinterpret_cast<Lane*>((address + sizeof(Lane) - 1) / sizeof(Lane) * sizeof(Lane));
  }
  Lane* operator[](std::size_t i) { return first_ + i * limbs_; }

 private:
  std::size_t limbs_;
  Words words_;
  Lane* first_;
};

struct Constants {
  std::size_t words, limbs;
  const Lane* n;
  Lane negative_inverse;
};

POLDER_LANES void spread(const Words& limbs, Lane* out) {
  for (std::size_t i = 0; i < limbs.size(); ++i) {
    out[i] = _mm512_set1_epi64(static_cast<long long>(limbs[i]));
  }
}

// out = a b / S, below 2 n if a and b are. out is neither a nor b.
// With B = 2^52, for each limb b_i:  t = out + a b_i,  q = -t / n mod B,  out = (t + q n) / B, an
// exact division as q makes the lowest limb 0. After all limbs out = (a b + Q n) / S for a Q < S,
// so below (4 n^2 + S n) / S < 2 n since S > 4 n. A limb of `out` gathers at most four products'
// halves a step and is cut to 52 bits once, at the end: 12 spare bits hold more than 2^9 steps'
// carries.
POLDER_LANES void product(const Constants& c, const Lane* a, const Lane* b, Lane* out) {
  const Lane zero = _mm512_setzero_si512();
  const Lane mask = _mm512_set1_epi64(static_cast<long long>(limb_mask));
  const std::size_t limbs = c.limbs;
  const Lane* n = c.n;
  for (std::size_t j = 0; j < limbs; ++j) out[j] = zero;
  for (std::size_t i = 0; i < limbs; ++i) {
    const Lane digit = b[i];
    Lane low = _mm512_madd52lo_epu64(out[0], a[0], digit);
    const Lane q = _mm512_madd52lo_epu64(zero, low, c.negative_inverse);
    low = _mm512_madd52lo_epu64(low, n[0], q);
    const Lane carry = _mm512_srli_epi64(low, limb_bits);
    Lane a_before = a[0], n_before = n[0];
    for (std::size_t j = 1; j < limbs; ++j) {
      const Lane a_here = a[j], n_here = n[j];
      Lane from_a = _mm512_madd52lo_epu64(out[j], a_here, digit);
      Lane from_n = _mm512_madd52lo_epu64(zero, n_here, q);
      from_a = _mm512_madd52hi_epu64(from_a, a_before, digit);
      from_n = _mm512_madd52hi_epu64(from_n, n_before, q);
      out[j - 1] = _mm512_add_epi64(from_a, from_n);
      a_before = a_here;
      n_before = n_here;
    }
    out[0] = _mm512_add_epi64(out[0], carry);
    const Lane high = _mm512_madd52hi_epu64(zero, a_before, digit);
    out[limbs - 1] = _mm512_madd52hi_epu64(high, n_before, q);
  }
  Lane carry = zero;
  for (std::size_t j = 0; j < limbs; ++j) {
    const Lane sum = _mm512_add_epi64(out[j], carry);
    carry = _mm512_srli_epi64(sum, limb_bits);
    out[j] = _mm512_and_si512(sum, mask);
  }
}

// Where lane i's number starts; lanes from `count` on repeat the first.
POLDER_LANES Lane starts(std::size_t stride, std::size_t count) {
  alignas(64) std::uint64_t start[lanes];
  for (std::size_t i = 0; i < lanes; ++i) start[i] = i < count ? i * stride : 0;
  return _mm512_load_si512(start);
}

// x 2^shift, cut into limbs.
POLDER_LANES void load(const Constants& c, const std::uint64_t* x, int shift, std::size_t count,
                       Lane* out) {
  const Lane start = starts(c.words, count);
  const Lane mask = _mm512_set1_epi64(static_cast<long long>(limb_mask));
  const auto word = [&](std::size_t i) POLDER_LANES {
    return _mm512_i64gather_epi64(start, reinterpret_cast<const long long*>(x + i), 8);
  };
  std::size_t at = 0;                  // the next word
  Lane bits = _mm512_setzero_si512();  // not yet handed out, lowest first
  int held = shift;                    // how many: `shift` zeros first
  for (std::size_t j = 0; j < c.limbs; ++j) {
    Lane limb = bits;
    if (held < static_cast<int>(limb_bits) && at < c.words) {
      const Lane next = word(at++);
      limb = _mm512_or_si512(limb, _mm512_slli_epi64(next, static_cast<unsigned>(held)));
      const int used = static_cast<int>(limb_bits) - held;
      bits = _mm512_srli_epi64(next, static_cast<unsigned>(used));
      held = 64 - used;
    } else {
      bits = _mm512_srli_epi64(bits, limb_bits);
      held = std::max(0, held - static_cast<int>(limb_bits));
    }
    out[j] = _mm512_and_si512(limb, mask);
  }
}

// Subtracts n once from lanes that are not below it, and puts the numbers together to words.
POLDER_LANES void store(const Constants& c, Lane* x, std::size_t count, std::uint64_t* out) {
  const Lane mask = _mm512_set1_epi64(static_cast<long long>(limb_mask));
  Lane borrow = _mm512_setzero_si512();
  for (std::size_t j = 0; j < c.limbs; ++j) {
    const Lane difference = _mm512_sub_epi64(_mm512_sub_epi64(x[j], c.n[j]), borrow);
    borrow = _mm512_srli_epi64(difference, 63);
  }
  const __mmask8 above = _mm512_cmpeq_epi64_mask(borrow, _mm512_setzero_si512());
  borrow = _mm512_setzero_si512();
  for (std::size_t j = 0; j < c.limbs; ++j) {
    const Lane difference = _mm512_sub_epi64(_mm512_sub_epi64(x[j], c.n[j]), borrow);
    borrow = _mm512_srli_epi64(difference, 63);
    x[j] = _mm512_mask_and_epi64(x[j], above, difference, mask);
  }
  const Lane start = starts(c.words, count);
  const auto present = static_cast<__mmask8>(low_bits(count));
  Lane bits = _mm512_setzero_si512();
  int held = 0;
  for (std::size_t j = 0, at = 0; at < c.words; ++j) {
    const Lane limb = j < c.limbs ? x[j] : _mm512_setzero_si512();
    bits = _mm512_or_si512(bits, _mm512_slli_epi64(limb, static_cast<unsigned>(held)));
    held += static_cast<int>(limb_bits);
    if (held < 64) continue;
    _mm512_mask_i64scatter_epi64(reinterpret_cast<long long*>(out + at), present, start, bits, 8);
    held -= 64;
    bits = _mm512_srli_epi64(limb, static_cast<unsigned>(static_cast<int>(limb_bits) - held));
    ++at;
  }
}

// out = the entry at `digit` (of each lane its own), every entry read. The table has one number
// for all lanes.
POLDER_LANES void select(const std::uint64_t* table, std::size_t limbs, const std::uint64_t* digits,
                         Lane* out) {
  const Lane digit = _mm512_loadu_si512(digits);
  for (std::size_t j = 0; j < limbs; ++j) {
    out[j] = _mm512_set1_epi64(static_cast<long long>(table[j]));
  }
  for (std::size_t d = 1; d < window_size; ++d) {
    const __mmask8 here =
        _mm512_cmpeq_epi64_mask(digit, _mm512_set1_epi64(static_cast<long long>(d)));
    const std::uint64_t* entry = table + d * limbs;
    for (std::size_t j = 0; j < limbs; ++j) {
      out[j] = _mm512_mask_set1_epi64(out[j], here, static_cast<long long>(entry[j]));
    }
  }
}

// The same from a table of lanes, which has numbers of their own for each.
POLDER_LANES void select_own(Numbers& table, std::size_t size, std::size_t limbs,
                             const std::uint64_t* digits, Lane* out) {
  for (std::size_t j = 0; j < limbs; ++j) out[j] = _mm512_setzero_si512();
  const Lane wanted = _mm512_loadu_si512(digits);
  for (std::size_t d = 0; d < size; ++d) {
    const __mmask8 here =
        _mm512_cmpeq_epi64_mask(wanted, _mm512_set1_epi64(static_cast<long long>(d)));
    for (std::size_t j = 0; j < limbs; ++j) {
      out[j] = _mm512_mask_mov_epi64(out[j], here, table[d][j]);
    }
  }
}

}  // namespace

bool MontgomeryLanes::supported() {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512ifma");
}

MontgomeryLanes::MontgomeryLanes(const Integer& n, std::size_t words)
    : words_(words), limbs_(ceil_div(64 * words + 2, limb_bits)) {
  const Integer s = Integer(1) << (limb_bits * limbs_), r = Integer(1) << (64 * words_);
  shift_ = static_cast<int>(limb_bits * limbs_ - 64 * words_);
  n_ = limbs_of(n, limbs_);
  Integer inverse_of_r;
  mpz_invert(inverse_of_r.get_mpz_t(), r.get_mpz_t(), n.get_mpz_t());
  to_lanes_ = limbs_of(s * s * inverse_of_r % n, limbs_);
  to_words_ = limbs_of(r % n, limbs_);
  Integer inverse;
  const Integer base = Integer(1) << limb_bits;
  mpz_invert(inverse.get_mpz_t(), n.get_mpz_t(), base.get_mpz_t());
  negative_inverse_ = Integer(base - inverse).get_ui();
}

// One thread's work: constants in vectors, and places for numbers.
struct MontgomeryLanes::Work {
  POLDER_LANES Work(const MontgomeryLanes& of, std::size_t places)
      : numbers(places + 3, of.limbs_),
        constants{of.words_, of.limbs_, numbers[0],
                  _mm512_set1_epi64(static_cast<long long>(of.negative_inverse_))} {
    spread(of.n_, numbers[0]);
    spread(of.to_lanes_, numbers[1]);
    spread(of.to_words_, numbers[2]);
  }
  Lane* place(std::size_t i) { return numbers[3 + i]; }

  void multiply(const Lane* a, const Lane* b, Lane* out) { product(constants, a, b, out); }
  // x R in memory -> x S in place i; place j is overwritten.
  void enter(const std::uint64_t* x, std::size_t count, std::size_t i, std::size_t j) {
    load(constants, x, 0, count, place(j));
    multiply(place(j), numbers[1], place(i));
  }
  void leave(std::size_t i, std::size_t j, std::size_t count, std::uint64_t* out) {
    multiply(place(i), numbers[2], place(j));
    store(constants, place(j), count, out);
  }

  Numbers numbers;
  Constants constants;
};

void MontgomeryLanes::multiply(const std::uint64_t* a, const std::uint64_t* b, std::uint64_t* out,
                               std::size_t count) const {
  Work work(*this, 3);
  for (std::size_t at = 0; at < count; at += lanes) {
    const std::size_t here = std::min(lanes, count - at);
    load(work.constants, a + at * words_, 0, here, work.place(0));
    load(work.constants, b + at * words_, shift_, here, work.place(1));
    work.multiply(work.place(0), work.place(1), work.place(2));
    store(work.constants, work.place(2), here, out + at * words_);
  }
}

void MontgomeryLanes::square(std::uint64_t* x, int times, std::size_t count) const {
  Work work(*this, 2);
  for (std::size_t at = 0; at < count; at += lanes) {
    const std::size_t here = std::min(lanes, count - at);
    work.enter(x + at * words_, here, 0, 1);
    std::size_t now = 0;
    for (int k = 0; k < times; ++k, now = 1 - now) {
      work.multiply(work.place(now), work.place(now), work.place(1 - now));
    }
    work.leave(now, 1 - now, here, x + at * words_);
  }
}

void MontgomeryLanes::power(const std::uint64_t* x, const Exponents& exponents, std::uint64_t* out,
                            std::size_t count) const {
  constexpr std::size_t digit_bits = 4, entries = 16;
  Work work(*this, entries + 3);
  Numbers powers(entries, limbs_);
  for (std::size_t at = 0; at < count; at += lanes) {
    const std::size_t here = std::min(lanes, count - at);
    work.enter(x + at * words_, here, 0, 1);
    std::copy_n(work.place(0), limbs_, powers[1]);
    work.multiply(work.numbers[1], work.numbers[2], powers[0]);  // S^2 / R times R / S: one
    for (std::size_t d = 2; d < entries; ++d) work.multiply(powers[d - 1], powers[1], powers[d]);
    std::copy_n(powers[0], limbs_, work.place(0));
    for (std::size_t bit = exponents.words * 64; bit > 0; bit -= digit_bits) {
      for (std::size_t k = 0; k < digit_bits; k += 2) {
        work.multiply(work.place(0), work.place(0), work.place(1));
        work.multiply(work.place(1), work.place(1), work.place(0));
      }
      const std::size_t low = bit - digit_bits;
      std::uint64_t wanted[lanes];
      for (std::size_t i = 0; i < lanes; ++i) {
        const std::uint64_t* exponent = exponents.of(at + std::min(i, here - 1));
        wanted[i] = exponent[low / 64] >> (low % 64) & (entries - 1);
      }
      select_own(powers, entries, limbs_, wanted, work.place(2));
      work.multiply(work.place(0), work.place(2), work.place(1));
      std::copy_n(work.place(1), limbs_, work.place(0));
    }
    work.leave(0, 1, here, out + at * words_);
  }
}

Words MontgomeryLanes::table(const Words& numbers) const {
  const std::size_t count = numbers.size() / words_;
  Words out(count * limbs_);
  Work work(*this, 2);
  for (std::size_t i = 0; i < count; ++i) {
    work.enter(&numbers[i * words_], 1, 0, 1);
    for (std::size_t j = 0; j < limbs_; ++j) {
      out[i * limbs_ + j] = reinterpret_cast<const std::uint64_t*>(work.place(0) + j)[0];
    }
  }
  return out;
}

void MontgomeryLanes::fixed_base(const Words& table, std::span<const std::uint8_t> digits,
                                 std::uint64_t* out, std::size_t count) const {
  const std::size_t windows = digits.size() / std::max<std::size_t>(1, count);
  Work work(*this, 3);
  for (std::size_t at = 0; at < count; at += lanes) {
    const std::size_t here = std::min(lanes, count - at);
    std::size_t now = 0;
    for (std::size_t window = 0; window < windows; ++window) {
      std::uint64_t wanted[lanes];
      for (std::size_t i = 0; i < lanes; ++i) {
        wanted[i] = digits[(at + std::min(i, here - 1)) * windows + window];
      }
      const std::uint64_t* entries = &table[window * window_size * limbs_];
      select(entries, limbs_, wanted, work.place(window ? 2 : now));
      if (window == 0) continue;
      work.multiply(work.place(now), work.place(2), work.place(1 - now));
      now = 1 - now;
    }
    work.leave(now, 1 - now, here, out + at * words_);
  }
}

}  // namespace polder
