#include "wire/result_shares.h"

#include <algorithm>
#include <cstring>

#include "base/error.h"

namespace polder {
namespace {

constexpr std::array<std::uint8_t, 8> magic{'p', 'o', 'l', 'd', 'e', 'r', 'r', '2'};
constexpr std::uint64_t max_columns = 1024, max_label = 256, max_width = 4096, max_run = 64 * 1024;

enum Kind : std::uint64_t { arith = 1, bits = 2 };

void put(Bytes& out, std::span<const std::uint8_t> bytes) {
  out.insert(out.end(), bytes.begin(), bytes.end());
}
void put(Bytes& out, std::uint64_t value) { put(out, bytes_of(std::span(&value, 1))); }
void put(Bytes& out, const std::string& text) {
  put(out, text.size());
  put(out, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

template <typename Shares>
void put_components(Bytes& out, const Shares& shares) {
  put(out, static_cast<std::uint64_t>(shares.components()));
  for (int c = 0; c < shares.components(); ++c) put(out, bytes_of(shares.component(c)));
}

void put_column(Bytes& out, const DeliveredColumn& column) {
  put(out, column.label);
  const auto* const numbers = std::get_if<Arith>(&column.shares);
  if (numbers != nullptr) {
    put(out, Kind::arith);
    put(out, numbers->size());
    put(out, 64);
    return put_components(out, *numbers);
  }
  const Bits& flags = std::get<Bits>(column.shares);
  put(out, Kind::bits);
  put(out, flags.size());
  put(out, static_cast<std::uint64_t>(flags.width()));
  put_components(out, flags);
}

/// Takes values off the front of a text that may lie about its lengths.
class Reader {
 public:
  explicit Reader(std::span<const std::uint8_t> left) : left_(left) {}

  std::span<const std::uint8_t> take(std::uint64_t bytes) {
    if (bytes > left_.size()) fail(Code::cheating, "result: shorter than it says");
    const auto front = left_.first(bytes);
    left_ = left_.subspan(bytes);
    return front;
  }
  std::uint64_t number(std::uint64_t least, std::uint64_t most) {
    std::uint64_t value = 0;
    std::memcpy(&value, take(sizeof value).data(), sizeof value);
    if (value < least || value > most) fail(Code::cheating, "result: a number is out of range");
    return value;
  }
  std::string text(std::uint64_t most) {
    const auto bytes = take(number(0, most));
    return {bytes.begin(), bytes.end()};
  }
  Words words(std::uint64_t count) {
    if (count > left_.size() / 8) fail(Code::cheating, "result: shorter than it says");
    Words out(count);
    std::ranges::copy(take(count * 8), bytes_of(std::span(out)).begin());
    return out;
  }
  void done() const {
    if (!left_.empty()) fail(Code::cheating, "result: longer than it says");
  }

 private:
  std::span<const std::uint8_t> left_;
};

DeliveredColumn read_column(Reader& reader) {
  std::string label = reader.text(max_label);
  const std::uint64_t kind = reader.number(Kind::arith, Kind::bits);
  const std::uint64_t n = reader.number(0, std::uint64_t{1} << 40);
  const auto width = static_cast<int>(reader.number(1, max_width));
  const BitShape shape{n, width};
  const std::uint64_t words = kind == Kind::arith ? n : shape.words();
  const std::uint64_t count = reader.number(1, 3);
  std::vector<Words> components;
  for (std::uint64_t c = 0; c < count; ++c) components.push_back(reader.words(words));
  DeliveredColumn column{.label = std::move(label), .shares = Arith()};
  if (kind == Kind::arith) {
    column.shares = Arith(std::move(components));
  } else {
    column.shares = Bits(shape, std::move(components));
  }
  return column;
}

}  // namespace

Bytes encode(const ResultShares& result) {
  Bytes out;
  put(out, magic);
  put(out, result.session);
  put(out, static_cast<std::uint64_t>(result.role));
  put(out, result.run);
  put(out, result.columns.size());
  for (const DeliveredColumn& column : result.columns) put_column(out, column);
  return out;
}

ResultShares decode_result(std::span<const std::uint8_t> bytes) {
  Reader reader(bytes);
  if (!std::ranges::equal(reader.take(magic.size()), magic)) {
    fail(Code::cheating, "result: not in the format of this version");
  }
  ResultShares result{.session = {}, .role = 0, .run = {}, .columns = {}};
  std::ranges::copy(reader.take(result.session.size()), result.session.begin());
  result.role = static_cast<int>(reader.number(0, 2));
  result.run = reader.text(max_run);
  const std::uint64_t count = reader.number(0, max_columns);
  for (std::uint64_t i = 0; i < count; ++i) result.columns.push_back(read_column(reader));
  reader.done();
  return result;
}

}  // namespace polder
