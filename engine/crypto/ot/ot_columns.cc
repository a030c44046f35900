#include "crypto/ot/ot_columns.h"

#include <algorithm>

#include "base/error.h"
#include "base/transpose.h"
#include "crypto/aes.h"

namespace polder {
namespace {

/// The stream of a seed that is used for this alone.
Words stream_of(const Block& seed, std::size_t words) {
  std::array<std::uint8_t, 16> key;
  std::copy_n(reinterpret_cast<const std::uint8_t*>(&seed), key.size(), key.data());
  Words stream(ceil_div(words, Aes128::group_words) * Aes128::group_words);
  Aes128(key).counters(0, 0, stream);
  wipe(key.data(), key.size());
  return stream;
}

}  // namespace

Words rows_of(const BitColumns& columns) {
  const std::size_t width = words_for_bits(columns.columns);
  Words rows(columns.rows * width);
  for (std::size_t w = 0; w < width && columns.rows > 0; ++w) {
    const std::size_t planes = std::min<std::size_t>(64, columns.columns - w * 64);
    from_planes(columns.words.data() + w * 64 * columns.stride_words(), columns.stride_words(),
                columns.rows, static_cast<int>(planes), rows.data() + w, width);
  }
  return rows;
}

BitColumns columns_of(std::span<const std::uint64_t> rows, std::size_t columns, std::size_t n) {
  const std::size_t width = words_for_bits(columns);
  BitColumns out(columns, n);
  for (std::size_t w = 0; w < width && n > 0; ++w) {
    const std::size_t planes = std::min<std::size_t>(64, columns - w * 64);
    to_planes(rows.data() + w, width, n, static_cast<int>(planes),
              out.words.data() + w * 64 * out.stride_words(), out.stride_words());
  }
  return out;
}

MaskedColumns mask_columns(const KeyPairs& seeds, const BitColumns& code) {
  require(seeds.zero.size() == code.columns, "ot columns: one pair of seeds a column");
  MaskedColumns out{BitColumns(code.columns, code.rows), BitColumns(code.columns, code.rows)};
  for (std::size_t i = 0; i < code.columns; ++i) {
    const Words zero = stream_of(seeds.zero[i], code.stride_words());
    const Words one = stream_of(seeds.one[i], code.stride_words());
    for (std::size_t w = 0; w < code.stride_words(); ++w) {
      out.own.column(i)[w] = zero[w];
      out.message.column(i)[w] = zero[w] ^ one[w] ^ code.column(i)[w];
    }
  }
  return out;
}

BitColumns unmask_columns(const ChosenKeys& seeds, const BitColumns& message) {
  require(seeds.keys.size() == message.columns, "ot columns: one seed a column");
  BitColumns out(message.columns, message.rows);
  for (std::size_t i = 0; i < message.columns; ++i) {
    const Words stream = stream_of(seeds.keys[i], message.stride_words());
    const std::uint64_t mask = seeds.mask(i);
    for (std::size_t w = 0; w < message.stride_words(); ++w) {
      out.column(i)[w] = stream[w] ^ (message.column(i)[w] & mask);
    }
  }
  return out;
}

}  // namespace polder
