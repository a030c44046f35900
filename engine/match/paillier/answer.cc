#include "match/paillier/answer.h"

#include <algorithm>

#include "match/paillier/bloom.h"
#include "match/paillier/masks.h"
#include "match/paillier/queries.h"
#include "match/paillier/tables.h"

namespace polder {
namespace {

constexpr std::size_t cells_at_once = 4096;

// 'Not held' and, in a digit of its own, 'not flagged' of each cell.
Words cells_of(const PaillierRun& run, int self, const PeerTable& table) {
  const PaillierSizes& sizes = run.sizes();
  const BloomHash hash(run.key().fingerprint(), sizes.hashes);
  const std::size_t cells = sizes.cells(static_cast<std::size_t>(self));
  const std::vector<bool> all(table.identifiers.size(), true);
  Words unset = unset_cells(hash, table.identifiers, all, cells);
  if (!sizes.flags) return unset;
  const Words unflagged = unset_cells(hash, table.identifiers, table.flagged, cells);
  for (std::size_t i = 0; i < cells; ++i) unset[i] += unflagged[i] << sizes.sum_bits;
  return unset;
}

void send_filter(PaillierRun& run, int self, const PeerTable& table) {
  const Words cells = cells_of(run, self, table);
  for (std::size_t at = 0; at < cells.size(); at += cells_at_once) {
    const std::size_t count = std::min(cells_at_once, cells.size() - at);
    run.send(run.sizes().requester, run.key().encrypt(count, {&cells[at], count}));
  }
}

void send_masks(PaillierRun& run, const Slots& slots, const Masks& masks) {
  const PaillierKey& key = run.key();
  run.send(run.sizes().requester,
           key.encrypt(slots.ciphertexts(), in_slots(slots, masks, key.n().words())));
}

// Bit by bit, the residues of the masks for the sums of cells.  [sum bits, rows]
void send_bits(PaillierRun& run, const Words& residues) {
  const PaillierSizes& sizes = run.sizes();
  for (int bit = 0; bit < sizes.digits() * sizes.sum_bits; ++bit) {
    Words plane(sizes.rows);
    for (std::size_t i = 0; i < sizes.rows; ++i) plane[i] = residues[i] >> bit & 1;
    run.send(sizes.requester, run.key().encrypt(sizes.rows, plane));
  }
}

// Masks for the numbers of differing bits, and tables that say which are 0.
void send_tables(PaillierRun& run) {
  const PaillierSizes& sizes = run.sizes();
  for (int digit = 0; digit < sizes.digits(); ++digit) {
    const Masks masks = draw_masks(sizes.rows, sizes.differing_range(), sizes.mask_bits);
    send_masks(run, sizes.differing(), masks);
    run.send(sizes.requester, turned_tables(run.key(), nothing_differs(sizes), masks.residues));
  }
}

// How many ciphertexts each step opens.
struct Opened {
  explicit Opened(const PaillierSizes& sizes) {
    std::size_t answering = 0;
    for (std::size_t i = 0; i < sizes.bounds.size(); ++i) answering += sizes.takes_part(i);
    sums = answering * sizes.sums().ciphertexts();
    differing =
        answering * static_cast<std::size_t>(sizes.digits()) * sizes.differing().ciphertexts();
    conditions = sizes.chained(sizes.holders_range()).ciphertexts();
    if (!sizes.flags) return;
    conditions += sizes.chained(sizes.flaggers_range()).ciphertexts();
    both = sizes.chained(sizes.conditions_range).ciphertexts();
  }
  std::size_t sums, differing, conditions, both = 0;
};

}  // namespace

// Frames of one connection stay in order: what the requester opens lies between what it needs for
// the next step, so a holder that is also asked answers in this order.
void answer_requester(PaillierRun& run, int self, const PeerTable& table,
                      const Progress& progress) {
  const PaillierSizes& sizes = run.sizes();
  const bool asked = sizes.takes_part(static_cast<std::size_t>(self));
  const bool holder = std::ranges::count(sizes.holders, self) > 0;
  const Opened opened(sizes);
  Masks masks;
  if (asked) {
    progress(0, "encrypting the filter");
    send_filter(run, self, table);
    masks = draw_masks(sizes.rows, std::uint64_t{1} << (sizes.digits() * sizes.sum_bits),
                       sizes.mask_bits);
    send_masks(run, sizes.sums(), masks);
  }
  if (holder) {
    progress(0.4, "turning tables");
    for (const Query& query : joint_queries(sizes)) turn_jointly(run, self, query);
    run.help_open(opened.sums);
  }
  if (asked) {
    progress(0.7, "encrypting tables");
    send_bits(run, masks.residues);
    send_tables(run);
  }
  if (!holder) return;
  progress(0.9, "helping to decrypt");
  run.help_open(opened.differing);
  run.help_open(opened.conditions);
  run.help_open(opened.both);
  run.help_open(sizes.bits().ciphertexts());
}

}  // namespace polder
