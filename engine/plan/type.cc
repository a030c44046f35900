#include "plan/type.h"

#include <algorithm>
#include <array>
#include <set>

#include "base/error.h"
#include "base/json_fields.h"
#include "plan/names.h"
#include "plan/value.h"

namespace polder {
namespace {

constexpr std::array<std::string_view, 11> kind_names = {
    "int",      "decimal",  "fixed",  "bool",  "category",  "date",
    "datetime", "duration", "string", "bytes", "identifier"};
constexpr std::array<std::string_view, 3> unit_names = {"s", "ms", "us"};
constexpr std::array<std::string_view, 4> alphabet_names = {"ascii", "latin", "bmp", "unicode"};
constexpr std::array<int, 4> bits_a_character = {7, 9, 16, 21};

constexpr std::size_t max_labels = 65'536;
constexpr int max_length = 4096, max_decimals = 18, max_fraction_bits = 62;

std::string_view name_of(TypeKind kind) { return kind_names[static_cast<std::size_t>(kind)]; }

bool has_bounds(TypeKind kind) {
  return kind <= TypeKind::duration && kind != TypeKind::boolean && kind != TypeKind::category;
}

/// The parts of a type in a text, one after the other.
class Parts {
 public:
  Parts(const Json& json, const std::string& what) : what_(what), list_(json.get_if<Json::List>()) {
    if (list_ == nullptr) fail(Code::bad_input, "{}: a type's parts are a list", what);
  }

  int number(int least, int most) {
    const auto* number = next().get_if<std::int64_t>();
    if (number == nullptr || *number < least || *number > most)
      fail(Code::bad_input, "{}: part {} of the type must be {} to {}", what_, at_, least, most);
    return static_cast<int>(*number);
  }
  Int128 bound() { return decimal_integer(next(), what_); }
  const std::string& text() {
    const auto* text = next().get_if<std::string>();
    if (text == nullptr) fail(Code::bad_input, "{}: part {} of the type must be text", what_, at_);
    return *text;
  }
  template <typename Names>
  std::size_t one_of(const Names& names) {
    return index_of_name(text(), names, what_);
  }
  std::vector<std::string> rest() {
    std::vector<std::string> texts;
    while (at_ < list_->size()) texts.push_back(text());
    return texts;
  }
  void done() const {
    if (at_ != list_->size()) fail(Code::bad_input, "{}: the type has too many parts", what_);
  }

 private:
  const Json& next() {
    if (at_ >= list_->size()) fail(Code::bad_input, "{}: the type has too few parts", what_);
    return (*list_)[at_++];
  }

  const std::string& what_;
  const Json::List* list_;
  std::size_t at_ = 0;
};

void require_labels(const std::vector<std::string>& labels, const std::string& what) {
  if (labels.empty() || labels.size() > max_labels)
    fail(Code::bad_input, "{}: a category has 1 to {} labels", what, max_labels);
  if (std::set<std::string>(labels.begin(), labels.end()).size() != labels.size())
    fail(Code::bad_input, "{}: a label of the category stands twice", what);
}

}  // namespace

Type Type::integer(Int128 low, Int128 high) {
  return {.kind = TypeKind::integer, .bounds = {low, high}, .labels = {}};
}
Type Type::boolean() { return {.kind = TypeKind::boolean, .bounds = {0, 1}, .labels = {}}; }
Type Type::decimal(int scale, Int128 low, Int128 high) {
  return {.kind = TypeKind::decimal, .bounds = {low, high}, .scale = scale, .labels = {}};
}
Type Type::fixed(int scale, Int128 low, Int128 high) {
  return {.kind = TypeKind::fixed, .bounds = {low, high}, .scale = scale, .labels = {}};
}
Type Type::category(std::vector<std::string> labels) {
  const auto last = static_cast<Int128>(labels.size()) - 1;
  return {.kind = TypeKind::category, .bounds = {0, last}, .labels = std::move(labels)};
}

int Type::width() const {
  switch (kind) {
    case TypeKind::string:
      return length * bits_a_character[static_cast<std::size_t>(alphabet)];
    case TypeKind::bytes:
      return 8 * length;
    case TypeKind::identifier:
      return 128;
    default:
      return bounds.width();
  }
}

std::string Type::text() const {
  std::string text(name_of(kind));
  if (kind == TypeKind::decimal || kind == TypeKind::fixed) text += fmt::format("({})", scale);
  if (kind == TypeKind::datetime || kind == TypeKind::duration)
    text += fmt::format("({})", unit_names[static_cast<std::size_t>(unit)]);
  if (kind == TypeKind::string)
    text += fmt::format("({}, {})", length, alphabet_names[static_cast<std::size_t>(alphabet)]);
  if (kind == TypeKind::bytes) text += fmt::format("({})", length);
  if (kind == TypeKind::category) text += fmt::format(" of {}", labels.size());
  constexpr Bounds calendar{-1'000'000, 1'000'000};  // days that have a usual text
  if (kind == TypeKind::date && calendar.contains(bounds)) {
    const auto day = [&](Int128 bound) {
      return value_text(*this, Words(1, static_cast<std::uint64_t>(bound)));
    };
    text += fmt::format(" {}..{}", day(bounds.low), day(bounds.high));
  } else if (has_bounds(kind)) {
    text += " " + bounds.text();
  }
  if (null) text += " or null";
  return text;
}

Type Type::with_null(bool may_be_missing) const {
  Type type = *this;
  type.null = may_be_missing;
  return type;
}

bool comparable(const Type& x, const Type& y) {
  if (x.is_number() && y.is_number()) return true;
  if (x.kind != y.kind) return false;
  switch (x.kind) {
    case TypeKind::category:
      return x.labels == y.labels;
    case TypeKind::datetime:
    case TypeKind::duration:
      return x.unit == y.unit;
    case TypeKind::string:
      return x.alphabet == y.alphabet;
    case TypeKind::bytes:
      return x.length == y.length;
    default:
      return true;
  }
}

Json to_json(const Type& type) {
  Json::List parts;
  if (type.kind == TypeKind::decimal || type.kind == TypeKind::fixed) parts.push_back(type.scale);
  if (type.kind == TypeKind::datetime || type.kind == TypeKind::duration)
    parts.push_back(unit_names[static_cast<std::size_t>(type.unit)]);
  if (type.kind == TypeKind::string || type.kind == TypeKind::bytes) parts.push_back(type.length);
  if (type.kind == TypeKind::string)
    parts.push_back(alphabet_names[static_cast<std::size_t>(type.alphabet)]);
  for (const std::string& label : type.labels) parts.push_back(label);
  if (has_bounds(type.kind)) {
    parts.push_back(text_of(type.bounds.low));
    parts.push_back(text_of(type.bounds.high));
  }
  Json::Object object;
  object.emplace(name_of(type.kind), std::move(parts));
  if (type.null) object.emplace("null", true);
  return object;
}

void from_json(const Json& json, Type& type, const std::string& what) {
  JsonFields fields(json, what);
  type = {};
  std::size_t kinds = 0;
  for (std::size_t i = 0; i < kind_names.size(); ++i) {
    const Json* parts_json = fields.find(kind_names[i]);
    if (parts_json == nullptr) continue;
    ++kinds;
    type.kind = static_cast<TypeKind>(i);
    Parts parts(*parts_json, what);
    if (type.kind == TypeKind::decimal) type.scale = parts.number(0, max_decimals);
    if (type.kind == TypeKind::fixed) type.scale = parts.number(0, max_fraction_bits);
    if (type.kind == TypeKind::datetime || type.kind == TypeKind::duration)
      type.unit = static_cast<Unit>(parts.one_of(unit_names));
    if (type.kind == TypeKind::string || type.kind == TypeKind::bytes)
      type.length = parts.number(1, max_length);
    if (type.kind == TypeKind::string)
      type.alphabet = static_cast<Alphabet>(parts.one_of(alphabet_names));
    if (type.kind == TypeKind::boolean) type.bounds = {0, 1};
    if (type.kind == TypeKind::category) {
      type.labels = parts.rest();
      require_labels(type.labels, what);
      type.bounds = {0, static_cast<Int128>(type.labels.size()) - 1};
    }
    if (has_bounds(type.kind)) {
      type.bounds.low = parts.bound();
      type.bounds.high = parts.bound();
      if (type.bounds.low > type.bounds.high || !type.bounds.fits())
        fail(Code::bad_input, "{}: bounds go from a smaller number to a larger, within 2^62", what);
    }
    parts.done();
  }
  if (kinds != 1) fail(Code::bad_input, "{}: a type names one kind, like {{\"int\":[…]}}", what);
  if (const Json* null = fields.find("null")) {
    if (null->get_if<bool>() == nullptr || !*null->get_if<bool>())
      fields.refuse("null", "true, or left out");
    type.null = true;
  }
  fields.done();
}

}  // namespace polder
