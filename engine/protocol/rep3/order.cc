// Opened comparisons of rows picked by number. The last product of the circuit is not re-shared but
// opened at once: each node sends its additive part, hidden by its share of zero, to both others.
// The batches of one call go on independently, each as far as its own answers allow.
#include <algorithm>
#include <array>
#include <memory>
#include <vector>

#include "base/error.h"
#include "base/transpose.h"
#include "protocol/rep3/rep3.h"
#include "protocol/rep3/selection_tree.h"

namespace polder {
namespace {

using rep3::Batch;
using rep3::Gates;
using rep3::Party;
using rep3::Place;
using rep3::SelectionTree;
using rep3::Wire;

/// Bits of picked rows in planes.
class PickedRows {
 public:
  /// Rows that are picked a second time in a row stay as they are: those that descend a sample.
  void pick(const Rows& keys, int width, const Indices& rows) {
    if (rows == picked_) return;
    picked_ = rows;
    plane_words_ = words_for_bits(rows.size());
    const std::size_t words = plane_words_ * static_cast<std::size_t>(width);
    for (Words& planes : planes_) {
      if (planes.size() < words) planes.resize(words);
    }
    for (std::size_t from = 0; from < rows.size(); from += stretch) {
      const std::size_t n = std::min(stretch, rows.size() - from);
      for (int c = 0; c < 2; ++c) {
        gather(keys, c, from, n);
        to_planes_of(c, width, from, n);
      }
    }
  }

  /// Frees the planes; `pick` makes them again.
  void forget() {
    picked_ = Indices();
    for (Words& planes : planes_) planes = Words();
  }

  Wire plane(std::size_t i) const {
    return {planes_[0].data() + i * plane_words_, planes_[1].data() + i * plane_words_};
  }

 private:
  static constexpr std::size_t stretch = 4096;  // rows that are transposed together
  static constexpr std::size_t ahead = 32;      // rows that are fetched beforehand

  void gather(const Rows& keys, int c, std::size_t from, std::size_t n) {
    const std::uint64_t* rows = keys.component(c).data();
    gathered_.resize(stretch * keys.row_words());
    if (keys.row_words() == 1) {
      gather_words<1>(rows, from, n, 1);
    } else if (keys.row_words() == 2) {
      gather_words<2>(rows, from, n, 2);
    } else {
      gather_words<0>(rows, from, n, keys.row_words());
    }
  }

  /// `Fixed`: the words of a row where the compiler may know them, else 0.
  template <std::size_t Fixed>
  void gather_words(const std::uint64_t* rows, std::size_t from, std::size_t n,
                    std::size_t any_words) {
    const std::size_t words = Fixed == 0 ? any_words : Fixed;
    const std::uint32_t* picked = picked_.data() + from;
    std::uint64_t* to = gathered_.data();
    const std::size_t left = picked_.size() - from;
    for (std::size_t i = 0; i < n; ++i) {
      if (i + ahead < left) __builtin_prefetch(rows + picked[i + ahead] * words);
      for (std::size_t k = 0; k < words; ++k) to[k * stretch + i] = rows[picked[i] * words + k];
    }
  }

  void to_planes_of(int c, int width, std::size_t from, std::size_t n) {
    for (std::size_t k = 0; k < words_for_bits(static_cast<std::size_t>(width)); ++k) {
      to_planes(gathered_.data() + k * stretch, 1, n,
                std::min(64, width - static_cast<int>(64 * k)),
                planes_[static_cast<std::size_t>(c)].data() + 64 * k * plane_words_ + from / 64,
                plane_words_);
    }
  }

  Indices picked_;
  std::size_t plane_words_ = 0;
  std::array<Words, 2> planes_;  // of both components
  Words gathered_;               // first words of a stretch of rows, then their second words …
};

class Answering final : public Batch {
 public:
  /// `steps` becomes the number of steps that it took; its own, as batches run on several lanes.
  Answering(Party& party, const Rows& keys, int width, Inquiry& inquiry, std::uint64_t& steps)
      : gates_(party),
        keys_(keys),
        width_(width),
        inquiry_(inquiry),
        steps_(steps),
        lean_(party.schedule().many_wait()) {}

  bool advance() override {
    if (waiting_for_answer_) {
      gates_.receive_open(std::span(answers_).first(gates_.plane_words()));
      inquiry_.hear(std::span(answers_).first(gates_.plane_words()));
    } else if (asked_) {
      gates_.receive();
    }
    if ((waiting_for_answer_ || !asked_) && !ask()) return false;
    compute_level();
    // Safe: the keys are distinct and shuffled (protocol.h), so the answers are those of a random
    // order; and the part that is sent carries a share of zero, so it shows nothing but the answer.
    if (waiting_for_answer_) {
      gates_.send_open();
    } else {
      gates_.send();
    }
    return true;
  }

 private:
  /// Of many batches that wait, each holds no more than the level it has sent; of a few that stay
  /// in the cache, what the next step can use again.
  void compute_level() {
    if (lean_ && !at_first_level_) gates_.renew(tree_.next_gates());
    waiting_for_answer_ = tree_.last_level();
    tree_.level(gates_);
    if (lean_) forget();
    at_first_level_ = false;
  }

  void forget() {
    gates_.forget();
    for (PickedRows* rows : {&x_, &y_}) rows->forget();
    for (Indices* rows : {&left_, &right_}) *rows = Indices();
  }

  bool ask() {
    if (!inquiry_.ask(left_, right_)) return false;
    require_pairs();
    ++steps_;
    x_.pick(keys_, width_, left_);
    y_.pick(keys_, width_, right_);
    const std::size_t plane_words = words_for_bits(left_.size());
    gates_.start(plane_words,
                 lean_ ? SelectionTree::first_gates(width_) : SelectionTree::gates(width_));
    answers_.resize(plane_words);
    std::vector<Place> places;
    for (std::size_t i = 0; i < static_cast<std::size_t>(width_); ++i) {
      places.push_back({x_.plane(i), y_.plane(i)});
    }
    tree_.start(gates_, std::move(places), SelectionTree::Rows::distinct,
                lean_ ? SelectionTree::Inputs::forgotten : SelectionTree::Inputs::kept);
    return asked_ = at_first_level_ = true;
  }

  /// A row against itself would open a bit of its key.
  void require_pairs() const {
    require(left_.size() == right_.size() && !left_.empty(), "an inquiry asks pairs of rows");
    bool distinct = true;
    for (std::size_t i = 0; i < left_.size(); ++i) distinct &= left_[i] != right_[i];
    require(distinct, "an inquiry compares a row with itself");
  }

  Gates gates_;
  const Rows& keys_;
  int width_;
  Inquiry& inquiry_;
  std::uint64_t& steps_;
  bool lean_;
  Indices left_, right_;
  PickedRows x_, y_;
  SelectionTree tree_;
  Words answers_;
  bool asked_ = false, at_first_level_ = false, waiting_for_answer_ = false;
};

}  // namespace

void Rep3::open_order(const Rows& keys, int width, std::span<Inquiry* const> inquiries) {
  require(width >= 2 && width <= keys.width(),
          "open_order: a key with its row number has at least two bits");
  std::vector<std::uint64_t> steps(inquiries.size(), 0);
  rep3::run_batches(
      lanes_, inquiries.size(), lanes_.schedule().inquiries, [&](Party& party, std::size_t i) {
        return std::make_unique<Answering>(party, keys, width, *inquiries[i], steps[i]);
      });
  const std::uint64_t max_steps = steps.empty() ? 0 : *std::ranges::max_element(steps);
  lanes_.count_rounds(max_steps *
                      static_cast<std::uint64_t>(log2_ceil(static_cast<std::size_t>(width))));
}

}  // namespace polder
