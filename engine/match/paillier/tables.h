// Encrypted tables that answer a query about a hidden number without showing it: whoever makes a
// table turns it by the residue of the mask that hides the number, so that the masked number, once
// opened, is the place of the answer.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "match/paillier/run.h"

namespace polder {

/// What is asked of a number v below the query's size: truth[v], 0 or 1.
using Query = std::vector<std::uint64_t>;

/// Numbers of `words` words in rows of `size`: row i moves on by by[i] < size places, the last
/// ones to the front. No address depends on by.
void turn_rows(Words& numbers, std::size_t words, std::size_t size,
               std::span<const std::uint64_t> by);

/// [rows, size] encryptions: row i is the query's truth, turned by residues[i].
Ciphertexts turned_tables(const PaillierKey& key, const Query& query,
                          std::span<const std::uint64_t> residues);

/// Entry places[i] of row i of [rows, size].
Ciphertexts answers(const PaillierKey& key, const Ciphertexts& tables, std::size_t size,
                    std::span<const std::uint64_t> roles);

/// Tables and masks that no bank knows, unless all holders but the requester put theirs together:
/// each in turn turns the tables by a residue of its own, refreshes them and adds its mask.
struct JointTables {
  Ciphertexts tables;  // [rows, size]
  Ciphertexts masks;   // in slots: sizes.chained(size)
};
/// What each holder but the requester does; the last sends the tables to the requester.
void turn_jointly(PaillierRun& run, int self, const Query& query);
/// What the requester then has.
JointTables receive_joint_tables(PaillierRun& run, const Query& query);

/// x[i] of a row in its slot: the sums of [rows] with weights 2^(width * slot).
Ciphertexts packed(const PaillierKey& key, const Slots& slots, const Ciphertexts& x);

}  // namespace polder
