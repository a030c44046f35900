#include "peer/lookup/published_list.h"

#include <cstring>
#include <numeric>

#include "base/error.h"
#include "base/parallel.h"
#include "match/report.h"

namespace polder {
namespace {

/// Of everything that the list says.
Digest256 contents_of(const RegisterRows& rows, std::uint64_t bound) {
  const std::array<std::uint64_t, 3> sizes{bound, rows.identifiers.size(), rows.reports ? 1u : 0u};
  Hasher<32> contents;
  contents.add("polder register contents v1").add(bytes_of(sizes));
  for (const IdentifierHash& identifier : rows.identifiers) contents.add(identifier);
  if (!rows.reports) return contents.finish();
  for (const std::string& report : *rows.reports) {
    const std::uint64_t length = report.size();
    contents.add(bytes_of(std::span(&length, 1))).add(report);
  }
  return contents.finish();
}

Secret<32> filling_secret(std::span<const std::uint8_t, 32> seed, const Digest256& contents) {
  return Secret<32>(Hasher<32>(seed).add("polder look-up filling v1").add(contents).finish());
}

/// An output that belongs to no identifier.
VoprfOutput filling_output(const Secret<32>& filling, std::uint64_t number) {
  return VoprfOutput::filled([&](VoprfOutput::Raw& raw) {
    for (std::uint64_t half = 0; half < 2; ++half) {
      const std::array<std::uint64_t, 2> place{number, half};
      const Digest256 digest = Hasher<32>(filling.raw()).add(bytes_of(place)).finish();
      std::ranges::copy(digest, std::span(raw).subspan(half * digest.size()).begin());
    }
  });
}

Bytes written(const VoprfKey& key, const Secret<32>& filling, const RegisterRows& rows,
              const ListShape& shape) {
  const std::size_t size = shape.entry_bytes();
  Bytes entries(shape.bytes());
  parallel_ranges(shape.entries, 64, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const bool row = i < rows.identifiers.size();
      write_entry(shape, row ? key(rows.identifiers[i]) : filling_output(filling, i),
                  row && rows.reports ? std::string_view((*rows.reports)[i]) : std::string_view(),
                  std::span(entries).subspan(i * size, size));
    }
  });
  return entries;
}

/// In the order of their tags, which look random.
Bytes sorted(const Bytes& entries, std::size_t size) {
  std::vector<std::size_t> order(entries.size() / size);
  std::iota(order.begin(), order.end(), 0);
  std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
    return std::memcmp(&entries[a * size], &entries[b * size], sizeof(Digest128)) < 0;
  });
  Bytes out(entries.size());
  for (std::size_t i = 0; i < order.size(); ++i)
    std::memcpy(&out[i * size], &entries[order[i] * size], size);
  return out;
}

}  // namespace

ListDigest::ListDigest(const ListShape& shape, const Point& public_point) {
  const std::array<std::uint64_t, 2> sizes{shape.entries, shape.report_bytes};
  hasher_.add("polder register v1").add(public_point).add(bytes_of(sizes));
}

PublishedList publish(const RegisterRows& rows, std::uint64_t bound,
                      std::span<const std::uint8_t, 32> seed) {
  require(rows.identifiers.size() <= bound, "a list is filled up to its bound");
  require(!rows.reports || rows.reports->size() == rows.identifiers.size(), "a report for each");
  const ListShape shape{.entries = bound,
                        .report_bytes = rows.reports ? padded_report_bytes(*rows.reports) : 0};
  if (!shape.allowed()) {
    fail(Code::bad_input,
         "a register of {} entries with reports of {} bytes is too large; lower its bound, or "
         "split it between banks",
         shape.entries, shape.report_bytes);
  }
  const Digest256 contents = contents_of(rows, bound);
  PublishedList list{
      .key = VoprfKey::derive(seed, contents), .head = {.shape = shape}, .entries = {}};
  list.entries =
      sorted(written(list.key, filling_secret(seed, contents), rows, shape), shape.entry_bytes());
  list.head.public_point = list.key.public_point();
  ListDigest digest(shape, list.head.public_point);
  digest.add(list.entries);
  list.head.fingerprint = digest.finish();
  return list;
}

}  // namespace polder
