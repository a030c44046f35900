#include "crypto/hash.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "base/error.h"
#include "base/memory.h"
#include "crypto/compare.h"
#include "crypto/hex.h"

namespace polder {
namespace {

constexpr std::array<std::uint8_t, 32> counting_key() {
  std::array<std::uint8_t, 32> key{};
  for (std::size_t i = 0; i < key.size(); ++i) key[i] = static_cast<std::uint8_t>(i);
  return key;
}

// Bytes 0, 1, 2, … 250, 0, 1, …
std::string counting(std::size_t length) {
  std::string text(length, '\0');
  for (std::size_t i = 0; i < length; ++i) text[i] = static_cast<char>(i % 251);
  return text;
}

struct Known {
  std::size_t length;
  const char *plain16, *plain32, *keyed16, *keyed32;
};

// From Python's hashlib, which has its own BLAKE2 (RFC 7693): blake2b(counting(length),
// digest_size=16 or 32, key=b"" or bytes(range(32))).
constexpr Known known[] = {
    {0, "cae66941d9efbd404e4d88758ea67670",
     "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8",
     "3daf97bce7888fd59773c66bf647459c",
     "4e51e7a913fc80137da52880fecca175bf81e117d5c68126dc2774033517ea0d"},
    {1, "7025e075d5e2f6cde3cc051a31f07660",
     "03170a2e7597b7b7e3d84c05391d139a62b157e78786d8c082f29dcf4c111314",
     "cb0f7736a53974236661585b8842dd8c",
     "41ff93a4eaeebd3b78a93438a6f62a92ab5959c859e682b72c7def406197ca4d"},
    {3, "a75c0b0d97360c1ba783496eb6a0395a",
     "3d8c3d594928271f44aad7a04b177154806867bcf918e1549c0bc16f9da2b09b",
     "194701a386811588a35d83be1f36769c",
     "e14fc9161564dd081204f2dd6146a9ffbef66f95d5dc80e0a225e213c09dad7b"},
    {127, "28b1296c7d4807883de6ee4ec04dcc0a",
     "f2fe67ff342e21b8f45e8f2e0bcd1d9243245d50ee6c78042e9c491388791c72",
     "1bd91774d74d27c31ebf3b9089a29219",
     "12879e69734944f25f9ed95cbfdbb3659a307e485ed8ec118ce7c60f107357f1"},
    {128, "a74787004ef589e31149183900d0294a",
     "c3582f71ebb2be66fa5dd750f80baae97554f3b015663c8be377cfcb2488c1d1",
     "45d43af02414a146c8803c3f7da3554d",
     "138893f1631ef3165629515d6ed800da3771b7926dced294205c7507351deebc"},
    {129, "aaf1b0371f6d4ee49ee4fb5ddd9c49ef",
     "f7f3c46ba2564ff4c4c162da1f5b605f9f1c4aa6a20652a9f9a337c1a2f5b9c9",
     "aab5517a7ade99ce990a81aa3d3ea27d",
     "ca60f75cbb714330c046d8f28b4ed351a3ee81776bb02a96abb646fe573e3d5c"},
    {255, "e2f3b2a57bcf64d626b37fc9c12674a1",
     "d9ef0fc521b4266d16df662bec231bc2ec3989e7adeaf63169c295dc239dbbea",
     "c5426cd6aa5c303707d684759d6b5b7c",
     "5de94a8a1a2649b337aadbf67a17cc7f3ff63d6c70b84179a3db0614a1cab865"},
    {256, "1142c504dcd26338b7cbcf41424540d0",
     "582f782226018ec33076bd8d1c42413530ac7e1126260ffc0f306ba3befc3f24",
     "5da794ea4e08b3d7177a21f39541f1db",
     "da3bcd809850732f09afb9c749da4fc019f47d0ea35a28282f482ef5ffd91378"},
    {1000, "bca120dfd89cd95d82898473a5b01c90",
     "b372d0608f720c8c3dd41e9c8eecb10143b41abe520b616607e754bf79c08331",
     "425f3db3e772e7f256537995638e503c",
     "bf9c0d3a2590251349ad634ad07f03958d0be63d5f9533daf62752de734b2c76"},
    {5000, "05ee1ca136ba74b41290c4175909e335",
     "380a35589ac0b8796076c76b284d2e0dd0842d3eac226475610946e0c2277b8b",
     "28e1fe45db40bb78932c2a3a3f8b7531",
     "313f67d2296b6f521d7a704fc2df52007d548a2bd3b635966a559b8a23a11142"},
};

TEST(Hash, HasTheKnownValues) {
  const auto key = counting_key();
  for (const Known& k : known) {
    const std::string input = counting(k.length);
    EXPECT_EQ(to_hex(hash128(input)), k.plain16) << k.length;
    EXPECT_EQ(to_hex(hash256(input)), k.plain32) << k.length;
    EXPECT_EQ(to_hex(identifier_hash(key, input)), k.keyed16) << k.length;
    EXPECT_EQ(to_hex(keyed_hash256(key, input)), k.keyed32) << k.length;
  }
}

TEST(Hash, OfAbcIsTheKnownOne) {
  EXPECT_EQ(to_hex(hash256("abc")),
            "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
}

TEST(Hasher, OfPiecesIsThatOfTheWhole) {
  const auto key = counting_key();
  for (const Known& k : known) {
    const std::string input = counting(k.length);
    for (std::size_t piece : {1, 7, 64, 127, 128, 129, 1000}) {
      Hasher<16> plain16;
      Hasher<32> plain32;
      Hasher<16> keyed16(key);
      Hasher<32> keyed32(key);
      for (std::size_t at = 0; at < input.size(); at += piece) {
        const auto part = std::string_view(input).substr(at, piece);
        plain16.add(part), plain32.add(part), keyed16.add(part), keyed32.add(part);
      }
      EXPECT_EQ(to_hex(plain16.finish()), k.plain16);
      EXPECT_EQ(to_hex(plain32.finish()), k.plain32);
      EXPECT_EQ(to_hex(keyed16.finish()), k.keyed16);
      EXPECT_EQ(to_hex(keyed32.finish()), k.keyed32);
    }
  }
}

TEST(Hasher, CannotFinishTwice) {
  Hasher<32> hasher;
  hasher.add("x");
  hasher.finish();
  EXPECT_THROW(hasher.finish(), Error);
}

TEST(IdentifierHash, DependsOnEveryBitOfTheKey) {
  std::set<Digest128> seen;
  auto key = counting_key();
  for (std::size_t bit = 0; bit < 256; ++bit) {
    key[bit / 8] ^= static_cast<std::uint8_t>(1u << bit % 8);
    seen.insert(identifier_hash(key, "NL91ABNA0417164300"));
    key[bit / 8] ^= static_cast<std::uint8_t>(1u << bit % 8);
  }
  seen.insert(identifier_hash(key, "NL91ABNA0417164300"));
  EXPECT_EQ(seen.size(), 257u);
}

TEST(Hex, GoesThereAndBack) {
  const std::array<std::uint8_t, 4> bytes{0x00, 0x9f, 0xa0, 0xff};
  EXPECT_EQ(to_hex(bytes), "009fa0ff");
  EXPECT_EQ(to_hex({}), "");
  EXPECT_EQ(from_hex<4>("009FA0ff"), bytes);
}

TEST(Hex, RefusesWhatIsNotExactlyTheDigits) {
  for (std::string_view wrong : {"", "00", "0000000", "000000000", "0000000g", "000 0000",
                                 "00:00:00", "0x000000", "0000000\0"}) {
    EXPECT_THROW(from_hex<4>(wrong), Error) << wrong;
  }
}

TEST(Compare, TellsEqualFromDifferentInAnyByteAndLength) {
  for (std::size_t length : {0, 1, 16, 33, 1000}) {
    const std::string text = counting(length);
    std::string other = text;
    EXPECT_TRUE(equal_in_constant_time(bytes_of(text), bytes_of(other)));
    for (std::size_t i = 0; i < length; ++i) {
      other[i] = static_cast<char>(other[i] ^ 0x80);
      EXPECT_FALSE(equal_in_constant_time(bytes_of(text), bytes_of(other)));
      other[i] = static_cast<char>(other[i] ^ 0x80);
    }
    EXPECT_FALSE(equal_in_constant_time(bytes_of(text), bytes_of(other + "x")));
  }
}

}  // namespace
}  // namespace polder
