#include "peer/lookup/list_entry.h"

#include <algorithm>
#include <cstring>

#include "base/error.h"
#include "crypto/aead.h"
#include "match/report.h"

namespace polder {
namespace {

constexpr std::size_t tag_bytes = sizeof(Digest128);
constexpr std::uint64_t max_entries = std::uint64_t{1} << 26;
constexpr std::uint64_t max_list_bytes = std::uint64_t{1} << 32;

Secret<32> report_key(const VoprfOutput& output) {
  return Secret<32>(Hasher<32>().add("polder look-up report v1").add(output.raw()).finish());
}

}  // namespace

std::size_t ListShape::entry_bytes() const {
  return tag_bytes + (report_bytes == 0 ? 0 : report_bytes + sizeof(AeadTag));
}

bool ListShape::allowed() const {
  return entries <= max_entries && report_bytes <= max_report_bytes &&
         report_bytes % report_step_bytes == 0 && bytes() <= max_list_bytes;
}

Digest128 tag_of(const VoprfOutput& output) {
  return Hasher<16>().add("polder look-up tag v1").add(output.raw()).finish();
}

void write_entry(const ListShape& shape, const VoprfOutput& output, std::string_view report,
                 std::span<std::uint8_t> entry) {
  require(entry.size() == shape.entry_bytes(), "an entry has its list's size");
  require(report.size() <= shape.report_bytes, "a report fits into its padding");
  std::ranges::copy(tag_of(output), entry.begin());
  if (shape.report_bytes == 0) return;
  const auto text = entry.subspan(tag_bytes, shape.report_bytes);
  std::ranges::copy(report, text.begin());
  std::ranges::fill(text.subspan(report.size()), std::uint8_t{0});
  const AeadTag proof = encrypt_in_place(report_key(output), AeadNonce{}, text);
  std::ranges::copy(proof, entry.last(proof.size()).begin());
}

std::string read_entry(const ListShape& shape, const VoprfOutput& output,
                       std::span<const std::uint8_t> entry) {
  require(entry.size() == shape.entry_bytes(), "an entry has its list's size");
  if (shape.report_bytes == 0) return {};
  const auto padded = entry.subspan(tag_bytes, shape.report_bytes);
  Bytes text(padded.begin(), padded.end());
  AeadTag proof;
  std::ranges::copy(entry.last(proof.size()), proof.begin());
  if (!decrypt_in_place(report_key(output), AeadNonce{}, text, proof))
    fail(Code::cheating, "its register holds an identifier under a report that is not that one's");
  return std::string(text.begin(), text.end());
}

}  // namespace polder
