#include "client/learned.h"

#include <boost/json/object.hpp>
#include <cmath>
#include <limits>

#include "base/error.h"
#include "match/match.h"

namespace polder {
namespace {

std::uint64_t opened_number(const Opened& opened, const std::string& label) {
  const Words& words = opened_words(opened, label);
  if (words.size() == 1) return words[0];
  fail(Code::cheating, "the nodes' answer holds no number '{}'", label);
}

bool opened_flag(const Opened& opened, const std::string& label) {
  return opened_bits(opened, label, 1).flag(0);
}

double fixed_point(std::uint64_t word) {
  return std::ldexp(static_cast<double>(static_cast<std::int64_t>(word)), -mean_format_bits);
}

std::uint64_t count_rows(const PlainBits& rows) {
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) count += rows.flag(i);
  return count;
}

}  // namespace

const PlainBits& opened_bits(const Opened& opened, const std::string& label, std::size_t n) {
  const auto found = opened.find(label);
  const bool there = found != opened.end() && std::holds_alternative<PlainBits>(found->second);
  if (!there || std::get<PlainBits>(found->second).size() != n ||
      std::get<PlainBits>(found->second).width() != 1) {
    fail(Code::cheating, "the nodes' answer '{}' is not one bit for each of {} rows", label, n);
  }
  return std::get<PlainBits>(found->second);
}

const Words& opened_words(const Opened& opened, const std::string& label) {
  const auto found = opened.find(label);
  if (found == opened.end() || !std::holds_alternative<Words>(found->second)) {
    fail(Code::cheating, "the nodes' answer holds no numbers '{}'", label);
  }
  return std::get<Words>(found->second);
}

bool shows_rows(const Opened& opened) { return opened.contains("rows"); }

Learned learn(const Opened& opened, const Identifiers* own) {
  Learned learned{.opened = true};
  if (own != nullptr) {
    learned.identifiers = own->spellings.size();
    learned.matches = count_rows(opened_rows(opened, *learned.identifiers));
  } else if (opened.contains("sum")) {
    learned.matches = opened_number(opened, "having");
    learned.sum = static_cast<std::int64_t>(opened_number(opened, "sum"));
  } else if (opened.contains("mean")) {
    const double mean = fixed_point(opened_number(opened, "mean"));
    learned.mean = opened_flag(opened, "defined") ? mean : std::numeric_limits<double>::quiet_NaN();
  } else {
    learned.matches = opened_number(opened, opened.contains("total") ? "total" : "count");
  }
  return learned;
}

void write_matches(WholeFile& file, const Opened& opened, const Identifiers& own) {
  const PlainBits& rows = opened_rows(opened, own.spellings.size());
  write_identifiers(file, own, [&](std::size_t row) { return rows.flag(row); });
}

Learned open_result(ThreeNodes& nodes, const LateResult& result) {
  check_results(result.out, {result.recipient.name}, result.session);
  const auto sealed = fetch_results(nodes, result.session, std::span(&result.recipient.name, 1));
  const OpenedResult answer = open(sealed[0], result.session, result.recipient.receive);
  const Opened& opened = answer.values;
  if (!shows_rows(opened)) {
    Learned learned = learn(opened, nullptr);
    learned.run = answer.run;
    return learned;
  }
  const Identifiers own = result.own.read(result.handle);
  Learned learned = learn(opened, &own);
  learned.run = answer.run;
  ResultFiles files(result.out, result.session);
  write_matches(files.add(result.recipient.name), opened, own);
  files.finish({{"table", result.handle}});
  learned.file = files.path(result.recipient.name);
  return learned;
}

}  // namespace polder
