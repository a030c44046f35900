// Oracle: spellings written down by hand, the published examples of each number, and Unicode's own
// property that a normal form is reached once. python/tests/normalise_test.py computes the forms
// anew.
#include "client/identifiers/kinds.h"

#include <gtest/gtest.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include "base/error.h"

namespace polder {
namespace {

using State = NormalForm::State;

NormalForm form(std::string_view cell, std::string_view kind = usual_kind) {
  return normal_form(kind_named(kind), cell);
}

std::string normal(std::string_view cell, std::string_view kind = usual_kind) {
  return form(cell, kind).text;
}

/// What is said of a cell that is refused; "" if it is not.
std::string refusal(std::string_view cell, std::string_view kind = usual_kind) {
  try {
    form(cell, kind);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::bad_input);
    return error.what();
  }
  return "";
}

bool refused(std::string_view cell, std::string_view kind) { return !refusal(cell, kind).empty(); }

void expect_one(std::initializer_list<const char*> spellings, std::string_view kind = usual_kind) {
  for (const char* const spelling : spellings)
    EXPECT_EQ(normal(spelling, kind), normal(*spellings.begin(), kind)) << spelling;
}

TEST(TextKind, FoldsCaseSpacesAndCompatibilityForms) {
  EXPECT_EQ(normal("  Jan   de\tVries "), "jan de vries");
  EXPECT_EQ(normal("STRASSE"), normal("straße"));
  EXPECT_EQ(normal("ＡＢＣ１２３"), "abc123");           // full width
  EXPECT_EQ(normal("Cafe\u0301"), normal("CAF\u00C9"));  // composed or not
  EXPECT_EQ(normal("a\u00A0\u2003b\u3000"), "a b");      // no-break, em, ideographic
  EXPECT_EQ(normal("\u1680a\u2028\u2029b\u0085"), "a b");
  EXPECT_EQ(normal("ﬁn"), "fin");
  EXPECT_EQ(normal("K-12"), normal("\u212A-12"));  // Kelvin sign
  EXPECT_EQ(normal("ΌΣΟΣ"), normal("όσος"));       // final sigma
}

TEST(TextKind, KeepsWhatMakesClientsDifferent) {
  EXPECT_NE(normal("0012"), normal("12"));
  EXPECT_NE(normal("a b"), normal("ab"));
  EXPECT_NE(normal("é"), normal("e"));
  EXPECT_NE(normal("A-1"), normal("A1"));
  EXPECT_NE(normal("АВ123"), normal("AB123"));  // Cyrillic
}

TEST(TextKind, F4WordsForNoValueAreNoClients) {
  for (const char* const word :
       {"NULL",      "N/A",       "n/a",         "#N/A",          "-",     "--",
        "0",         "000000000", "nan",         "NaN",           "None",  "unknown",
        "Unknown",   "-0-",       "NCT00000000", "0000-00-00",    "?",     "...",
        "999999999", "(null)",    "<NA>",        "\\N",           "#REF!", "onbekend",
        "N.V.T.",    "\u2014",    "ＮＵＬＬ",    "U\u200BNKNOWN", "XxX",   "'0"}) {
    EXPECT_EQ(form(word).state, State::placeholder) << word;
    EXPECT_EQ(form(word, "exact").state, State::placeholder) << word;
    EXPECT_EQ(form(word, "iban").state, State::placeholder) << word;
    EXPECT_EQ(normal_form(kind_named("text"), word, Placeholders::keep).state, State::present);
  }
  for (const char* const client : {"Nullmann", "K1", "K0", "100", "A000", "Naomi", "None Smith",
                                   "1111", "222222", "10", "Blank", "0-1", "X1"})
    EXPECT_EQ(form(client).state, State::present) << client;
  EXPECT_EQ(form("01-01-1900", "date").state, State::placeholder);
}

TEST(TextKind, F5SpreadsheetDamageIsRefusedOrReadRightly) {
  for (const char* const damaged : {"4,68769E+17", "4.6E17", "4.68769e+17", "1E+05", "-1.5E-3",
                                    "４.６E17", "'4.6E17", "=\"4,6E+17\""})
    EXPECT_NE(refusal(damaged).find("last digits are lost"), std::string::npos) << damaged;
  for (const char* const code : {"12E5", "1E", "E17", "4.6E", "4.6E17a", "0E1B"})
    EXPECT_EQ(refusal(code), "") << code;
  for (const char* const decimal : {"1001.0", "1001,0", "7.00"})
    EXPECT_NE(refusal(decimal).find("kind number"), std::string::npos) << decimal;
  EXPECT_EQ(refusal("10.10"), "");
  EXPECT_EQ(normal("=\"0012345\""), "0012345");
  EXPECT_EQ(normal("'0012345"), "0012345");
  EXPECT_EQ(normal("'\t0012345 "), "0012345");
  EXPECT_EQ(normal("\x1F"
                   "0012345"),
            "0012345");
  EXPECT_EQ(normal("0012345\u200B"), "0012345");
  EXPECT_EQ(normal("'s-Gravenhage"), "'s-gravenhage");
  EXPECT_EQ(normal("1001.0", "number"), "1001");
  EXPECT_EQ(normal("4.6E17", "exact"), "4.6E17");
}

TEST(TextKind, F6InvisibleCharactersGo) {
  expect_one({"NL91ABNA0417164300", "NL91\u200BABNA0417164300", "\uFEFFNL91ABNA0417164300",
              "\u202ANL91ABNA0417164300\u202C", "NL91\u2060ABNA\u200F0417164300",
              "NL91\u00ADABNA0417164300", "NL91\u202FABNA\u00A00417164300"});
  for (const char* const empty :
       {"", " ", "\t \r\n", "\u00A0\u3000", "\x1C\x1F", "\u200B", "\u200D\u2060 \uFEFF", "\u3164",
        "\u2800", "\uFE0F", "=\"\u200B\""})
    EXPECT_EQ(form(empty).state, State::empty) << empty;
  EXPECT_EQ(normal("\uF900"), normal("\u8C48"));  // CJK compatibility
}

TEST(TextKind, F6ControlCharactersAreRefusedWithTheirPlace) {
  for (const char* const cell : {"ab\x1A",
                                 "ab\x07"
                                 "c",
                                 "ab\x7F", "ab\u0080", "éb\x01"})
    EXPECT_NE(refusal(cell).find("in place 3; remove it"), std::string::npos) << cell;
  EXPECT_NE(refusal("a\x1A", "exact").find("U+001A"), std::string::npos);
}

TEST(TextKind, F8NfkcMergesAndExactDoesNot) {
  expect_one({"K2²", "K22"});
  expect_one({"001A0000006Vm9r", "001A0000006Vm9R"});
  EXPECT_NE(normal("001A0000006Vm9r", "exact"), normal("001A0000006Vm9R", "exact"));
  EXPECT_NE(normal("K2²", "exact"), normal("K22", "exact"));
  EXPECT_EQ(normal(" Ab-1\u00A0", "exact"), "Ab-1");
  EXPECT_EQ(normal("Cafe\u0301", "exact"), "Caf\u00E9");
  EXPECT_NE(refusal("Ab\u200B"
                    "1",
                    "exact"),
            "");
  EXPECT_EQ(normal("NL91 ABNA 0417 1643 00", "exact"), "NL91 ABNA 0417 1643 00");
}

TEST(TextKind, F10DashesApostrophesScriptsAndDigits) {
  for (const char* const apostrophe : {"\u2019", "\u2018", "\u02BC", "\u00B4", "\u0060", "\u2032"})
    EXPECT_EQ(normal("O" + std::string(apostrophe) + "Brien"), "o'brien") << apostrophe;
  for (const char* const dash :
       {"\u2010", "\u2011", "\u2012", "\u2013", "\u2014", "\u2015", "\u2212", "\uFF0D", "\uFE63",
        "\u058A", "\u05BE", "\u30A0", "\u2E3A", "\u207B", "\u2043"})
    EXPECT_EQ(normal("Jansen" + std::string(dash) + "Smit"), "jansen-smit") << dash;
  expect_one({"\u0139ukasz", "l\u0301ukasz"});
  expect_one({"YILMAZ KILIÇ", "Y\u0131lmaz K\u0131l\u0131ç", "yilmaz kilic\u0327"});
  expect_one({"\u0130pek Demir", "ipek demir", "I\u0307PEK DEMIR", "i\u0307pek demir"});
  expect_one({"I\u0323\u0307x", "\u1ECBx"});
  expect_one({"1234", "\u0661\u0662\u0663\u0664", "\u06F1\u06F2\u06F3\u06F4", "१२३४", "１２３４"});
  expect_one({"علي", "علی", "على", "عـلـي"});
  expect_one({"كمال", "کمال"});
  expect_one({"\u0626", "\u06CC\u0654"});  // yeh with hamza, in one or two
}

TEST(TextKind, F10AnIbanIsFoundWithinAndItsCheckDigitsTested) {
  for (const char* const iban :
       {"NL91 ABNA 0417 1643 00", "nl91abna0417164300", "NL91-ABNA-0417-1643-00",
        "NL91.ABNA.0417.1643.00", "IBAN NL91 ABNA 0417 1643 00", "IBAN: NL91ABNA0417164300",
        "iban-NL91\u2011ABNA 0417164300", "ＮＬ91\u00A0ABNA 0417 1643 00"})
    EXPECT_EQ(normal(iban), "nl91abna0417164300") << iban;
  EXPECT_EQ(normal("NL92 ABNA 0417 1643 00"), "nl92 abna 0417 1643 00");  // wrong check digits
  EXPECT_EQ(normal("1234 5678 9012 3456"), "1234 5678 9012 3456");
  for (const char* const iban : {"be68539007547034", "de89370400440532013000", "no9386011117947",
                                 "mt84malt011000012345mtlcast001s", "fr1420041010050500013m02606",
                                 "GB82 WEST 1234 5698 7654 32"})
    EXPECT_FALSE(refused(iban, "iban")) << iban;
  for (const char* const wrong : {"de89370400440532013001", "de8937040044", "Jansen",
                                  "de89370400440532013000de89370400440532013000"})
    EXPECT_TRUE(refused(wrong, "iban")) << wrong;
}

TEST(TextKind, F21LongIdentifiersAndRunsOfMarksAreRefused) {
  EXPECT_EQ(refusal(std::string(1000, 'a')), "");
  EXPECT_NE(refusal(std::string(1001, 'a')).find("1001 bytes"), std::string::npos);
  std::string marks = "a";
  for (int i = 0; i < 30; ++i) marks += "\u0301";
  EXPECT_EQ(refusal(marks), "");
  EXPECT_NE(refusal(marks + "\u0301").find("more than 30 marks in a row, in place 32"),
            std::string::npos);
  std::string many(1 << 20, 'a');
  for (std::size_t i = 0; i + 1 < many.size(); i += 2) many.replace(i, 2, "\u0301");
  EXPECT_NE(refusal(many), "");
  EXPECT_NE(refusal(many, "exact"), "");
}

TEST(TextKind, BytesThatAreNoUtf8AreRefused) {
  EXPECT_NE(refusal("M\xFCller").find("not UTF-8"), std::string::npos);
}

TEST(TextKind, AsciiShortCutAgreesWithUnicode) {
  for (int c = 1; c < 0x80; ++c) {
    const std::string ascii = {'x', ' ', static_cast<char>(c), 'Y'};
    // One character beyond ASCII that folding leaves alone forces the general way.
    EXPECT_EQ(refusal(ascii), refusal(ascii + " é")) << c;
    if (!refusal(ascii).empty()) continue;
    EXPECT_EQ(normal(ascii) + " é", normal(ascii + " é")) << c;
  }
}

TEST(TextKind, TwiceIsOnceForEveryCodePoint) {
  for (UChar32 c = 0xA0; c <= 0x10FFFF; ++c) {
    if (!u_isdefined(c) || u_charType(c) == U_PRIVATE_USE_CHAR || U_IS_SURROGATE(c)) continue;
    for (const char* const before : {"a", "i", "\u0649"}) {
      std::string text = before;
      icu::UnicodeString(c).toUTF8String(text);
      text += 'b';
      const std::string once = normal(text);
      ASSERT_EQ(normal(once), once) << std::hex << c;
    }
  }
}

TEST(NumberKind, LeadingZerosAndGroupsDoNotCount) {
  expect_one({"1001", "001001", "1 001", "1'001", "1001.0", "1001,00", "+1001", "\u0661001"},
             "number");
  EXPECT_EQ(normal("-07", "number"), "-7");
  for (const char* const wrong : {"1.001", "100.000", "1,5", "12a", "1e3", "1-2", "=2+2"})
    EXPECT_TRUE(refused(wrong, "number")) << wrong;
}

TEST(DateKind, DayComesBeforeMonth) {
  expect_one({"1980-02-01", "1980-2-1", "01-02-1980", "1/2/1980", "1.2.1980", "19800201",
              "1980-02-01 00:00:00", "1980-02-01T00:00:00.000Z", "1 Feb 1980", "February 1, 1980",
              "01 feb 1980", "1980/02/01", "01-FEB-1980"},
             "date");
  EXPECT_EQ(normal("29-02-2000", "date"), "2000-02-29");
  EXPECT_EQ(normal("June 01, 2000", "date"), "2000-06-01");
  EXPECT_EQ(normal("1/2/1980 12:00:00 AM", "date"), "1980-02-01");
  for (const char* const wrong :
       {"29-02-1900", "31-04-1980", "02/13/1980", "01-02-80", "29252", "1980-02",
        "1980-02-01 13:45", "1980-13-01", "yesterday", "1 fev 1980", "1980-02-01-03", "12:30"})
    EXPECT_TRUE(refused(wrong, "date")) << wrong;
}

TEST(EmailKind, NamesAndDomainsAreFolded) {
  expect_one({"Jan@Example.ORG", "jan@example.org", "mailto:jan@example.org", "<jan@example.org>",
              "jan@example.org."},
             "email");
  expect_one({"a@müller.de", "a@xn--mller-kva.de", "a@mu\u0308LLER.de"}, "email");
  EXPECT_NE(normal("a.b@x.org", "email"), normal("ab@x.org", "email"));
  EXPECT_NE(normal("a+1@x.org", "email"), normal("a@x.org", "email"));
  for (const char* const wrong : {"jan", "@example.org", "jan@", "jan@localhost", "a b@x.org",
                                  "a@x.org, b@x.org", "Jan <jan@example.org>", "a@-x.org"})
    EXPECT_TRUE(refused(wrong, "email")) << wrong;
}

TEST(PhoneKind, TheCountryCounts) {
  expect_one({"+31612345678", "0031 6 12345678", "+31 (0)6-12 34 56 78", "tel:+31-6-12345678"},
             "phone");
  expect_one({"+31612345678", "06-12345678", "(06) 12345678", "0031612345678"}, "phone_nl");
  EXPECT_NE(normal("06-12345678", "phone_nl"), normal("06-12345678", "phone_de"));
  for (const char* const wrong : {"06-12345678", "+31", "+31 6 1234567890123", "call me",
                                  "+31 6 12345678 ext 5", "31612345678.0", "12345678"})
    EXPECT_TRUE(refused(wrong, "phone")) << wrong;
}

TEST(BicKind, TheHeadOfficeIsTheBank) {
  expect_one({"ABNANL2A", "abnanl2axxx", "ABNA NL 2A xXX"}, "bic");
  EXPECT_NE(normal("DEUTDEFF500", "bic"), normal("DEUTDEFF", "bic"));
  for (const char* const wrong : {"ABNANL2", "ABNA112A", "ABNANL2AXX", "Jansen"})
    EXPECT_TRUE(refused(wrong, "bic")) << wrong;
}

TEST(NationalNumbers, PublishedExamplesAndTheirSlips) {
  struct Example {
    const char* kind;
    const char* right;
    const char* wrong;
  };
  for (const Example& example :
       {Example{"bsn", "111222333", "111222334"}, Example{"dni", "12345678Z", "12345678A"},
        Example{"dni", "X1234567L", "X1234567M"},
        Example{"nir", "255081416802538", "255081416802539"},
        Example{"pesel", "44051401359", "44051401358"},
        Example{"rrn", "93051822361", "93051822362"},
        Example{"steuer_id", "36574261809", "36574261808"}}) {
    EXPECT_FALSE(refused(example.right, example.kind)) << example.right;
    EXPECT_TRUE(refused(example.wrong, example.kind)) << example.wrong;
    EXPECT_TRUE(refused("Jansen", example.kind));
  }
  expect_one({"012345672", "12345672", "0123.45.672", "0123-45-672"}, "bsn");
  expect_one({"93.05.18-223.61", "93051822361"}, "rrn");
}

TEST(Kinds, AreKnownByName) {
  EXPECT_TRUE(is_kind("iban"));
  EXPECT_FALSE(is_kind("Iban"));
  EXPECT_EQ(kind_names().front(), usual_kind);
  EXPECT_THROW(kind_named("ibn"), Error);
}

TEST(KeyPart, DifferentPartsNeverJoinToTheSameKey) {
  const auto key = [](std::initializer_list<const char*> parts) {
    std::string joined;
    for (const char* const part : parts) append_key_part(joined, part);
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
