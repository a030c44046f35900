#include "base/json_text.h"

#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include <charconv>
#include <cstring>

#include "base/error.h"

namespace polder {
namespace {

/// Puts values together as RapidJSON reads them; stops at the first that is refused, and says why.
class Builder {
 public:
  explicit Builder(const JsonLimits& limits) : limits_(limits) {}

  bool Null() { return put(Json()); }
  bool Bool(bool flag) { return put(flag); }
  bool RawNumber(const char* digits, rapidjson::SizeType length, bool) {
    return number({digits, length});
  }
  bool String(const char* text, rapidjson::SizeType length, bool) {
    return put(std::string(text, length));
  }
  bool StartObject() { return open(Json::Object()); }
  bool Key(const char* text, rapidjson::SizeType length, bool) {
    keys_.back().assign(text, length);
    if (!open_.back().get_if<Json::Object>()->contains(keys_.back())) return true;
    return refuse("a key stands twice in one object");
  }
  bool EndObject(rapidjson::SizeType) { return close(); }
  bool StartArray() { return open(Json::List()); }
  bool EndArray(rapidjson::SizeType) { return close(); }
  // Numbers come as text (kParseNumbersAsStringsFlag).
  bool Int(int) { return false; }
  bool Uint(unsigned) { return false; }
  bool Int64(std::int64_t) { return false; }
  bool Uint64(std::uint64_t) { return false; }
  bool Double(double) { return false; }

  Json take() { return std::move(whole_); }
  const std::string& refusal() const { return refusal_; }

 private:
  bool refuse(std::string why) {
    refusal_ = std::move(why);
    return false;
  }

  bool number(std::string_view digits) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(digits.begin(), digits.end(), value);
    if (error != std::errc() || end != digits.end() || digits == "-0")
      return refuse("numbers must be whole, of 53 bits, and have one spelling");
    if (value > Json::max_integer || value < -Json::max_integer)
      return refuse("a number has more than 53 bits; write it as a string");
    return put(value);
  }

  bool put(Json value) {
    if (++values_ > limits_.values)
      return refuse(fmt::format("it has more than {} values", limits_.values));
    if (open_.empty()) {
      whole_ = std::move(value);
    } else if (auto* list = open_.back().get_if<Json::List>()) {
      list->push_back(std::move(value));
    } else {
      open_.back().get_if<Json::Object>()->emplace(keys_.back(), std::move(value));
    }
    return true;
  }

  bool open(Json empty) {
    if (open_.size() == limits_.depth)
      return refuse(fmt::format("it is more than {} levels deep", limits_.depth));
    open_.push_back(std::move(empty));
    keys_.emplace_back();
    return true;
  }

  bool close() {
    Json closed = std::move(open_.back());
    open_.pop_back();
    keys_.pop_back();
    return put(std::move(closed));
  }

  JsonLimits limits_;
  std::size_t values_ = 0;
  std::vector<Json> open_;         // from the outermost
  std::vector<std::string> keys_;  // the last one of each, if it is an object
  Json whole_;
  std::string refusal_;
};

void write_text(std::string_view text, std::string& out) {
  out += '"';
  for (const char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\b':
        out += "\\b";
        break;
      case '\f':
        out += "\\f";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20)
          out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        else
          out += c;
    }
  }
  out += '"';
}

void write(const Json& value, std::string& out) {
  if (value.is_null()) {
    out += "null";
  } else if (const bool* flag = value.get_if<bool>()) {
    out += *flag ? "true" : "false";
  } else if (const auto* number = value.get_if<std::int64_t>()) {
    if (*number > Json::max_integer || *number < -Json::max_integer)
      fail(Code::bad_input, "JSON: a number has more than 53 bits; write it as a string");
    out += std::to_string(*number);
  } else if (const auto* text = value.get_if<std::string>()) {
    write_text(*text, out);
  } else if (const auto* list = value.get_if<Json::List>()) {
    out += '[';
    for (const Json& item : *list) {
      if (&item != list->data()) out += ',';
      write(item, out);
    }
    out += ']';
  } else {
    out += '{';
    for (const auto& [key, member] : *value.get_if<Json::Object>()) {
      if (out.back() != '{') out += ',';
      write_text(key, out);
      out += ':';
      write(member, out);
    }
    out += '}';
  }
}

}  // namespace

std::string_view Json::kind() const {
  constexpr std::string_view kinds[] = {"null", "true or false", "a number",
                                        "text", "a list",        "an object"};
  return kinds[static_cast<std::size_t>(kind_)];
}

Json parse_json(std::string_view text, std::string_view what, JsonLimits limits) {
  if (text.size() > limits.bytes)
    fail(Code::bad_input, "{}: {} bytes; at most {} are accepted", what, text.size(), limits.bytes);
  // Iterative, so that the depth of a stranger's text is no depth of our stack.
  constexpr unsigned strictly = rapidjson::kParseIterativeFlag |
                                rapidjson::kParseValidateEncodingFlag |
                                rapidjson::kParseNumbersAsStringsFlag;
  // RapidJSON takes a byte 0 for the end of the text.
  if (text.find('\0') != std::string_view::npos)
    fail(Code::bad_input, "{}: not JSON (it has a byte 0)", what);
  rapidjson::MemoryStream bytes(text.data(), text.size());
  rapidjson::Reader reader;
  Builder builder(limits);
  const rapidjson::ParseResult result = reader.Parse<strictly>(bytes, builder);
  if (!builder.refusal().empty()) fail(Code::bad_input, "{}: {}", what, builder.refusal());
  if (result.IsError()) {
    fail(Code::bad_input, "{}: not JSON (at byte {}: {})", what, result.Offset(),
         rapidjson::GetParseError_En(result.Code()));
  }
  return builder.take();
}

std::string json_text(const Json& value) {
  std::string out;
  write(value, out);
  return out;
}

}  // namespace polder
