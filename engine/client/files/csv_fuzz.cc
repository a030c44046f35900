// Any bytes, in pieces of any size: rows or an Error, and the same of the two however it was cut.
#include <cstdlib>

#include "client/files/csv.h"

namespace {

std::string outcome(std::span<const std::uint8_t> text, std::size_t step) {
  std::string seen;
  polder::CsvParser parser(
      {.file = "f", .max_cell_bytes = 1 << 12, .max_columns = 16},
      {.header = [&](const auto& names) { seen += polder::quoted_list(names) + "\n"; },
       .row =
           [&](std::size_t row, polder::Cells cells) {
             seen += std::to_string(row);
             for (const auto cell : cells) polder::append_csv_cell(seen += ',', cell);
             seen += '\n';
           }});
  try {
    for (std::size_t i = 0; i < text.size(); i += step)
      parser.feed(text.subspan(i, std::min(step, text.size() - i)));
    parser.finish();
  } catch (const polder::Error& error) {
    return "refused";
  }
  return seen;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > (1 << 12)) return 0;  // below the cell limit, where only the cut could matter
  const std::span<const std::uint8_t> text(data, size);
  if (outcome(text, size + 1) != outcome(text, 1 + size % 7)) std::abort();
  return 0;
}
