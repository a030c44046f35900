// Bytes from the wire as ciphertexts and as parts of a decryption. What GMP's plain arithmetic
// would not take is refused; what is taken goes through every operation, and its decryption is a
// number below N or a named error.

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "base/error.h"
#include "crypto/paillier/paillier.h"

namespace {

using namespace polder;

struct Known {
  Known() {
    Integer p = Integer(3) << 254, q = Integer(7) << 253;
    mpz_nextprime(p.get_mpz_t(), p.get_mpz_t());
    mpz_nextprime(q.get_mpz_t(), q.get_mpz_t());
    const auto group = std::make_shared<const PaillierGroup>(p * q);
    key = std::make_unique<PaillierKey>(group, std::vector<Words>{group->public_part(share)});
  }
  PaillierShare share = PaillierShare::random();
  std::unique_ptr<const PaillierKey> key;
};

void check(bool holds) {
  if (!holds) std::abort();
}

bool fine(std::span<const std::uint64_t> number, const Modulus& modulus, const Integer& n) {
  const Integer x = from_words(number);
  return x < modulus.value() && gcd(x, n) == 1;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Known known;
  const PaillierKey& key = *known.key;
  const std::size_t w = key.n().words();

  // One right ciphertext and a part of its decryption, over which the input is laid.
  Ciphertexts x = key.encrypt(1, Words{5});
  Words part = key.raise(key.inverses(x), known.share);
  Words wire(x.u);
  wire.insert(wire.end(), x.v.begin(), x.v.end());
  wire.insert(wire.end(), part.begin(), part.end());
  if (size > 0) {
    const std::size_t at = data[0] * wire.size() * 8 / 256;
    std::memcpy(reinterpret_cast<std::uint8_t*>(wire.data()) + at, data + 1,
                std::min(size - 1, wire.size() * 8 - at));
  }
  std::copy_n(wire.begin(), w, x.u.begin());
  std::copy_n(wire.begin() + static_cast<std::ptrdiff_t>(w), 2 * w, x.v.begin());
  std::copy_n(wire.begin() + static_cast<std::ptrdiff_t>(3 * w), w, part.begin());

  const Integer& n = key.n().value();
  check(key.valid(x) == (fine(x.u, key.n(), n) && fine(x.v, key.n_squared(), n)));
  check(key.valid(part) == fine(part, key.n(), n));
  if (!key.valid(x) || !key.valid(part)) return 0;
  Ciphertexts sum = x;
  key.negate(sum);
  key.add(sum, x);
  key.refresh(sum);
  check(key.valid(sum));
  check(key.combine(sum, key.raise(key.inverses(sum), known.share))[0] == 0);
  try {
    check(key.combine(x, part)[0] < n);
  } catch (const Error& error) {
    check(error.code() == Code::cheating);
  }
  return 0;
}
