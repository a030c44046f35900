// Numbers shared among all banks by polynomials: party i holds the value at i + 1, the secret is
// the value at 0, and `degree` parties together know nothing about it.  Source: Shamir 1979;
// Damgård, Nielsen, "Scalable and unconditionally secure multiparty computation", CRYPTO 2007, for
// random sharings in bulk and for products that one party, the king, brings back to the degree.
//
// The king is the party after the requester, never the requester: who brings a sharing back may
// send each party another number, and only the requester learns anything of what comes of that.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "crypto/prime_field.h"
#include "crypto/stream.h"
#include "net/parties.h"

namespace polder::quorum {

/// Whether the party's share of a dealer's sharings is drawn from their common stream: so it is at
/// `degree` parties, and with the dealer's own random share that fixes the polynomial.
bool from_stream(int dealer, int party, int parties, int degree);

/// One party's part. All parties make the same calls in the same order; columns [n] of shares.
/// Linear combinations with public numbers are each party's own, share by share.
class Sharing {
 public:
  struct Terms {
    int requester;
    int degree;                // at most (t - 1) / 2
    std::uint64_t randomness;  // random sharings that will be used: one a number in `random`,
                               // `reduce`, `multiply`
  };
  /// Sends keys to higher parties.
  Sharing(Parties& parties, const Terms& terms);

  /// Receives keys and deals: one message to each party. To be called while something else waits.
  void receive_keys_and_deal();
  void receive_deals();

  /// Sharings of numbers that nobody knows. Reveals nothing.
  Elements random(std::size_t n);

  /// From additive shares, one a party, to a sharing of their sum. Two messages, 12 bytes a number
  /// and party. Opens the sum to the king under a mask that nobody knows.
  Elements reduce(const Elements& additive_shares);

  struct Factors {
    const Elements &a, &b;
  };
  /// All products at once. Cost and reveals as `reduce`.
  std::vector<Elements> multiply(const std::vector<Factors>& pairs);
  /// The sum of all products, for the price of one.
  Elements multiply_and_add(const std::vector<Factors>& pairs);

  /// The products, opened to the requester alone; empty for the others. One message.
  /// Reveals: to the requester the products, and nothing else about the factors.
  Elements open_product(const Factors& factors);

  /// Messages of reduce, multiply and open that had to wait for one another so far.
  std::uint64_t rounds() const { return rounds_; }

 private:
  int king() const { return (terms_.requester + 1) % parties_.count(); }
  /// With one party in common: both draw the same words in the same order.
  Stream& stream(int party) { return *streams_[static_cast<std::size_t>(party)]; }
  bool from_stream(int dealer, int party) const {
    return quorum::from_stream(dealer, party, parties_.count(), terms_.degree);
  }
  void accumulate(int dealer, const Elements& shares);
  Elements products(const Factors& factors) const;
  /// Additive shares of zero, uniformly random but for their sum.
  void add_zero(Elements& additive_shares);
  /// To that party alone; empty for the others.
  Elements sum_at(int party, Elements additive_shares);

  Parties& parties_;
  const Terms terms_;
  std::vector<std::optional<Stream>> streams_;
  Element weight_;      // of the own share in the secret, for sharings of degree below t
  Element correction_;  // the own share of a sharing of 1 that is zero at `degree` parties
  std::size_t per_dealer_ = 0;
  Elements random_;
  std::size_t used_ = 0;
  std::uint64_t rounds_ = 0;
};

}  // namespace polder::quorum
