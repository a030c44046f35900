#include "client/identifiers/kinds.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/error.h"
#include "client/identifiers/bic.h"
#include "client/identifiers/date.h"
#include "client/identifiers/email.h"
#include "client/identifiers/exact.h"
#include "client/identifiers/fold.h"
#include "client/identifiers/iban.h"
#include "client/identifiers/national_number.h"
#include "client/identifiers/number.h"
#include "client/identifiers/phone.h"
#include "client/identifiers/placeholders.h"
#include "client/identifiers/spreadsheets.h"
#include "client/identifiers/text.h"

namespace polder {
namespace {

using Takes = IdentifierKind::Takes;

constexpr std::array registry{
    IdentifierKind{"text", 1, "names, numbers and codes as people write them", text_form},
    IdentifierKind{"exact", 1, "codes in which case counts", exact_form, Takes::spelled},
    IdentifierKind{"iban", 1, "IBANs", iban_form},
    IdentifierKind{.name = "number",
                   .version = 1,
                   .holds = "whole numbers, whose leading zeros do not count",
                   .normal = number_form,
                   .reads_decimals = true},
    IdentifierKind{.name = "date",
                   .version = 1,
                   .holds = "dates, day before month",
                   .normal = date_form,
                   .fillers = filler_dates},
    IdentifierKind{"email", 1, "e-mail addresses", email_form},
    IdentifierKind{"phone", 1, "telephone numbers with their country", phone_form},
    IdentifierKind{"phone_be", 1, "telephone numbers, of Belgium unless they say", phone_be_form},
    IdentifierKind{"phone_de", 1, "telephone numbers, of Germany unless they say", phone_de_form},
    IdentifierKind{"phone_fr", 1, "telephone numbers, of France unless they say", phone_fr_form},
    IdentifierKind{"phone_gb", 1, "telephone numbers, of the United Kingdom unless they say",
                   phone_gb_form},
    IdentifierKind{"phone_nl", 1, "telephone numbers, of the Netherlands unless they say",
                   phone_nl_form},
    IdentifierKind{"bic", 1, "BICs of banks", bic_form},
    IdentifierKind{"bsn", 1, "citizens' numbers of the Netherlands", bsn_form},
    IdentifierKind{"dni", 1, "identity numbers of Spain, DNI and NIE", dni_form},
    IdentifierKind{"nir", 1, "social security numbers of France", nir_form},
    IdentifierKind{"pesel", 1, "citizens' numbers of Poland", pesel_form},
    IdentifierKind{"rrn", 1, "national register numbers of Belgium", rrn_form},
    IdentifierKind{"steuer_id", 1, "tax identification numbers of Germany", steuer_id_form},
};

const IdentifierKind* find(std::string_view name) {
  const auto* const found = std::ranges::find(registry, name, &IdentifierKind::name);
  return found == registry.end() ? nullptr : found;
}

}  // namespace

const IdentifierKind& kind_named(std::string_view name) {
  const IdentifierKind* const found = find(name);
  if (found != nullptr) return *found;
  fail(Code::bad_input, "there is no kind of identifier '{}'; the kinds are {}", name,
       fmt::join(kind_names(), ", "));
}

bool is_kind(std::string_view name) { return find(name) != nullptr; }

std::vector<std::string> kind_names() {
  std::vector<std::string> names;
  for (const IdentifierKind& kind : registry) names.emplace_back(kind.name);
  return names;
}

NormalForm normal_form(const IdentifierKind& kind, std::string_view cell,
                       Placeholders placeholders) {
  using State = NormalForm::State;
  const std::string folded = fold(cell);
  const std::string_view content = unwrapped(folded);
  if (content.empty()) return {State::empty, {}};
  const bool leave_out = placeholders == Placeholders::leave_out;
  if (leave_out && is_placeholder(content)) return {State::placeholder, {}};
  if (kind.takes == Takes::spelled) return {State::present, kind.normal(cell)};
  refuse_exponent(content);
  if (!kind.reads_decimals) refuse_decimals(content);
  std::string normal = kind.normal(content);
  if (leave_out && std::ranges::find(kind.fillers, normal) != kind.fillers.end())
    return {State::placeholder, {}};
  return {State::present, std::move(normal)};
}

void append_key_part(std::string& key, std::string_view normal) {
  const auto size = static_cast<std::uint32_t>(normal.size());
  for (int shift = 0; shift < 32; shift += 8) key += static_cast<char>((size >> shift) & 0xFF);
  key += normal;
}

}  // namespace polder
