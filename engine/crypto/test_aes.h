// For tests: OpenSSL's AES in counter mode, which knows nothing of ours.
#pragma once

#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

namespace polder::testing {

/// What Aes128::counters gives.
inline std::vector<std::uint64_t> openssl_counters(const std::array<std::uint8_t, 16>& key,
                                                   std::uint64_t high, std::uint64_t first,
                                                   std::size_t words) {
  std::array<std::uint8_t, 16> counter;
  for (std::size_t i = 0; i < 8; ++i) {
    counter[i] = static_cast<std::uint8_t>(high >> (56 - 8 * i));
    counter[8 + i] = static_cast<std::uint8_t>(first >> (56 - 8 * i));
  }
  std::vector<std::uint64_t> zeros(words), out(words);
  const std::unique_ptr<EVP_CIPHER_CTX, void (*)(EVP_CIPHER_CTX*)> context(EVP_CIPHER_CTX_new(),
                                                                           EVP_CIPHER_CTX_free);
  int length = 0;
  EXPECT_EQ(
      EVP_EncryptInit_ex(context.get(), EVP_aes_128_ctr(), nullptr, key.data(), counter.data()), 1);
  EXPECT_EQ(EVP_EncryptUpdate(context.get(), reinterpret_cast<std::uint8_t*>(out.data()), &length,
                              reinterpret_cast<const std::uint8_t*>(zeros.data()),
                              static_cast<int>(words * 8)),
            1);
  return out;
}

}  // namespace polder::testing
