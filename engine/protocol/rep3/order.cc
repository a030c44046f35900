// Opened comparisons of rows picked by number. The last product of the circuit is not re-shared but
// opened at once: each node sends its additive part, hidden by its share of zero, to both others.
// The batches of one call go on independently, each as far as its own answers allow.
#include <array>
#include <memory>

#include "base/error.h"
#include "base/transpose.h"
#include "protocol/rep3/rep3.h"
#include "protocol/rep3/selection_tree.h"

namespace polder {
namespace {

using rep3::Batch;
using rep3::Gates;
using rep3::Party;
using rep3::SelectionTree;
using rep3::Wire;

/// The picked rows' bits in planes: y, and x ^ y.
class PickedRows {
 public:
  void pick(const Rows& keys, int width, std::span<const std::uint32_t> left,
            std::span<const std::uint32_t> right) {
    plane_words_ = words_for_bits(left.size());
    const std::size_t words = plane_words_ * static_cast<std::size_t>(width);
    for (int c = 0; c < 2; ++c) {
      if (value_[c].size() < words) value_[c].resize(words), differ_[c].resize(words);
      for (std::size_t from = 0; from < left.size(); from += stretch)
        pick_stretch(keys, width, c, left, right, from);
    }
  }

  std::vector<Wire> value(int width) const { return wires(value_, width); }
  std::vector<Wire> differ(int width) const { return wires(differ_, width); }

 private:
  static constexpr std::size_t stretch =
      512;  // rows gathered before they are transposed: stays in L1
  static constexpr std::size_t ahead = 16;

  void pick_stretch(const Rows& keys, int key_width, int c, std::span<const std::uint32_t> left,
                    std::span<const std::uint32_t> right, std::size_t from) {
    const std::size_t n = std::min(stretch, left.size() - from), row_words = keys.row_words();
    const std::uint64_t* rows = keys.component(c).data();
    y_.resize(stretch * row_words), differ_rows_.resize(stretch * row_words);
    for (std::size_t i = 0; i < n; ++i) {
      if (from + i + ahead < left.size()) {
        __builtin_prefetch(rows + left[from + i + ahead] * row_words);
        __builtin_prefetch(rows + right[from + i + ahead] * row_words);
      }
      const std::uint64_t* x = rows + left[from + i] * row_words;
      const std::uint64_t* y = rows + right[from + i] * row_words;
      for (std::size_t k = 0; k < row_words; ++k) {
        y_[i * row_words + k] = y[k];
        differ_rows_[i * row_words + k] = x[k] ^ y[k];
      }
    }
    for (std::size_t k = 0; k < words_for_bits(static_cast<std::size_t>(key_width)); ++k) {
      const int width = std::min(64, key_width - static_cast<int>(64 * k));
      const std::size_t at = 64 * k * plane_words_ + from / 64;
      to_planes(y_.data() + k, row_words, n, width, value_[c].data() + at, plane_words_);
      to_planes(differ_rows_.data() + k, row_words, n, width, differ_[c].data() + at, plane_words_);
    }
  }

  std::vector<Wire> wires(const std::array<Words, 2>& planes, int width) const {
    std::vector<Wire> all;
    for (std::size_t i = 0; i < static_cast<std::size_t>(width); ++i) {
      all.push_back({planes[0].data() + i * plane_words_, planes[1].data() + i * plane_words_});
    }
    return all;
  }

  std::size_t plane_words_ = 0;
  std::array<Words, 2> value_, differ_;
  Words y_, differ_rows_;
};

class Answering final : public Batch {
 public:
  /// `most_steps` becomes the largest number of steps that any batch took.
  Answering(Party& party, const Rows& keys, int width, Inquiry& inquiry, std::uint64_t& most_steps)
      : gates_(party), keys_(keys), width_(width), inquiry_(inquiry), most_steps_(most_steps) {}

  bool advance() override {
    if (waiting_for_answer_) {
      gates_.receive_open(std::span(answers_).first(gates_.plane_words()));
      inquiry_.hear(std::span(answers_).first(gates_.plane_words()));
    } else if (asked_) {
      gates_.receive();
    }
    if ((waiting_for_answer_ || !asked_) && !ask()) return false;
    waiting_for_answer_ = tree_.last_level();
    tree_.level(gates_);
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
  bool ask() {
    if (!inquiry_.ask(left_, right_)) return false;
    require_pairs();
    most_steps_ = std::max(most_steps_, ++steps_);
    picked_.pick(keys_, width_, left_, right_);
    const std::size_t plane_words = words_for_bits(left_.size());
    gates_.start(plane_words, SelectionTree::gates(width_));
    answers_.resize(plane_words);
    tree_.start(picked_.value(width_), picked_.differ(width_), true);
    return asked_ = true;
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
  std::uint64_t& most_steps_;
  std::uint64_t steps_ = 0;
  Indices left_, right_;
  PickedRows picked_;
  SelectionTree tree_;
  Words answers_;
  bool asked_ = false, waiting_for_answer_ = false;
};

}  // namespace

void Rep3::open_order(const Rows& keys, int width, std::span<Inquiry* const> inquiries) {
  require(width >= 2 && width <= keys.width(),
          "open_order: a key with its row number has at least two bits");
  std::uint64_t steps = 0;
  rep3::run_batches(party_, inquiries.size(), [&](std::size_t i) {
    return std::make_unique<Answering>(party_, keys, width, *inquiries[i], steps);
  });
  party_.count_rounds(steps *
                      static_cast<std::uint64_t>(log2_ceil(static_cast<std::size_t>(width))));
}

}  // namespace polder
