// A peer of an oblivious transfer owns the wire: whatever it sends in place of points, columns,
// tree sums, choices, stores or field elements, the end is a named error or an answer of the right
// size.
#include <algorithm>
#include <cstdlib>

#include "base/error.h"
#include "crypto/ot/correlated_ot.h"
#include "crypto/ot/okvs.h"
#include "crypto/ot/oprf.h"
#include "crypto/prime_field.h"

namespace {

using namespace polder;

void check(bool holds) {
  if (!holds) std::abort();
}

/// The input, again and again, as whatever is due.
class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size) : bytes_(data, size) {}
  void fill(std::span<std::uint8_t> out) {
    for (std::uint8_t& byte : out) byte = bytes_.empty() ? 0 : bytes_[at_++ % bytes_.size()];
  }
  std::uint8_t byte() {
    std::uint8_t one;
    fill({&one, 1});
    return one;
  }
  Words words(std::size_t n) {
    Words out(n);
    fill(bytes_of(std::span(out)));
    return out;
  }
  Blocks blocks(std::size_t n) {
    Blocks out(n);
    fill(bytes_of(words_of(out)));
    return out;
  }
  BitColumns columns(std::size_t count, std::size_t rows) {
    BitColumns out(count, rows);
    fill(bytes_of(std::span(out.words)));
    return out;
  }

 private:
  std::span<const std::uint8_t> bytes_;
  std::size_t at_ = 0;
};

void points(Input& input) {
  static const BaseOtReceiver receiver(2);
  Point answer;
  input.fill(answer);
  Bytes request(receiver.request().begin(), receiver.request().end());
  if (input.byte() % 2 == 0) input.fill(std::span(request).first(point_bytes));
  check(answer_base_ot(request).keys.one.size() == 2);
  check(receiver.keys(answer).keys.size() == 2);
}

void extensions(Input& input) {
  const std::size_t n = input.byte();
  static const ChosenKeys keys{Words(2, 5), random_blocks(tree_keys)};
  CorrelatedOtSender sender(grow_punctured_trees(keys, input.blocks(2 * tree_keys), {1}));
  check(sender.extend(input.columns(trees, n)).size() == n);
}

void functions(Input& input) {
  const std::size_t n = 1 + input.byte();
  static const ChosenKeys seeds{Words(OprfCode::words, 9), random_blocks(oprf_columns)};
  const Oprf oprf(seeds, input.columns(oprf_columns, n));
  oprf(n - 1, OprfCode({1})(input.blocks(1))[0]);
}

void stores(Input& input) {
  const auto sizes = Okvs::sizes(input.byte() * 8, 45);
  const std::size_t words = 1 + input.byte() % 2;
  const Okvs store(sizes, {1}, words);
  check(store.load(input.words(words * sizes.words()), input.blocks(7)).size() == 7 * words);
}

void elements(Input& input) {
  Elements received(1 + input.byte() % 8);
  input.fill(writable_bytes_of(received));
  const bool right =
      std::ranges::all_of(received, [](Element e) { return e.value < Element::prime; });
  try {
    check_received(received);
    check(right);
  } catch (const Error&) {
    check(!right);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  Input input(data + 1, size - 1);
  constexpr std::array parts{points, extensions, functions, stores, elements};
  try {
    parts[data[0] % parts.size()](input);
  } catch (const Error& error) {
    check(error.code() == Code::cheating);
  }
  return 0;
}
