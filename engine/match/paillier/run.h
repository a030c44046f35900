// One bank's place in a run: its connections, the joint key, and what it can do with both.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "crypto/paillier/paillier.h"
#include "match/paillier/sizes.h"
#include "net/parties.h"

namespace polder {

class PaillierRun {
 public:
  /// Makes the key together with the other banks: each holder draws its share and tells all others
  /// its public part.  1 round.
  PaillierRun(Parties& parties, const PaillierSizes& sizes, const Integer& modulus);

  const PaillierSizes& sizes() const { return sizes_; }
  const PaillierKey& key() const { return *key_; }
  std::uint64_t rounds() const { return rounds_; }
  void count_rounds(std::uint64_t more) { rounds_ += more; }

  using Watch = std::function<void(const std::vector<Integer>&)>;
  /// Tests see what `open` gives.
  void watch(Watch watch) { watch_ = std::move(watch); }

  /// Ciphertexts to and from another bank.
  void send(int to, const Ciphertexts& x);
  /// Throws Error cheating if what came can be no ciphertexts under this key.
  Ciphertexts receive(int from, std::size_t count);

  /// The plaintexts, to the requester alone.  Called by all holders with the same `count`; only the
  /// requester gives ciphertexts and gets numbers. It refreshes them first, and the other holders
  /// see one half of each only, so they learn nothing, not even which ciphertexts went into a sum.
  /// 2 rounds. Reveals what the ciphertexts hold: the caller says why that may be.
  std::vector<Integer> open(Ciphertexts x);
  void help_open(std::size_t count);

 private:
  std::vector<Words> exchange_parts(const PaillierGroup& group);
  Words receive_numbers(int from, std::size_t count);

  Parties& parties_;
  const PaillierSizes& sizes_;
  std::optional<PaillierShare> share_;  // holders only
  std::unique_ptr<const PaillierKey> key_;
  Watch watch_;
  std::uint64_t rounds_ = 0;
};

}  // namespace polder
