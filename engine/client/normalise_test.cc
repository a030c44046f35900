// Oracle: spellings written down by hand, ISO 13616's published examples, and Unicode's own
// property that a normal form is reached once.
#include "client/normalise.h"

#include <gtest/gtest.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

namespace polder {
namespace {

TEST(Normalise, FoldsCaseSpacesAndCompatibilityForms) {
  EXPECT_EQ(normalise("  Jan   de\tVries "), "jan de vries");
  EXPECT_EQ(normalise("STRASSE"), normalise("straße"));
  EXPECT_EQ(normalise("ＡＢＣ１２３"), "abc123");              // full width
  EXPECT_EQ(normalise("Cafe\u0301"), normalise("CAF\u00C9"));  // composed or not
  EXPECT_EQ(normalise("a\u00A0\u2003b\u3000"), "a b");         // no-break, em, ideographic
  EXPECT_EQ(normalise("\u1680a\u2028\u2029b\u0085"), "a b");   // left alone by NFKC itself
  EXPECT_EQ(normalise("ﬁn"), "fin");
  EXPECT_EQ(normalise("K-12"), normalise("\u212A-12"));  // Kelvin sign
  EXPECT_EQ(normalise("ΌΣΟΣ"), normalise("όσος"));       // final sigma
}

TEST(Normalise, KeepsWhatMakesClientsDifferent) {
  EXPECT_NE(normalise("0012"), normalise("12"));
  EXPECT_NE(normalise("a b"), normalise("ab"));
  EXPECT_NE(normalise("é"), normalise("e"));
  EXPECT_NE(normalise("A-1"), normalise("A1"));
}

TEST(Normalise, EmptyAndBlankGiveNothing) {
  for (const char* cell : {"", " ", "\t \r\n", "\u00A0\u3000", "\x1C\x1F"})
    EXPECT_EQ(normalise(cell), "");
}

TEST(Normalise, IbansLoseTheirSpacesOtherNumbersDoNot) {
  EXPECT_EQ(normalise("NL91 ABNA 0417 1643 00"), "nl91abna0417164300");
  EXPECT_EQ(normalise("nl91abna0417164300"), "nl91abna0417164300");
  EXPECT_EQ(normalise("gb82 west 1234 5698 7654 32"), "gb82west12345698765432");
  EXPECT_EQ(normalise("ＮＬ91\u00A0ABNA 0417 1643 00"), "nl91abna0417164300");
  EXPECT_EQ(normalise("NL92 ABNA 0417 1643 00"), "nl92 abna 0417 1643 00");  // wrong check digits
  EXPECT_EQ(normalise("1234 5678 9012 3456"), "1234 5678 9012 3456");
}

TEST(Normalise, IbanExamplesOfTheRegistry) {
  for (const char* iban : {"be68539007547034", "de89370400440532013000", "no9386011117947",
                           "mt84malt011000012345mtlcast001s", "fr1420041010050500013m02606"}) {
    EXPECT_TRUE(is_iban(iban)) << iban;
  }
  EXPECT_FALSE(is_iban("de89370400440532013001"));
  EXPECT_FALSE(is_iban("de8937040044"));
  EXPECT_FALSE(is_iban(""));
  EXPECT_FALSE(is_iban("de89370400440532013000de89370400440532013000"));
}

TEST(Normalise, AsciiShortCutAgreesWithUnicode) {
  for (int c = 1; c < 0x80; ++c) {
    const std::string ascii = {'x', ' ', static_cast<char>(c), 'Y'};
    // One character beyond ASCII that folding leaves alone forces the general way.
    EXPECT_EQ(normalise(ascii) + " é", normalise(ascii + " é")) << c;
  }
}

TEST(Normalise, TwiceIsOnceForEveryCodePoint) {
  for (UChar32 c = 1; c <= 0x10FFFF; ++c) {
    if (U_IS_SURROGATE(c)) continue;
    std::string text = "a";
    icu::UnicodeString(c).toUTF8String(text);
    text += 'b';
    const std::string once = normalise(text);
    ASSERT_EQ(normalise(once), once) << std::hex << c;
  }
}

TEST(KeyPart, DifferentPartsNeverJoinToTheSameKey) {
  const auto key = [](std::initializer_list<const char*> parts) {
    std::string joined;
    for (const char* part : parts) append_key_part(joined, part);
    return joined;
  };
  EXPECT_NE(key({"ab", "c"}), key({"a", "bc"}));
  EXPECT_NE(key({"ab", ""}), key({"", "ab"}));
  EXPECT_NE(key({"a", "b"}), key({"ab"}));
  EXPECT_NE(key({"a"}), key({"a", ""}));
  EXPECT_EQ(key({"a", "b"}), std::string("\1\0\0\0a\1\0\0\0b", 10));
}

}  // namespace
}  // namespace polder
