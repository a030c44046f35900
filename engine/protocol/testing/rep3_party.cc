#include "protocol/testing/rep3_party.h"

namespace polder::testing {

Key fixed_key(std::uint8_t byte) {
  Key::Raw raw{};
  raw.fill(byte);
  return Key(raw);
}

Arith Rep3Party::input(std::span<const std::uint64_t> values) {
  const std::string column = std::to_string(inputs_++);
  return node_arith(role_, values.size(), sent(split_arith(values, seeds_, column)), column);
}

Bits Rep3Party::input_bits(std::span<const std::uint64_t> rows, std::size_t n, int width) {
  const std::string column = std::to_string(inputs_++);
  return node_bits(role_, {n, width},
                   sent(split_bits(PlainBits::of_rows(rows, n, width), seeds_, column)), column);
}

Sent Rep3Party::sent(Words data) {
  data_ = std::move(data);
  return {.first = &seeds_.first, .second = &seeds_.second, .data = data_};
}

}  // namespace polder::testing
