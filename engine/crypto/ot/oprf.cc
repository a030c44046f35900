#include "crypto/ot/oprf.h"

#include <algorithm>

#include "crypto/hash.h"

namespace polder {
namespace {

std::array<std::uint8_t, 16> part_key(const std::array<std::uint8_t, 16>& key, std::uint8_t part) {
  return Hasher<16>().add("polder oprf code").add(key).add(std::span(&part, 1)).finish();
}

/// One compression of the hash: 72 bytes.
Block hashed(std::uint64_t j, const OprfCode::Word& row) {
  std::array<std::uint64_t, 1 + OprfCode::words> input;
  input[0] = j;
  std::copy(row.begin(), row.end(), input.begin() + 1);
  const Digest128 digest = hash128(bytes_of(std::span<const std::uint64_t>(input)));
  Block value{};
  std::copy_n(digest.data(), sizeof value, reinterpret_cast<std::uint8_t*>(&value));
  return value;
}

}  // namespace

OprfCode::OprfCode(const std::array<std::uint8_t, 16>& key)
    : parts_{Aes128(part_key(key, 0)), Aes128(part_key(key, 1)), Aes128(part_key(key, 2)),
             Aes128(part_key(key, 3))} {}

std::vector<OprfCode::Word> OprfCode::operator()(std::span<const Block> points) const {
  std::vector<Word> code(points.size());
  for (std::size_t part = 0; part < parts_.size(); ++part) {
    Blocks coded(points.begin(), points.end());
    parts_[part].blocks(words_of(coded));
    for (std::size_t i = 0; i < points.size(); ++i) {
      code[i][2 * part] = coded[i].low;
      code[i][2 * part + 1] = coded[i].high;
    }
  }
  return code;
}

OprfValues oprf_at(const KeyPairs& seeds, const OprfCode& code, std::span<const Block> points) {
  const std::vector<OprfCode::Word> coded = code(points);
  const std::span<const std::uint64_t> words(coded.empty() ? nullptr : coded[0].data(),
                                             coded.size() * OprfCode::words);
  MaskedColumns columns = mask_columns(seeds, columns_of(words, oprf_columns, points.size()));
  const Words rows = rows_of(columns.own);

  OprfValues out{Blocks(points.size()), std::move(columns.message)};
  for (std::size_t j = 0; j < points.size(); ++j) {
    OprfCode::Word row;
    std::copy_n(rows.data() + j * OprfCode::words, OprfCode::words, row.begin());
    out.values[j] = hashed(j, row);
  }
  return out;
}

Oprf::Oprf(const ChosenKeys& seeds, const BitColumns& message)
    : rows_(rows_of(unmask_columns(seeds, message))), choices_(seeds.choices) {}

Block Oprf::operator()(std::size_t j, const OprfCode::Word& coded) const {
  OprfCode::Word row;
  for (std::size_t w = 0; w < OprfCode::words; ++w) {
    row[w] = rows_[j * OprfCode::words + w] ^ (coded[w] & choices_[w]);
  }
  return hashed(j, row);
}

}  // namespace polder
