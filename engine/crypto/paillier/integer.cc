#include "crypto/paillier/integer.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>

#include "base/bits.h"
#include "base/error.h"
#include "base/memory.h"
#include "crypto/random.h"

namespace polder {
namespace {

static_assert(GMP_LIMB_BITS == 64 && GMP_NAIL_BITS == 0);

void* take(std::size_t bytes) {
  void* memory = std::malloc(bytes);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

void give(void* memory, std::size_t bytes) {
  wipe(memory, bytes);
  std::free(memory);
}

void* take_more(void* memory, std::size_t old_bytes, std::size_t bytes) {
  void* larger = take(bytes);
  std::copy_n(static_cast<const char*>(memory), std::min(old_bytes, bytes),
              static_cast<char*>(larger));
  give(memory, old_bytes);
  return larger;
}

}  // namespace

void ready_gmp() {
  // What others took before this from GMP's own malloc may be given back through these.
  static const bool ready = (mp_set_memory_functions(take, take_more, give), true);
  require(ready, "GMP does not start");
}

Integer random_bits(int bits) {
  ready_gmp();
  Words words(words_for_bits(static_cast<std::size_t>(bits)));
  random_words(words);
  if (bits % 64 != 0) words.back() &= low_bits(static_cast<std::size_t>(bits % 64));
  return from_words(words);
}

Integer random_below(const Integer& bound) {
  require(bound > 0, "integer: no number is below this bound");
  while (true) {
    Integer x = random_bits(bits_of(bound));
    if (x < bound) return x;
  }
}

Integer expand(std::span<const std::uint8_t, 32> key, std::uint64_t label, int bits) {
  ready_gmp();
  Words words(words_for_bits(static_cast<std::size_t>(bits)));
  for (std::size_t at = 0; at < words.size(); at += 4) {
    const std::uint64_t place[] = {label, at};
    const Digest256 digest = keyed_hash256(key, bytes_of(std::span(place)));
    std::memcpy(&words[at], digest.data(), 8 * std::min<std::size_t>(4, words.size() - at));
  }
  if (bits % 64 != 0) words.back() &= low_bits(static_cast<std::size_t>(bits % 64));
  return from_words(words);
}

void to_words(const Integer& x, std::span<std::uint64_t> words) {
  require(x >= 0 && mpz_size(x.get_mpz_t()) <= words.size(), "integer: does not fit its words");
  const std::size_t used = mpz_size(x.get_mpz_t());
  std::copy_n(mpz_limbs_read(x.get_mpz_t()), used, words.begin());
  std::fill(words.begin() + static_cast<std::ptrdiff_t>(used), words.end(), 0);
}

Integer from_words(std::span<const std::uint64_t> words) {
  ready_gmp();
  Integer x;
  if (words.empty()) return x;
  const auto count = static_cast<mp_size_t>(words.size());
  std::copy(words.begin(), words.end(), mpz_limbs_write(x.get_mpz_t(), count));
  mpz_limbs_finish(x.get_mpz_t(), count);
  return x;
}

Digest256 hash_of(const Integer& x, std::string_view purpose) {
  Words words(words_for_bits(static_cast<std::size_t>(bits_of(x))));
  to_words(x, words);
  return Hasher<32>().add(purpose).add(bytes_of(std::span<const std::uint64_t>(words))).finish();
}

Integer power_in_constant_time(const Integer& base, const Integer& exponent,
                               const Integer& modulus) {
  ready_gmp();
  if (exponent == 0) return 1;
  Integer result;
  mpz_powm_sec(result.get_mpz_t(), base.get_mpz_t(), exponent.get_mpz_t(), modulus.get_mpz_t());
  return result;
}

}  // namespace polder
