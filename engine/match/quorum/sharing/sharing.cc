#include "match/quorum/sharing/sharing.h"

#include <algorithm>
#include <numeric>

#include "base/bits.h"
#include "base/error.h"
#include "crypto/random.h"
#include "match/quorum/sharing/lagrange.h"

namespace polder::quorum {
namespace {

/// [n] of n + 1 random words: one spare is enough, as two are needed n^2 2^-123 of the time.
Elements elements_of(const Words& random) {
  Elements out(random.size() - 1);
  for (std::size_t i = 0; i < out.size(); ++i)
    out[i] = Element::of_random(random[i], random.back());
  return out;
}

Elements drawn(Stream& stream, std::size_t n) {
  Words words(n + 1);
  stream.fill(words);
  return elements_of(words);
}

Elements fresh(std::size_t n) {
  Words words(n + 1);
  random_words(words);
  return elements_of(words);
}

Elements received(Channel& connection, std::size_t n) {
  Elements elements(n);
  connection.receive(writable_bytes_of(elements));
  check_received(elements);
  return elements;
}

void add(Elements& to, const Elements& other, Element factor = {1}) {
  for (std::size_t i = 0; i < to.size(); ++i) to[i] = to[i] + factor * other[i];
}

void subtract(Elements& from, const Elements& other) {
  for (std::size_t i = 0; i < from.size(); ++i) from[i] = from[i] - other[i];
}

}  // namespace

bool from_stream(int dealer, int party, int parties, int degree) {
  const int distance = (party - dealer + parties) % parties;
  return distance >= 1 && distance <= degree;
}

Sharing::Sharing(Parties& parties, const Terms& terms)
    : parties_(parties), terms_(terms), streams_(static_cast<std::size_t>(parties.count())) {
  const int t = parties.count(), self = parties.self();
  require(terms.degree >= 0 && 2 * terms.degree < t, "sharing: the degree is too high");
  std::vector<int> all(static_cast<std::size_t>(t));
  std::iota(all.begin(), all.end(), 0);
  weight_ = lagrange(all, self, {0});

  // Corrections are zero at the last `degree` parties but the king, who get no message then.
  correction_ = Element{1};
  int left = terms.degree;
  for (int party = t - 1; left > 0; --party) {
    if (party == king()) continue;
    correction_ = correction_ * (point_of(party) - point_of(self)) * inverse(point_of(party));
    --left;
  }

  const auto usable = static_cast<std::uint64_t>(t - terms.degree);
  per_dealer_ = ceil_div(terms.randomness, usable);
  random_.assign(per_dealer_ * usable, Element{0});
  for (int party = self + 1; party < t; ++party) {
    const Key key = Key::random();
    parties.to(party).send(key.raw());
    streams_[static_cast<std::size_t>(party)].emplace(key.derive("quorum sharing"));
  }
}

void Sharing::receive_keys_and_deal() {
  const int t = parties_.count(), self = parties_.self();
  for (int party = 0; party < self; ++party) {
    Key::Raw raw;
    parties_.to(party).receive(raw);
    streams_[static_cast<std::size_t>(party)].emplace(Key(raw).derive("quorum sharing"));
    wipe(raw.data(), raw.size());
  }

  // The lower party's dealing is drawn first at both ends; the own shares of others' dealings wait.
  std::vector<int> known{self};
  std::vector<Elements> shares{fresh(per_dealer_)};
  accumulate(self, shares[0]);
  for (int party = 0; party < t; ++party) {
    if (party == self) continue;
    const bool mine = from_stream(self, party), theirs = from_stream(party, self);
    if (theirs && party < self) accumulate(party, drawn(stream(party), per_dealer_));
    if (mine) {
      known.push_back(party);
      shares.push_back(drawn(stream(party), per_dealer_));
    }
    if (theirs && party > self) accumulate(party, drawn(stream(party), per_dealer_));
  }
  for (int party = 0; party < t; ++party) {
    if (party == self || from_stream(self, party)) continue;
    Elements share(per_dealer_, Element{0});
    for (std::size_t k = 0; k < known.size(); ++k) {
      add(share, shares[k], lagrange(known, known[k], point_of(party)));
    }
    parties_.to(party).send(bytes_of(share));
  }
}

void Sharing::receive_deals() {
  for (int party = 0; party < parties_.count(); ++party) {
    if (party == parties_.self() || from_stream(party, parties_.self())) continue;
    accumulate(party, received(parties_.to(party), per_dealer_));
  }
}

/// Random sharing m of t - degree is the sum of the dealers' ones by powers m of their points: as
/// any t - degree columns of this matrix are independent and so many dealers honest, the outcome is
/// uniformly random whatever the others dealt.
void Sharing::accumulate(int dealer, const Elements& shares) {
  Element factor{1};
  for (std::size_t at = 0; at < random_.size(); at += per_dealer_) {
    for (std::size_t i = 0; i < per_dealer_; ++i) {
      random_[at + i] = random_[at + i] + factor * shares[i];
    }
    factor = factor * point_of(dealer);
  }
}

Elements Sharing::random(std::size_t n) {
  require(used_ + n <= random_.size(), "sharing: more random numbers than were announced");
  const auto from = random_.begin() + static_cast<std::ptrdiff_t>(used_);
  used_ += n;
  return {from, from + static_cast<std::ptrdiff_t>(n)};
}

void Sharing::add_zero(Elements& additive_shares) {
  for (int party = 0; party < parties_.count(); ++party) {
    if (party == parties_.self()) continue;
    const Elements common = drawn(stream(party), additive_shares.size());
    party < parties_.self() ? subtract(additive_shares, common) : add(additive_shares, common);
  }
}

Elements Sharing::sum_at(int to, Elements additive_shares) {
  ++rounds_;
  add_zero(additive_shares);
  if (parties_.self() != to) {
    parties_.to(to).send(bytes_of(additive_shares));
    return {};
  }
  for (int party = 0; party < parties_.count(); ++party) {
    if (party != to) add(additive_shares, received(parties_.to(party), additive_shares.size()));
  }
  return additive_shares;
}

Elements Sharing::reduce(const Elements& additive_shares) {
  const std::size_t n = additive_shares.size();
  Elements result = random(n);
  Elements masked = additive_shares;
  add(masked, result, Element{0} - weight_);
  // The sum less a number that nobody knows: uniformly random to the king.
  Elements difference = sum_at(king(), std::move(masked));

  ++rounds_;
  if (parties_.self() != king()) {
    if (correction_ == Element{0}) return result;
    difference = received(parties_.to(king()), n);
  } else {
    int without = terms_.degree;
    for (int party = parties_.count() - 1; party >= 0; --party) {
      if (party == king() || without-- > 0) continue;
      parties_.to(party).send(bytes_of(difference));
    }
  }
  add(result, difference, correction_);
  return result;
}

Elements Sharing::products(const Factors& factors) const {
  Elements out(factors.a.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = weight_ * factors.a[i] * factors.b[i];
  }
  return out;
}

std::vector<Elements> Sharing::multiply(const std::vector<Factors>& pairs) {
  Elements joined;
  for (const Factors& pair : pairs) {
    const Elements additive_shares = products(pair);
    joined.insert(joined.end(), additive_shares.begin(), additive_shares.end());
  }
  const Elements reduced = reduce(joined);
  std::vector<Elements> out;
  auto from = reduced.begin();
  for (const Factors& pair : pairs) {
    const auto size = static_cast<std::ptrdiff_t>(pair.a.size());
    out.emplace_back(from, from + size);
    from += size;
  }
  return out;
}

Elements Sharing::multiply_and_add(const std::vector<Factors>& pairs) {
  Elements sum = products(pairs.front());
  for (std::size_t i = 1; i < pairs.size(); ++i) add(sum, products(pairs[i]));
  return reduce(sum);
}

Elements Sharing::open_product(const Factors& factors) {
  return sum_at(terms_.requester, products(factors));
}

}  // namespace polder::quorum
