#include "match/paillier/ask.h"

#include <algorithm>

#include "match/paillier/bloom.h"
#include "match/paillier/masks.h"
#include "match/paillier/queries.h"
#include "match/paillier/tables.h"

namespace polder {
namespace {

constexpr std::size_t cells_at_once = 4096;

using Roles = std::vector<std::uint64_t>;

void append(Ciphertexts& all, const Ciphertexts& more) {
  all.count += more.count;
  all.u.insert(all.u.end(), more.u.begin(), more.u.end());
  all.v.insert(all.v.end(), more.v.begin(), more.v.end());
}

class Requester {
 public:
  Requester(PaillierRun& run, const PeerTable& table, const Progress& progress)
      : run_(run), key_(run.key()), sizes_(run.sizes()), table_(table), progress_(progress) {
    for (std::size_t i = 0; i < sizes_.bounds.size(); ++i) {
      if (sizes_.takes_part(i)) banks_.push_back(static_cast<int>(i));
    }
  }

  std::vector<bool> ask() {
    const std::vector<Roles> sums = open_sums();
    const std::vector<Roles> differing = open_differing(sums);
    const auto [holding, flagging] = count_banks(differing);
    const Ciphertexts matching = combine(holding, flagging);
    return open_bits(matching);
  }

 private:
  Ciphertexts receive_cells(int bank) {
    Ciphertexts cells;
    const std::size_t count = sizes_.cells(static_cast<std::size_t>(bank));
    cells.u.reserve(count * key_.n().words());
    cells.v.reserve(count * 2 * key_.n().words());
    for (std::size_t at = 0; at < count; at += cells_at_once) {
      append(cells, run_.receive(bank, std::min(cells_at_once, count - at)));
    }
    return cells;
  }

  // Of each row the sum of its cells in the bank's filter: 0 in a digit says held, or flagged.
  Ciphertexts sums_of_cells(int bank) {
    const Ciphertexts cells = receive_cells(bank);
    const BloomHash hash(key_.fingerprint(), sizes_.hashes);
    std::vector<std::vector<std::size_t>> positions;
    for (const IdentifierHash& identifier : table_.identifiers) {
      positions.push_back(hash.positions(identifier, cells.count));
    }
    Ciphertexts sums = key_.nothing(sizes_.rows);
    std::vector<std::size_t> chosen(sizes_.rows);
    for (std::size_t k = 0; k < sizes_.hashes; ++k) {
      for (std::size_t i = 0; i < sizes_.rows; ++i) chosen[i] = positions[i][k];
      key_.add(sums, key_.pick(cells, chosen));
    }
    return sums;
  }

  // Splits what was opened for several groups of rows.
  static std::vector<Roles> split(const Slots& slots, const std::vector<Integer>& opened,
                                  std::uint64_t range) {
    std::vector<Roles> all;
    for (std::size_t at = 0; at < opened.size(); at += slots.ciphertexts()) {
      const auto first = opened.begin() + static_cast<std::ptrdiff_t>(at);
      const std::vector<Integer> group(first,
                                       first + static_cast<std::ptrdiff_t>(slots.ciphertexts()));
      all.push_back(residues_in(slots, group, range));
    }
    return all;
  }

  std::vector<Roles> open_sums() {
    const Slots slots = sizes_.sums();
    Ciphertexts hidden;
    for (const int bank : banks_) {
      progress_(0.1, "adding up filters");
      Ciphertexts sums = packed(key_, slots, sums_of_cells(bank));
      key_.add(sums, run_.receive(bank, slots.ciphertexts()));
      append(hidden, sums);
    }
    for (const Query& query : joint_queries(sizes_)) {
      joint_.push_back(receive_joint_tables(run_, query));
    }
    run_.count_rounds(sizes_.holders.size() - 1);
    // To the requester: sums that each bank hid with masks of its own.
    return split(slots, run_.open(std::move(hidden)),
                 std::uint64_t{1} << (sizes_.digits() * sizes_.sum_bits));
  }

  // How many bits of a digit differ between the opened places and the bank's residues.  A bit that
  // is 1 here differs if it is not 1 there.
  Ciphertexts differing_bits(int bank, const Roles& roles, int digit) {
    Ciphertexts zeros_here = key_.nothing(sizes_.rows), ones_here = zeros_here;
    Words ones(sizes_.rows, 0);
    for (int bit = digit * sizes_.sum_bits; bit < (digit + 1) * sizes_.sum_bits; ++bit) {
      const Ciphertexts there = run_.receive(bank, sizes_.rows);
      Ciphertexts both = there;
      append(both, key_.nothing(sizes_.rows));
      std::vector<std::size_t> as_zero(sizes_.rows), as_one(sizes_.rows);
      for (std::size_t i = 0; i < sizes_.rows; ++i) {
        const bool one = (roles[i] >> bit & 1) != 0;
        ones[i] += one;
        as_zero[i] = one ? sizes_.rows + i : i;
        as_one[i] = one ? i : sizes_.rows + i;
      }
      key_.add(zeros_here, key_.pick(both, as_zero));
      key_.add(ones_here, key_.pick(both, as_one));
    }
    key_.negate(ones_here);
    key_.add(zeros_here, ones_here);
    key_.add_public(zeros_here, ones);
    return zeros_here;
  }

  std::vector<Roles> open_differing(const std::vector<Roles>& sums) {
    const Slots slots = sizes_.differing();
    Ciphertexts hidden;
    std::vector<std::vector<Ciphertexts>> digits;
    for (std::size_t i = 0; i < banks_.size(); ++i) {
      progress_(0.4, "comparing");
      std::vector<Ciphertexts> counts;
      for (int digit = 0; digit < sizes_.digits(); ++digit) {
        counts.push_back(packed(key_, slots, differing_bits(banks_[i], sums[i], digit)));
      }
      for (Ciphertexts& count : counts) {
        key_.add(count, run_.receive(banks_[i], slots.ciphertexts()));
        tables_.push_back(run_.receive(banks_[i], sizes_.rows * sizes_.differing_range()));
        append(hidden, count);
      }
    }
    // To the requester: numbers that each bank hid with masks of its own.
    return split(slots, run_.open(std::move(hidden)), sizes_.differing_range());
  }

  // How many other banks hold each row, and how many flag it (the requester's own flag included).
  std::pair<Ciphertexts, Ciphertexts> count_banks(const std::vector<Roles>& differing) {
    Ciphertexts holding = key_.nothing(sizes_.rows), flagging = holding;
    for (std::size_t i = 0; i < tables_.size(); ++i) {
      const bool held = !sizes_.flags || i % 2 == 0;
      key_.add(held ? holding : flagging,
               answers(key_, tables_[i], sizes_.differing_range(), differing[i]));
    }
    if (sizes_.flags) {
      Words own(sizes_.rows, 0);
      std::ranges::copy(table_.flagged, own.begin());
      key_.add_public(flagging, own);
    }
    return {std::move(holding), std::move(flagging)};
  }

  // One answer a row to each of the next joint queries, about these numbers.
  std::vector<Ciphertexts> look_up(std::size_t first, const std::vector<Ciphertexts>& numbers) {
    const std::vector<Query> queries = joint_queries(sizes_);
    Ciphertexts hidden;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      Ciphertexts sums = packed(key_, sizes_.chained(queries[first + i].size()), numbers[i]);
      key_.add(sums, joint_[first + i].masks);
      append(hidden, sums);
    }
    // To the requester: numbers that every other holder hid with a mask of its own.
    const std::vector<Integer> opened = run_.open(std::move(hidden));
    std::vector<Ciphertexts> found;
    auto at = opened.begin();
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      const std::size_t size = queries[first + i].size();
      const auto end = at + static_cast<std::ptrdiff_t>(sizes_.chained(size).ciphertexts());
      const Roles roles = residues_in(sizes_.chained(size), {at, end}, size);
      found.push_back(answers(key_, joint_[first + i].tables, size, roles));
      at = end;
    }
    return found;
  }

  Ciphertexts combine(const Ciphertexts& holding, const Ciphertexts& flagging) {
    progress_(0.7, "comparing with the threshold");
    if (!sizes_.flags) return look_up(0, {holding}).front();
    const std::vector<Ciphertexts> conditions = look_up(0, {holding, flagging});
    Ciphertexts fulfilled = conditions[0];
    key_.add(fulfilled, conditions[1]);
    return look_up(2, {fulfilled}).front();
  }

  std::vector<bool> open_bits(const Ciphertexts& matching) {
    progress_(0.9, "decrypting the answer");
    // To the requester: the answer, one bit for each of its rows and nothing else.
    const std::vector<Integer> opened = run_.open(packed(key_, sizes_.bits(), matching));
    const std::vector<std::uint64_t> bits = residues_in(sizes_.bits(), opened, 2);
    std::vector<bool> rows;
    for (std::size_t i = 0; i < table_.identifiers.size(); ++i) rows.push_back(bits[i] == 1);
    return rows;
  }

  PaillierRun& run_;
  const PaillierKey& key_;
  const PaillierSizes& sizes_;
  const PeerTable& table_;
  const Progress& progress_;
  std::vector<int> banks_;           // the others that may hold something
  std::vector<Ciphertexts> tables_;  // [banks, digits]
  std::vector<JointTables> joint_;   // of joint_queries
};

}  // namespace

std::vector<bool> ask_banks(PaillierRun& run, const PeerTable& table, const Progress& progress) {
  return Requester(run, table, progress).ask();
}

}  // namespace polder
