// For tests: identifiers by number, and registers of them.
#pragma once

#include <string>
#include <vector>

#include "peer/lookup/published_list.h"

namespace polder::testing {

inline IdentifierHash identifier(std::uint64_t number) {
  IdentifierHash hash{};
  for (std::size_t i = 0; i < 8; ++i) hash[i] = static_cast<std::uint8_t>(number >> (8 * i));
  return hash;
}

/// What a register says of an identifier; nothing of number 0.
inline std::string report_of(std::uint64_t number) {
  return number == 0 ? "" : "incident " + std::to_string(number);
}

enum class Reports { given, none };

/// The identifiers 0 to n - 1.
inline RegisterRows register_of(std::uint64_t n, Reports reports = Reports::given) {
  RegisterRows rows;
  std::vector<std::string> texts;
  for (std::uint64_t number = 0; number < n; ++number) {
    rows.identifiers.push_back(identifier(number));
    texts.push_back(report_of(number));
  }
  if (reports == Reports::given) rows.reports = texts;
  return rows;
}

inline constexpr std::array<std::uint8_t, 32> some_seed{7, 7, 7};

/// A report as it travels.
inline std::string padded(std::string text, const ListShape& shape) {
  text.resize(shape.report_bytes, '\0');
  return text;
}

}  // namespace polder::testing
