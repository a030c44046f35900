// Oracle: whether a value was made wrong.
#include "table/ingest.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "protocol/testing/every_protocol.h"

namespace polder {
namespace {

using namespace testing;
using Values = std::vector<std::uint64_t>;

constexpr std::size_t n = 100;

struct Plain {
  Type type;
  Values numbers, bits;  // what is uploaded in each form; numbers empty: in bits alone
  Values null = {};
};

class Ingest : public ::testing::TestWithParam<std::string> {
 protected:
  void expect(const Plain& plain, bool sound) {
    run(GetParam(), [&](Party& party) {
      const Bits bits = party.input_bits(plain.bits, n, plain.type.width());
      Series series = plain.numbers.empty() ? Series(plain.type, bits)
                                            : Series(plain.type, party.input(plain.numbers), bits);
      if (!plain.null.empty()) series.set_null(party.input_bits(plain.null, n, 1));
      const Frame frame{n, {}, {{"x", share(std::move(series))}}};
      if (sound) {
        EXPECT_NO_THROW(require_as_declared(party.mpc(), frame, "t")) << plain.type.text();
        return;
      }
      try {
        require_as_declared(party.mpc(), frame, "t");
        ADD_FAILURE() << "taken for sound: " << plain.type.text();
      } catch (const Error& error) {
        EXPECT_EQ(error.code(), Code::bad_schema) << error.what();
        EXPECT_NE(std::string(error.what()).find("column 'x'"), std::string::npos);
      }
    });
  }

  /// Numbers within bounds, in both forms.
  static Plain numbers(Type type) {
    Plain plain{std::move(type), Values(n), {}, {}};
    const auto [low, high] = plain.type.bounds;
    for (std::size_t i = 0; i < n; ++i) {
      const Int128 value = i % 3 == 0 ? low : i % 3 == 1 ? high : (low + high) / 2;
      plain.numbers[i] = static_cast<std::uint64_t>(value);
    }
    plain.bits = plain.numbers;
    return plain;
  }
  static void set(Plain& plain, std::size_t row, Int128 value) {
    plain.numbers[row] = plain.bits[row] = static_cast<std::uint64_t>(value);
  }
};

TEST_P(Ingest, TakesWhatIsAsDeclared) {
  for (const auto& [low, high] :
       std::vector<std::pair<Int128, Int128>>{{0, 120},
                                              {0, 127},
                                              {-128, 127},
                                              {-5, 5},
                                              {5, 9},
                                              {-9, -5},
                                              {0, 0},
                                              {-(Int128{1} << 62), Int128{1} << 62}}) {
    expect(numbers(Type::integer(low, high)), true);
  }
  expect(numbers(Type::boolean()), true);
  expect(numbers(Type::category({"a", "b", "c"})), true);
}

TEST_P(Ingest, SeesOneValueOutOfItsBounds) {
  for (const Int128 wrong : {Int128{121}, Int128{127}}) {
    Plain plain = numbers(Type::integer(0, 120));
    set(plain, 17, wrong);
    expect(plain, false);
  }
  for (const Int128 wrong : {Int128{-6}, Int128{6}, Int128{-8}, Int128{7}}) {
    Plain plain = numbers(Type::integer(-5, 5));
    set(plain, n - 1, wrong);
    expect(plain, false);
  }
  Plain low = numbers(Type::integer(5, 9));
  set(low, 0, 4);
  expect(low, false);
  Plain label = numbers(Type::category({"a", "b", "c"}));
  set(label, 50, 3);
  expect(label, false);
}

TEST_P(Ingest, SeesFormsThatDiffer) {
  for (const std::uint64_t wrong : {std::uint64_t{1}, std::uint64_t{1} << 63}) {
    Plain plain = numbers(Type::integer(0, 127));
    plain.numbers[3] += wrong;
    expect(plain, false);
  }
}

TEST_P(Ingest, SeesAValueUnderAMissingOne) {
  Plain plain = numbers(Type::integer(5, 9).with_null(true));
  plain.null = Values(n, 0);
  plain.null[4] = plain.null[5] = 1;
  set(plain, 4, 0);
  set(plain, 5, 0);
  expect(plain, true);  // though 0 is out of bounds
  set(plain, 5, 5);
  expect(plain, false);
}

TEST_P(Ingest, SeesCharactersBehindTheEnd) {
  Type text;
  text.kind = TypeKind::string;
  text.length = 3;
  const auto characters = [](std::uint64_t a, std::uint64_t b, std::uint64_t c) {
    return a << 14 | b << 7 | c;
  };
  Plain plain{text, {}, Values(n, characters('a', 'b', 0)), {}};
  plain.bits[1] = 0;
  plain.bits[2] = characters('a', 0, 0);
  plain.bits[3] = characters('a', 'b', 'c');
  expect(plain, true);
  for (const std::uint64_t wrong :
       {characters(0, 'b', 0), characters('a', 0, 'c'), characters(0, 0, 'c')}) {
    Plain bent = plain;
    bent.bits[n / 2] = wrong;
    expect(bent, false);
  }
}

INSTANTIATE_TEST_SUITE_P(All, Ingest, ::testing::ValuesIn(every_protocol()),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace polder
