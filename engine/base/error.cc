#include "base/error.h"

#include <array>

namespace polder {
namespace {

constexpr std::array<std::pair<Code, std::string_view>, 11> names{{
    {Code::bad_input, "bad_input"},
    {Code::bad_schema, "bad_schema"},
    {Code::not_found, "not_found"},
    {Code::forbidden, "forbidden"},
    {Code::busy, "busy"},
    {Code::cancelled, "cancelled"},
    {Code::timed_out, "timed_out"},
    {Code::peer_lost, "peer_lost"},
    {Code::peer_aborted, "peer_aborted"},
    {Code::cheating, "cheating"},
    {Code::internal, "internal"},
}};

}  // namespace

std::string_view name(Code code) {
  for (const auto& [known, text] : names) {
    if (known == code) return text;
  }
  return "internal";
}

Code code_named(std::string_view text) {
  for (const auto& [code, known] : names) {
    if (known == text) return code;
  }
  return Code::internal;
}

void fail_requirement(const char* what, const std::source_location& where) {
  fail(Code::internal, "{} ({}:{})", what, where.file_name(), where.line());
}

}  // namespace polder
