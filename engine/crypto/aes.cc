#include "crypto/aes.h"

#include <openssl/evp.h>

#include <algorithm>
#include <memory>

#include "base/error.h"
#include "base/memory.h"

#define HWY_WANT_AVX3_DL 1
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "crypto/aes.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace polder {
namespace HWY_NAMESPACE {

#if HWY_TARGET == HWY_SCALAR  // no byte shuffle: left to OpenSSL, which also expands the key

void expand(const std::uint8_t* key, std::uint8_t* round_keys) { std::copy_n(key, 16, round_keys); }

void encrypt_counters(const std::uint8_t* key, std::uint64_t high, std::uint64_t first,
                      std::uint64_t* out, std::size_t n) {
  std::uint8_t counter[16];
  for (int i = 0; i < 8; ++i) {
    counter[i] = static_cast<std::uint8_t>(high >> (56 - 8 * i));
    counter[8 + i] = static_cast<std::uint8_t>(first >> (56 - 8 * i));
  }
  const std::unique_ptr<EVP_CIPHER_CTX, void (*)(EVP_CIPHER_CTX*)> mode(EVP_CIPHER_CTX_new(),
                                                                        EVP_CIPHER_CTX_free);
  require(mode && EVP_EncryptInit_ex(mode.get(), EVP_aes_128_ctr(), nullptr, key, counter) == 1,
          "aes: OpenSSL refuses the key");

  constexpr std::size_t most = std::size_t{1} << 26;  // OpenSSL counts bytes in an int
  for (std::size_t at = 0; at < n; at += most) {
    const std::size_t count = std::min(most, n - at);
    auto* bytes = reinterpret_cast<std::uint8_t*>(out + at);
    std::fill_n(out + at, count, 0);
    int done = 0;
    require(EVP_EncryptUpdate(mode.get(), bytes, &done, bytes, static_cast<int>(count * 8)) == 1,
            "aes: OpenSSL fails");
  }
}

void encrypt_blocks(const std::uint8_t* key, std::uint64_t* words, std::size_t n) {
  const std::unique_ptr<EVP_CIPHER_CTX, void (*)(EVP_CIPHER_CTX*)> mode(EVP_CIPHER_CTX_new(),
                                                                        EVP_CIPHER_CTX_free);
  require(mode && EVP_EncryptInit_ex(mode.get(), EVP_aes_128_ecb(), nullptr, key, nullptr) == 1 &&
              EVP_CIPHER_CTX_set_padding(mode.get(), 0) == 1,
          "aes: OpenSSL refuses the key");
  constexpr std::size_t most = std::size_t{1} << 26;
  for (std::size_t at = 0; at < n; at += most) {
    auto* bytes = reinterpret_cast<std::uint8_t*>(words + at);
    int done = 0;
    require(EVP_EncryptUpdate(mode.get(), bytes, &done, bytes,
                              static_cast<int>(std::min(most, n - at) * 8)) == 1,
            "aes: OpenSSL fails");
  }
}

#else

namespace hn = hwy::HWY_NAMESPACE;

using Block = hn::FixedTag<std::uint8_t, 16>;
#if HWY_TARGET == HWY_AVX3_DL
using Lanes = hn::CappedTag<std::uint8_t, 64>;
#else  // AES instructions work on one block, and cutting wider vectors up costs a third
using Lanes = Block;
#endif
using Words = hn::Repartition<std::uint64_t, Lanes>;

// The key schedule needs the S-box on one 32-bit word. The last AES round of four equal columns is
// just that: shifting rows changes nothing and a zero key adds nothing.
void expand(const std::uint8_t* key, std::uint8_t* round_keys) {
  const Block block;
  const hn::Repartition<std::uint32_t, Block> columns;
  alignas(16) std::uint32_t word[4];
  hn::Store(hn::BitCast(columns, hn::LoadU(block, key)), columns, word);
  hn::StoreU(hn::LoadU(block, key), block, round_keys);

  std::uint32_t constant = 1;
  for (int round = 1; round <= 10; ++round) {
    const auto turned = hn::Set(columns, word[3] >> 8 | word[3] << 24);
    const auto mixed = hn::AESLastRound(hn::BitCast(block, turned), hn::Zero(block));
    word[0] ^= hn::GetLane(hn::BitCast(columns, mixed)) ^ constant;
    for (int i = 1; i < 4; ++i) word[i] ^= word[i - 1];
    hn::StoreU(hn::BitCast(block, hn::Load(columns, word)), block, round_keys + 16 * round);
    constant = constant << 1 ^ (constant >> 7) * 0x11b;
  }
  wipe(word, sizeof word);
}

void encrypt_counters(const std::uint8_t* round_keys, std::uint64_t high, std::uint64_t first,
                      std::uint64_t* out, std::size_t n) {
  constexpr std::size_t in_flight = 8;
  const Lanes lanes;
  const Words words;
  const std::size_t step = hn::Lanes(words);

  alignas(64) std::uint64_t start[8], next[8];  // a counter block is two words
  for (std::size_t i = 0; i < 8; i += 2) {
    start[i] = high, start[i + 1] = first + i / 2;
    next[i] = 0, next[i + 1] = step / 2;
  }
  auto counter = hn::Load(words, start);
  const auto ahead = hn::Load(words, next);
  alignas(16) static constexpr std::uint8_t turn[16] = {7,  6,  5,  4,  3,  2,  1, 0,
                                                        15, 14, 13, 12, 11, 10, 9, 8};
  const auto big_endian = hn::LoadDup128(lanes, turn);

  for (std::size_t at = 0; at < n; at += in_flight * step) {
    hn::Vec<Lanes> state[in_flight];
    for (auto& s : state) {
      const auto block = hn::TableLookupBytes(hn::BitCast(lanes, counter), big_endian);
      s = hn::Xor(block, hn::LoadDup128(lanes, round_keys));
      counter = hn::Add(counter, ahead);
    }
    for (int round = 1; round < 10; ++round) {
      const auto key = hn::LoadDup128(lanes, round_keys + 16 * round);
      for (auto& s : state) s = hn::AESRound(s, key);
    }
    const auto key = hn::LoadDup128(lanes, round_keys + 160);
    for (std::size_t i = 0; i < in_flight; ++i) {
      const auto block = hn::AESLastRound(state[i], key);
      hn::StoreU(hn::BitCast(words, block), words, out + at + i * step);
    }
  }
}

// `count` vectors of blocks from `words` on.
template <std::size_t count, typename Tag>
HWY_INLINE void encrypt_vectors(Tag words, const std::uint8_t* round_keys, std::uint64_t* at) {
  const hn::Repartition<std::uint8_t, Tag> lanes;
  const std::size_t step = hn::Lanes(words);
  hn::Vec<decltype(lanes)> state[count];
  for (std::size_t i = 0; i < count; ++i) {
    const auto block = hn::BitCast(lanes, hn::LoadU(words, at + i * step));
    state[i] = hn::Xor(block, hn::LoadDup128(lanes, round_keys));
  }
  for (int round = 1; round < 10; ++round) {
    const auto key = hn::LoadDup128(lanes, round_keys + 16 * round);
    for (auto& s : state) s = hn::AESRound(s, key);
  }
  const auto key = hn::LoadDup128(lanes, round_keys + 160);
  for (std::size_t i = 0; i < count; ++i) {
    hn::StoreU(hn::BitCast(words, hn::AESLastRound(state[i], key)), words, at + i * step);
  }
}

void encrypt_blocks(const std::uint8_t* round_keys, std::uint64_t* words, std::size_t n) {
  constexpr std::size_t in_flight = 8;
  const Words lanes;
  const hn::Repartition<std::uint64_t, Block> block;
  const std::size_t batch = in_flight * hn::Lanes(lanes);
  std::size_t at = 0;
  for (; at + batch <= n; at += batch) encrypt_vectors<in_flight>(lanes, round_keys, words + at);
  for (; at < n; at += 2) encrypt_vectors<1>(block, round_keys, words + at);
}

#endif

}  // namespace HWY_NAMESPACE
}  // namespace polder
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace polder {
namespace {

HWY_EXPORT(expand);
HWY_EXPORT(encrypt_counters);
HWY_EXPORT(encrypt_blocks);

}  // namespace

Aes128::Aes128(const std::array<std::uint8_t, 16>& key) {
  HWY_DYNAMIC_DISPATCH(expand)(key.data(), round_keys_.data());
}

Aes128::~Aes128() { wipe(round_keys_.data(), round_keys_.size()); }

void Aes128::counters(std::uint64_t high, std::uint64_t first,
                      std::span<std::uint64_t> words) const {
  require(words.size() % group_words == 0, "aes: the words are no whole groups");
  HWY_DYNAMIC_DISPATCH(encrypt_counters)
  (round_keys_.data(), high, first, words.data(), words.size());
}

void Aes128::blocks(std::span<std::uint64_t> words) const {
  require(words.size() % 2 == 0, "aes: the words are no whole blocks");
  HWY_DYNAMIC_DISPATCH(encrypt_blocks)(round_keys_.data(), words.data(), words.size());
}

}  // namespace polder
#endif
