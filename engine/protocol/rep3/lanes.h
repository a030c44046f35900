// The lanes of a node's side of a run: each has its own thread, its own lines to the two others and
// its own keys, so lanes share nothing while they work. A call on a whole column splits it into one
// range of rows a lane; what is too short stays on the first lane. Ranges depend on public sizes
// and the agreed number of lanes only, so lane k of a node meets lane k of the others.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "base/workers.h"
#include "protocol/protocol.h"
#include "protocol/rep3/gates.h"
#include "protocol/rep3/party.h"

namespace polder::rep3 {

using Range = Workers::Range;

class Lanes {
 public:
  /// One mesh a lane; the keys are those of Rep3's constructor.
  Lanes(std::span<Mesh* const> meshes, const Key& own, const Key& next);

  std::size_t count() const { return parties_.size(); }
  /// For what is too short to split.
  Party& first() { return *parties_[0]; }
  int role() const { return parties_[0]->role(); }

  /// The lanes' threads, for work that needs no lines.
  Workers& workers() { return workers_; }

  const Schedule& schedule() const { return parties_[0]->schedule(); }
  void set_schedule(const Schedule& schedule);

  void count_rounds(std::uint64_t rounds) { rounds_ += rounds; }
  Costs costs() const;

  /// work(party, range) for the units 0 … units - 1 in contiguous ranges, each on a lane of its
  /// own, at the same time. What a range sends must be received within the same range by the other
  /// nodes. At least one range, which may be empty.
  template <typename Work>
  void split(std::size_t units, Work&& work);

  /// The same for rows (or words), of which `unit` stay together.
  template <typename Work>
  void split_rows(std::size_t rows, Work&& work, std::size_t unit = BitShape::block_rows);

  /// Components that both holders draw instead of sending: `first` with the previous node, `second`
  /// with the next.
  void draw_shares(std::span<std::uint64_t> first, std::span<std::uint64_t> second);

  /// Party::pass_back on every lane; `local(party, first, count)`.  1 round.
  template <typename Local>
  void pass_back(std::span<std::uint64_t> first, std::span<std::uint64_t> second, Local&& local);

 private:
  std::vector<std::unique_ptr<Party>> parties_;
  Workers workers_;
  std::uint64_t rounds_ = 0;
};

/// Runs all batches, each lane its share of them. `make(party, i)` makes batch i.
template <typename Make>
void run_batches(Lanes& lanes, std::size_t count, const Flight& flight, Make&& make) {
  lanes.split(count, [&](Party& party, Range batches) {
    run_batches(batches.count, flight,
                [&](std::size_t i) { return make(party, batches.first + i); });
  });
}

template <typename Work>
void Lanes::split(std::size_t units, Work&& work) {
  split_rows(units, work, 1);
}

// One of several lanes flushes at the end of its range: nobody would push what its lines have not
// taken until the lane is next used.
template <typename Work>
void Lanes::split_rows(std::size_t rows, Work&& work, std::size_t unit) {
  workers_.split(rows, unit, [&](std::size_t lane, Range range) {
    work(*parties_[lane], range);
    if (range.count < rows) parties_[lane]->flush();
  });
}

template <typename Local>
void Lanes::pass_back(std::span<std::uint64_t> first, std::span<std::uint64_t> second,
                      Local&& local) {
  split_rows(first.size(), [&](Party& party, Range words) {
    party.pass_back(first.subspan(words.first, words.count),
                    second.subspan(words.first, words.count),
                    [&](std::size_t from, std::size_t n) { local(party, words.first + from, n); });
  });
  count_rounds(1);
}

}  // namespace polder::rep3
