#include "match/quorum/sharing/sharing.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <functional>
#include <random>
#include <set>
#include <utility>

#include "match/quorum/sharing/lagrange.h"
#include "match/quorum/sharing/root_product.h"
#include "match/testing/every_bit.h"
#include "match/testing/peer_views.h"
#include "net/testing/memory_parties.h"
#include "net/testing/recording_parties.h"

namespace polder::quorum {
namespace {

using Shares = std::vector<Elements>;  // [parties]

/// Runs all parties' parts; what each returns.
Shares run(int parties, std::uint64_t randomness,
           const std::function<Elements(Sharing&, int)>& part, int requester = 0) {
  Shares shares(static_cast<std::size_t>(parties));
  MemoryParties scenario(parties);
  run_parties(scenario, [&](Parties& at) {
    Sharing sharing(at, {requester, (parties - 1) / 2, randomness});
    sharing.receive_keys_and_deal();
    sharing.receive_deals();
    shares[static_cast<std::size_t>(at.self())] = part(sharing, at.self());
  });
  return shares;
}

std::vector<int> parties_from(int first, int count) {
  std::vector<int> parties;
  for (int i = 0; i < count; ++i) parties.push_back(first + i);
  return parties;
}

/// The oracle: Lagrange interpolation at `at` from these parties' shares.
Element value(const Shares& shares, const std::vector<int>& from, std::size_t i, Element at = {0}) {
  Element sum{0};
  for (const int party : from) {
    sum = sum + lagrange(from, party, at) * shares[static_cast<std::size_t>(party)][i];
  }
  return sum;
}

/// Any degree + 1 parties say the same of the secret and of every other party's share.
void expect_of_degree(const Shares& shares, int degree, std::size_t n) {
  const int t = static_cast<int>(shares.size());
  for (std::size_t i = 0; i < n; ++i) {
    for (int first = 0; first + degree < t; ++first) {
      for (int party = 0; party < t; ++party) {
        ASSERT_EQ(value(shares, parties_from(first, degree + 1), i, point_of(party)),
                  shares[static_cast<std::size_t>(party)][i]);
      }
    }
  }
}

TEST(Lagrange, KnownAnswer) {
  // x^2 at 1, 2, 3 is 1, 4, 9; at 0 it is 0, at 10 it is 100.
  const Shares squares{{{1}}, {{4}}, {{9}}};
  EXPECT_EQ(value(squares, {0, 1, 2}, 0), Element{0});
  EXPECT_EQ(value(squares, {0, 1, 2}, 0, {10}), Element{100});
}

TEST(Sharing, RandomNumbersHaveTheDegreeAndAreFresh) {
  for (const int t : {3, 4, 5, 8, 11}) {
    const std::size_t n = 23;
    const Shares shares = run(t, n, [&](Sharing& sharing, int) { return sharing.random(n); });
    const int degree = (t - 1) / 2;
    expect_of_degree(shares, degree, n);
    std::set<std::uint64_t> seen;
    for (std::size_t i = 0; i < n; ++i) {
      seen.insert(value(shares, parties_from(0, degree + 1), i).value);
      // Degree d shares do not fit degree d - 1.
      EXPECT_FALSE(value(shares, parties_from(0, degree), i) ==
                   value(shares, parties_from(1, degree), i));
    }
    EXPECT_EQ(seen.size(), n);
  }
}

/// How many of these columns [rows] are independent: Gauss's elimination.
std::size_t rank(std::vector<Elements> columns) {
  std::size_t found = 0;
  for (std::size_t row = 0; row < columns[0].size(); ++row) {
    const auto from = columns.begin() + static_cast<std::ptrdiff_t>(found);
    const auto pivot =
        std::find_if(from, columns.end(), [&](const Elements& c) { return c[row].value != 0; });
    if (pivot == columns.end()) continue;
    std::iter_swap(from, pivot);
    for (auto column = from + 1; column < columns.end(); ++column) {
      const Element factor = (*column)[row] * inverse((*from)[row]);
      for (std::size_t i = 0; i < column->size(); ++i) {
        (*column)[i] = (*column)[i] - factor * (*from)[i];
      }
    }
    ++found;
  }
  return found;
}

/// What the dealers' common streams leave open: were a dealer's polynomials fixed by what one other
/// party draws with it, the polynomials that come out would depend on one another.
TEST(Sharing, RandomNumbersAreFreeOfOneAnother) {
  for (const int t : {3, 4}) {
    const std::size_t degree = 1, usable = static_cast<std::size_t>(t) - degree;
    const std::size_t free = usable * (degree + 1), dealings = free;
    const Shares shares = run(t, usable * dealings, [&](Sharing& sharing, int) {
      return sharing.random(usable * dealings);
    });
    std::vector<Elements> columns;  // each of one dealing of all dealers
    for (std::size_t i = 0; i < dealings; ++i) {
      Elements& column = columns.emplace_back();
      for (std::size_t power = 0; power < usable; ++power) {
        for (std::size_t party = 0; party <= degree; ++party) {
          column.push_back(shares[party][power * dealings + i]);
        }
      }
    }
    EXPECT_EQ(rank(columns), free) << t;
  }
}

Elements numbers(std::size_t n, unsigned seed) {
  std::mt19937_64 draw(seed);
  Elements out(n);
  for (Element& e : out) e = Element::of_random(draw(), draw());
  return out;
}

TEST(Sharing, ReduceSharesTheSumOfAdditiveShares) {
  for (const int t : {3, 4, 6, 9}) {
    for (const int requester : {0, t - 1}) {
      const std::size_t n = 5;
      const Shares shares = run(
          t, n,
          [&](Sharing& sharing, int self) {
            return sharing.reduce(numbers(n, static_cast<unsigned>(self)));
          },
          requester);
      expect_of_degree(shares, (t - 1) / 2, n);
      for (std::size_t i = 0; i < n; ++i) {
        Element sum{0};
        for (int party = 0; party < t; ++party) {
          sum = sum + numbers(n, static_cast<unsigned>(party))[i];
        }
        EXPECT_EQ(value(shares, parties_from(0, t), i), sum);
      }
    }
  }
}

/// Shares of a public number: everybody holds it.
Elements constant(const Elements& numbers) { return numbers; }

TEST(Sharing, ProductsAreRightAndOpenToTheRequesterAlone) {
  for (const int t : {3, 4, 7}) {
    const std::size_t n = 6;
    const Elements a = numbers(n, 1), b = numbers(n, 2);
    const Shares opened = run(t, 4 * n, [&](Sharing& sharing, int) {
      const Elements random = sharing.random(n);
      // (r + a)(r + b) - r (r + a + b) = a b
      Elements left = random, right = random, sum = random;
      for (std::size_t i = 0; i < n; ++i) {
        left[i] = left[i] + a[i], right[i] = right[i] + b[i], sum[i] = sum[i] + a[i] + b[i];
      }
      const auto products = sharing.multiply({{left, right}, {random, sum}});
      Elements difference = products[0];
      for (std::size_t i = 0; i < n; ++i) difference[i] = difference[i] - products[1][i];
      return sharing.open_product({difference, constant(Elements(n, Element{1}))});
    });
    for (std::size_t i = 0; i < n; ++i) EXPECT_EQ(opened[0][i], a[i] * b[i]) << t;
    for (int party = 1; party < t; ++party) {
      EXPECT_TRUE(opened[static_cast<std::size_t>(party)].empty());
    }
  }
}

/// Each party's part of a product would say what it has: all of them are 1 here.
TEST(Sharing, AnOpenedProductShowsNoPartysPart) {
  const int t = 5;
  MemoryParties scenario(t);
  run_parties(scenario, [&](Parties& at) {
    Recording recording(Recording::Keep::bytes);
    RecordingParties recorded(at, recording);
    Sharing sharing(recorded.parties(), {.requester = 0, .degree = 2, .randomness = 0});
    sharing.receive_keys_and_deal();
    sharing.receive_deals();
    const Elements one(100, Element{1});
    sharing.open_product({one, one});
    if (at.self() != 0) return;
    const std::vector<Words> frames = testing::received_frames(recording);
    for (auto part = frames.end() - (t - 1); part != frames.end(); ++part) {
      EXPECT_EQ(part->size(), one.size());
      testing::expect_every_bit_drawn(*part, Element::bits);
    }
  });
}

TEST(Sharing, RefusesMoreRandomNumbersThanAnnounced) {
  EXPECT_THROW(run(3, 4,
                   [](Sharing& sharing, int) {
                     sharing.random(4);
                     return sharing.random(1);
                   }),
               Error);
}

/// Who brings a sharing back sees a sum from every party and sends a number to each: that is never
/// the requester, who could send each another one and learns what comes of it.
TEST(Sharing, TheRequesterBringsNoSharingBack) {
  const int t = 7;
  for (const int requester : {0, 3, t - 1}) {
    MemoryParties scenario(t);
    run_parties(scenario, [&](Parties& at) {
      Sharing sharing(at, {requester, (t - 1) / 2, 20});
      sharing.receive_keys_and_deal();
      sharing.receive_deals();
      const Traffic before = at.traffic();
      const Elements one(10, Element{1});
      sharing.multiply({{one, one}});
      if (at.self() != requester) return;
      EXPECT_EQ(at.traffic().frames_sent - before.frames_sent, 1U);
      EXPECT_LE(at.traffic().frames_received - before.frames_received, 1U);
    });
  }
}

/// The coalition's shares of every honest dealing, the secrets of the t - degree sharings that come
/// of all dealings, and all honest banks' masks of one opened sum but one's, as linear forms in
/// what the honest banks drew: if they are independent, then whatever the coalition has and drew,
/// to it these secrets and masks are uniformly random.  The forms follow `receive_keys_and_deal`,
/// `accumulate` and `add_zero`.
struct Forms {
  explicit Forms(const std::vector<bool>& corrupt_banks)
      : corrupt(corrupt_banks), t(static_cast<int>(corrupt.size())), degree((t - 1) / 2) {
    for (int a = 0; a < t; ++a) {
      for (int b = a + 1; b < t; ++b) {
        if (honest(a) && honest(b)) pairs.emplace_back(a, b);
      }
    }
    for (int party = 0; party < t; ++party) {
      if (honest(party)) dealers.push_back(party);
    }
    add_shares();
    add_secrets();
    add_masks();
  }

  bool honest(int party) const { return !corrupt[static_cast<std::size_t>(party)]; }
  std::size_t unknowns_of_dealers() const {
    return dealers.size() * static_cast<std::size_t>(degree + 1);
  }
  Elements& new_form() {
    return rows.emplace_back(unknowns_of_dealers() + pairs.size(), Element{0});
  }

  /// Adds factor times the value there of a dealer's polynomial, which its own share and those of
  /// its common streams fix.
  void add_value(Elements& form, std::size_t dealer, Element at, Element factor) const {
    std::vector<int> points;
    for (int party = 0; party < t; ++party) {
      if (party == dealers[dealer] || from_stream(dealers[dealer], party, t, degree)) {
        points.push_back(party);
      }
    }
    for (std::size_t k = 0; k < points.size(); ++k) {
      Element& unknown = form[dealer * points.size() + k];
      unknown = unknown + factor * lagrange(points, points[k], at);
    }
  }

  void add_shares() {
    for (std::size_t dealer = 0; dealer < dealers.size(); ++dealer) {
      for (int party = 0; party < t; ++party) {
        if (!honest(party)) add_value(new_form(), dealer, point_of(party), {1});
      }
    }
  }
  void add_secrets() {
    std::vector<Element> powers(dealers.size(), Element{1});
    for (int sharing = 0; sharing < t - degree; ++sharing) {
      Elements& form = new_form();
      for (std::size_t dealer = 0; dealer < dealers.size(); ++dealer) {
        add_value(form, dealer, {0}, powers[dealer]);
        powers[dealer] = powers[dealer] * point_of(dealers[dealer]);
      }
    }
  }
  void add_masks() {
    for (std::size_t i = 1; i < dealers.size(); ++i) {
      Elements& form = new_form();
      for (std::size_t pair = 0; pair < pairs.size(); ++pair) {
        Element& unknown = form[unknowns_of_dealers() + pair];
        if (pairs[pair].first == dealers[i]) unknown = Element{1};
        if (pairs[pair].second == dealers[i]) unknown = Element{0} - Element{1};
      }
    }
  }

  const std::vector<bool> corrupt;
  const int t, degree;
  std::vector<int> dealers;  // the honest ones
  std::vector<std::pair<int, int>> pairs;
  std::vector<Elements> rows;
};

TEST(Sharing, WhatACoalitionLacksIsIndependentOfWhatItHas) {
  for (int t = 3; t <= 8; ++t) {
    for (unsigned chosen = 0; chosen < 1U << t; ++chosen) {
      if (std::popcount(chosen) > (t - 1) / 2) continue;
      std::vector<bool> corrupt;
      for (int party = 0; party < t; ++party) corrupt.push_back((chosen >> party & 1) != 0);
      const Forms forms(corrupt);
      EXPECT_EQ(rank(forms.rows), forms.rows.size()) << t << " banks, coalition " << chosen;
    }
  }
}

/// Every polynomial that a run of up to 64 banks takes: right at all values, with as many products
/// as announced.
TEST(RootProduct, IsTheProductAndCostsWhatItSays) {
  for (const std::uint64_t first : {0, 3}) {
    for (std::uint64_t count = 0; count <= 63; count += count < 12 ? 1 : 7) {
      for (std::size_t others = 0; others <= 1; ++others) {
        const RootProduct product({first, count, Enough::zero});
        const std::size_t n = first + count + 3;
        const std::uint64_t announced = n * product.products(others);
        Elements x(n);
        for (std::size_t i = 0; i < n; ++i) x[i] = Element::of(i);
        const Shares opened = run(3, announced, [&](Sharing& sharing, int) {
          const Elements shares = product.times(
              sharing, constant(x), std::vector<Elements>(others, Elements(n, Element{5})));
          EXPECT_THROW(sharing.random(3), Error);  // all announced are used
          return sharing.open_product({shares, constant(Elements(n, Element{1}))});
        });
        for (std::size_t i = 0; i < n; ++i) {
          Element expected{others == 0 ? 1u : 5u};
          for (std::uint64_t k = first; k < first + count; ++k)
            expected = expected * (x[i] - Element::of(k));
          ASSERT_EQ(opened[0][i], expected) << first << " " << count << " at " << i;
        }
      }
    }
  }
}

/// About two square roots of half the roots, whatever the count.
TEST(RootProduct, TakesFewProducts) {
  EXPECT_EQ(RootProduct({0, 0, Enough::not_zero}).products(0), 0u);
  EXPECT_EQ(RootProduct({0, 1, Enough::not_zero}).products(1), 1u);
  EXPECT_EQ(RootProduct({0, 24, Enough::not_zero}).products(1), 7u);
  EXPECT_EQ(RootProduct({0, 49, Enough::not_zero}).products(1), 11u);
  EXPECT_EQ(RootProduct({0, 63, Enough::not_zero}).products(1), 13u);
}

/// With a random factor the opened number is 0 at the roots and uniformly random elsewhere.
TEST(RootProduct, OpensZeroOrARandomNumber) {
  const RootProduct product({0, 4, Enough::not_zero});
  const std::size_t n = 4000;
  Elements x(n);
  for (std::size_t i = 0; i < n; ++i) x[i] = Element::of(i % 8);
  const Shares opened = run(3, n * (1 + product.products(0)), [&](Sharing& sharing, int) {
    return sharing.open_product({sharing.random(n), product.times(sharing, x, {})});
  });
  std::array<double, 16> seen{};
  for (std::size_t i = 0; i < n; ++i) {
    ASSERT_EQ(opened[0][i] == Element{0}, i % 8 < 4);
    if (i % 8 >= 4) seen[opened[0][i].value >> 57] += 1;
  }
  double chi_square = 0;
  for (const double count : seen) chi_square += (count - 125) * (count - 125) / 125;
  EXPECT_LT(chi_square, 60);  // 15 degrees of freedom: p = 2e-7
}

}  // namespace
}  // namespace polder::quorum
