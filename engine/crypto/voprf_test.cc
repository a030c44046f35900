// Oracle: the test vectors of RFC 9497, A.1.2, and the definition by one party alone.
#include "crypto/voprf.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "crypto/hex.h"

namespace polder {
namespace {

using Input = std::vector<std::uint8_t>;

constexpr std::string_view text_info = "test key";
const Input first_input{0x00}, second_input(17, 0x5a);
constexpr const char* blind_of_first =
    "64d37aed22a27f5191de1c1d69fadb899d8862b58eb4220029e036ec4c1f6706";
constexpr const char* other_scalar =
    "222a5e897cf59db8145db8d16e597e8facb80ae7d4e26d9881aa6f61d645fc0e";
constexpr const char* first_output =
    "b58cfbe118e0cb94d79b5fd6a6dafb98764dff49c14e1770b566e42402da1a7d"
    "a4d8527693914139caee5bd03903af43a491351d23b430948dd50cde10d32b3c";
constexpr const char* second_output =
    "8a9a2f3c7f085b65933594309041fc1898d42d0858e59f90814ae90571a6df60"
    "356f4610bf816f27afdd84f47719e480906d27ecd994985890e5f539e7ea74b6";

VoprfKey rfc_key() {
  std::array<std::uint8_t, 32> seed;
  seed.fill(0xa3);
  return VoprfKey::derive(seed, bytes_of(text_info));
}

Scalar scalar(const char* hex) { return Scalar(from_hex<32>(hex)); }

struct Vector {
  VoprfQuery::Inputs inputs;
  std::vector<const char*> blinds, blinded, evaluated;
  const char* random;
  const char* proof;
  std::vector<const char*> outputs;
};

const std::vector<Vector>& vectors() {
  static const std::vector<Vector> all{
      {{first_input},
       {blind_of_first},
       {"863f330cc1a1259ed5a5998a23acfd37fb4351a793a5b3c090b642ddc439b945"},
       {"aa8fa048764d5623868679402ff6108d2521884fa138cd7f9c7669a9a014267e"},
       other_scalar,
       "ddef93772692e535d1a53903db24367355cc2cc78de93b3be5a8ffcc6985dd06"
       "6d4346421d17bf5117a2a1ff0fcb2a759f58a539dfbe857a40bce4cf49ec600d",
       {first_output}},
      {{second_input},
       {blind_of_first},
       {"cc0b2a350101881d8a4cba4c80241d74fb7dcbfde4a61fde2f91443c2bf9ef0c"},
       {"60a59a57208d48aca71e9e850d22674b611f752bed48b36f7a91b372bd7ad468"},
       other_scalar,
       "401a0da6264f8cf45bb2f5264bc31e109155600babb3cd4e5af7d181a2c9dc0a"
       "67154fabf031fd936051dec80b0b6ae29c9503493dde7393b722eafdf5a50b02",
       {second_output}},
      {{first_input, second_input},
       {blind_of_first, other_scalar},
       {"863f330cc1a1259ed5a5998a23acfd37fb4351a793a5b3c090b642ddc439b945",
        "90a0145ea9da29254c3a56be4fe185465ebb3bf2a1801f7124bbbadac751e654"},
       {"aa8fa048764d5623868679402ff6108d2521884fa138cd7f9c7669a9a014267e",
        "cc5ac221950a49ceaa73c8db41b82c20372a4c8d63e5dded2db920b7eee36a2a"},
       "419c4f4f5052c53c45f3da494d2b67b220d02118e0857cdbcf037f9ea84bbe0c",
       "cc203910175d786927eeb44ea847328047892ddf8590e723c37205cb74600b0a"
       "5ab5337c8eb4ceae0494c2cf89529dcf94572ed267473d567aeed6ab873dee08",
       {first_output, second_output}}};
  return all;
}

TEST(Voprf, GivesThePublishedAnswers) {
  const VoprfKey key = rfc_key();
  EXPECT_EQ(to_hex(key.public_point()),
            "c803e2cc6b05fc15064549b5920659ca4a77b2cca6f04f6b357009335476ad4e");
  for (const Vector& vector : vectors()) {
    std::vector<Scalar> blinds;
    for (const char* blind : vector.blinds) blinds.push_back(scalar(blind));
    const VoprfQuery query(vector.inputs, std::move(blinds));
    const VoprfAnswer answer = key.answer(query.blinded(), scalar(vector.random));
    const auto outputs = query.outputs(key.public_point(), answer);
    EXPECT_EQ(to_hex(answer.proof), vector.proof);
    for (std::size_t i = 0; i < vector.inputs.size(); ++i) {
      EXPECT_EQ(to_hex(query.blinded()[i]), vector.blinded[i]);
      EXPECT_EQ(to_hex(answer.evaluated[i]), vector.evaluated[i]);
      EXPECT_EQ(to_hex(outputs[i].raw()), vector.outputs[i]);
      EXPECT_EQ(to_hex(key(vector.inputs[i]).raw()), vector.outputs[i]);
    }
  }
}

VoprfQuery::Inputs inputs(std::size_t n) {
  VoprfQuery::Inputs all;
  for (std::size_t i = 0; i < n; ++i) all.push_back(Input(i, static_cast<std::uint8_t>(i)));
  return all;
}

TEST(Voprf, BatchesOfEverySizeEqualTheHoldersOwn) {
  const VoprfKey key = rfc_key();
  for (const std::size_t n : {1, 2, 3, 64}) {
    const VoprfQuery query(inputs(n));
    const auto outputs = query.outputs(key.public_point(), key.answer(query.blinded()));
    for (std::size_t i = 0; i < n; ++i) EXPECT_EQ(outputs[i].raw(), key(inputs(n)[i]).raw()) << i;
  }
}

TEST(Voprf, TheSameQueryIsNeverSentTwiceAlike) {
  EXPECT_NE(VoprfQuery(inputs(1)).blinded(), VoprfQuery(inputs(1)).blinded());
}

TEST(Voprf, EveryByteOfAnAnswerIsProven) {
  const VoprfKey key = rfc_key();
  const VoprfQuery query(inputs(2));
  const VoprfAnswer good = key.answer(query.blinded());
  const auto refused = [&](const VoprfAnswer& answer, const Point& of) {
    EXPECT_THROW(query.outputs(of, answer), Error);
  };
  for (std::size_t at = 0; at < good.proof.size(); ++at) {
    VoprfAnswer bad = good;
    bad.proof[at] ^= 1;
    refused(bad, key.public_point());
  }
  for (std::size_t at = 0; at < point_bytes; ++at) {
    VoprfAnswer bad = good;
    bad.evaluated[1][at] ^= 2;
    refused(bad, key.public_point());
  }
  VoprfAnswer swapped = good;
  std::swap(swapped.evaluated[0], swapped.evaluated[1]);
  refused(swapped, key.public_point());
  VoprfAnswer fewer = good;
  fewer.evaluated.pop_back();
  refused(fewer, key.public_point());
}

TEST(Voprf, AnotherKeyIsFound) {
  const VoprfKey key = rfc_key();
  const VoprfKey other = VoprfKey::derive(std::array<std::uint8_t, 32>{}, {});
  const VoprfQuery query(inputs(1));
  const VoprfAnswer answer = other.answer(query.blinded());
  EXPECT_THROW(query.outputs(key.public_point(), answer), Error);
  EXPECT_NE(query.outputs(other.public_point(), answer)[0].raw(), key(inputs(1)[0]).raw());
}

TEST(Voprf, ZeroAndWhatIsNoPointAreRefused) {
  const VoprfKey key = rfc_key();
  Point none;
  none.fill(0xff);
  for (const Point& bad : {Point{}, none}) {
    EXPECT_THROW(key.answer(std::span(&bad, 1)), Error);
    const VoprfQuery query(inputs(1));
    const VoprfAnswer good = key.answer(query.blinded());
    EXPECT_THROW(query.outputs(bad, good), Error);
    VoprfAnswer lie = good;
    lie.evaluated[0] = bad;
    EXPECT_THROW(query.outputs(key.public_point(), lie), Error);
  }
}

}  // namespace
}  // namespace polder
