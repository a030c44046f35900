// The published protocol for flagged threshold intersection, encrypted Bloom filters under
// threshold Paillier, made right: exact but for a probability of 2^-40 in a whole run, one bit
// opened for each of the requester's rows, no dealer. docs/protocols/paillier.md says how and why.
#pragma once

#include <functional>
#include <vector>

#include "crypto/paillier/integer.h"
#include "match/paillier/sizes.h"
#include "match/peer_match.h"

namespace polder {

/// With a key of 2048 bits: the modulus is the one that all banks kept, if they kept one; else they
/// make one, to keep. What decrypts is drawn for each run and gone after it.
PeerAnswer paillier_match(Parties& parties, const PeerMatch& match, const PeerTable& table,
                          const Progress& progress);
/// The same with a key of 3072 bits.
PeerAnswer paillier_match_3072(Parties& parties, const PeerMatch& match, const PeerTable& table,
                               const Progress& progress);

/// With a key of so many bits, an even number of words: fewer than 2048 are for tests.
PeerAnswer paillier_match_of(int key_bits, Parties& parties, const PeerMatch& match,
                             const PeerTable& table, const Progress& progress);

/// For tests and measurements, which must not wait for keys: never in the product.
struct PaillierTrial {
  Integer modulus;  // of primes that whoever made it knows, of any even number of words
  BloomError error = BloomError::whole_run;
  std::function<void(const std::vector<Integer>&)> opened =
      {};  // sees all that the requester decrypts
};
PeerAnswer paillier_match_trial(const PaillierTrial& trial, Parties& parties,
                                const PeerMatch& match, const PeerTable& table,
                                const Progress& progress);

}  // namespace polder
