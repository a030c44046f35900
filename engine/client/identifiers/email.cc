#include "client/identifiers/email.h"

#include <unicode/idna.h>

#include <algorithm>
#include <cstdint>
#include <memory>

#include "base/error.h"

namespace polder {
namespace {

[[noreturn]] void refuse() {
  fail(Code::bad_input, "not an e-mail address; correct it, or give the column the kind text");
}

/// Made once: nothing in it changes.
const icu::IDNA& domains() {
  static const std::unique_ptr<const icu::IDNA> made = [] {
    UErrorCode status = U_ZERO_ERROR;
    std::unique_ptr<const icu::IDNA> rules(icu::IDNA::createUTS46Instance(
        UIDNA_NONTRANSITIONAL_TO_ASCII | UIDNA_USE_STD3_RULES, status));
    if (U_FAILURE(status)) fail(Code::internal, "no rules of domains: {}", u_errorName(status));
    return rules;
  }();
  return *made;
}

std::string domain_form(std::string_view domain) {
  if (domain.ends_with('.')) domain.remove_suffix(1);
  if (domain.find('.') == std::string_view::npos) refuse();
  UErrorCode status = U_ZERO_ERROR;
  icu::IDNAInfo faults;
  std::string out;
  icu::StringByteSink<std::string> sink(&out);
  domains().nameToASCII_UTF8({domain.data(), static_cast<std::int32_t>(domain.size())}, sink,
                             faults, status);
  if (U_FAILURE(status) || faults.hasErrors()) refuse();
  return out;
}

}  // namespace

std::string email_form(std::string_view folded) {
  if (folded.starts_with("mailto:")) folded.remove_prefix(7);
  if (folded.starts_with('<') && folded.ends_with('>'))
    folded = folded.substr(1, folded.size() - 2);
  const std::size_t at = folded.rfind('@');
  if (at == std::string_view::npos || at == 0) refuse();
  const std::string_view name = folded.substr(0, at);
  if (name.find_first_of(" @<>,;") != std::string_view::npos) refuse();
  return std::string(name) + "@" + domain_form(folded.substr(at + 1));
}

}  // namespace polder
