#include "match/paillier/tables.h"

#include <algorithm>

#include "base/bits.h"
#include "base/error.h"
#include "match/paillier/masks.h"

namespace polder {
namespace {

constexpr std::size_t rows_at_once = 64;  // so that holders work at the same time

void append(Ciphertexts& all, const Ciphertexts& more) {
  all.count += more.count;
  all.u.insert(all.u.end(), more.u.begin(), more.u.end());
  all.v.insert(all.v.end(), more.v.begin(), more.v.end());
}

}  // namespace

void turn_rows(Words& numbers, std::size_t words, std::size_t size,
               std::span<const std::uint64_t> by) {
  Words turned(size * words);
  for (std::size_t i = 0; i < by.size(); ++i) {
    std::uint64_t* row = &numbers[i * size * words];
    for (int bit = 0; bit < log2_ceil(size); ++bit) {
      const std::uint64_t move = 0 - (by[i] >> bit & 1);
      const std::size_t roles = (std::size_t{1} << bit) % size * words;
      std::copy_n(row, size * words - roles, turned.begin() + static_cast<std::ptrdiff_t>(roles));
      std::copy_n(row + size * words - roles, roles, turned.begin());
      for (std::size_t j = 0; j < turned.size(); ++j) row[j] ^= (row[j] ^ turned[j]) & move;
    }
  }
}

Ciphertexts turned_tables(const PaillierKey& key, const Query& query,
                          std::span<const std::uint64_t> residues) {
  Words truth;
  for (std::size_t i = 0; i < residues.size(); ++i) {
    truth.insert(truth.end(), query.begin(), query.end());
  }
  turn_rows(truth, 1, query.size(), residues);
  return key.encrypt(truth.size(), truth);
}

Ciphertexts answers(const PaillierKey& key, const Ciphertexts& tables, std::size_t size,
                    std::span<const std::uint64_t> roles) {
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < roles.size(); ++i) rows.push_back(i * size + roles[i]);
  return key.pick(tables, rows);
}

void turn_jointly(PaillierRun& run, int self, const Query& query) {
  const PaillierSizes& sizes = run.sizes();
  const PaillierKey& key = run.key();
  const auto place = std::ranges::find(sizes.holders, self);
  const bool first = place == sizes.holders.begin() + 1;
  const int before = *(place - 1);
  const int after = place + 1 == sizes.holders.end() ? sizes.requester : *(place + 1);
  const Slots slots = sizes.chained(query.size());

  const Masks masks = draw_masks(sizes.rows, query.size(), sizes.mask_bits);
  for (std::size_t at = 0; at < sizes.rows; at += rows_at_once) {
    const std::size_t count = std::min(rows_at_once, sizes.rows - at) * query.size();
    const std::span residues(&masks.residues[at], count / query.size());
    if (first) {
      run.send(after, turned_tables(key, query, residues));
      continue;
    }
    const Blinds blinds = key.blinds(count);
    Ciphertexts tables = run.receive(before, count);
    turn_rows(tables.u, key.n().words(), query.size(), residues);
    turn_rows(tables.v, key.n_squared().words(), query.size(), residues);
    key.add(tables, key.encrypt(blinds, Words(count, 0)));
    run.send(after, tables);
  }
  Ciphertexts all_masks = key.encrypt(slots.ciphertexts(), in_slots(slots, masks, key.n().words()));
  if (!first) key.add(all_masks, run.receive(before, slots.ciphertexts()));
  run.send(after, all_masks);
}

JointTables receive_joint_tables(PaillierRun& run, const Query& query) {
  const PaillierSizes& sizes = run.sizes();
  JointTables joint;
  for (std::size_t at = 0; at < sizes.rows; at += rows_at_once) {
    const std::size_t count = std::min(rows_at_once, sizes.rows - at) * query.size();
    append(joint.tables, run.receive(sizes.holders.back(), count));
  }
  joint.masks = run.receive(sizes.holders.back(), sizes.chained(query.size()).ciphertexts());
  return joint;
}

Ciphertexts packed(const PaillierKey& key, const Slots& slots, const Ciphertexts& x) {
  require(x.count == slots.rows, "paillier: one number for each row's slot");
  const std::size_t each = slots.ciphertexts();
  Ciphertexts sums = key.nothing(each);
  for (std::size_t slot = slots.used(); slot > 0; --slot) {
    if (slot < slots.used()) key.shift(sums, slots.width_bits);
    std::vector<std::size_t> rows;
    for (std::size_t i = (slot - 1) * each; i < std::min(slot * each, x.count); ++i) {
      rows.push_back(i);
    }
    key.add(sums, key.pick(x, rows));
  }
  return sums;
}

}  // namespace polder
