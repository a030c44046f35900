// JSON that is signed or comes from strangers: one canonical form, and fields read strictly.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace polder {

/// One JSON object, at most `max_bytes` long and 16 levels deep, no name twice in one object:
/// parsers differ in which of the two they take. `what` names it in errors. Throws Error bad_input.
boost::json::object parse_object(std::string_view text, std::string_view what,
                                 std::size_t max_bytes = 1024 * 1024);

/// The one text of a value: keys in byte order, no spaces, integers only. What hashes and
/// signatures cover. Throws Error bad_input for a floating-point number.
std::string canonical(const boost::json::value& value);
std::string canonical(const boost::json::object& object);

/// Refuses what is not exactly 2 * bytes lower-case hex digits: one spelling for one id.
void check_hex(std::string_view text, std::size_t bytes, std::string_view what);

/// Refuses a name that is empty, longer than 128 bytes, not UTF-8, or has control characters.
void check_name(std::string_view name, std::string_view what);

/// Refuses also what cannot be a file's name: with '/', or starting with a dot.
void check_file_name(std::string_view name, std::string_view what);

/// An object's fields, each of the type asked for. Each getter throws Error bad_input naming the
/// field. `done` refuses fields that nobody asked for.
class Fields {
 public:
  Fields(const boost::json::object& object, std::string_view what) : object_(object), what_(what) {}

  bool has(std::string_view name) const { return object_.contains(name); }
  std::string text(std::string_view name, std::size_t max_bytes = 4096);
  std::string name(std::string_view name);
  std::string hex(std::string_view name, std::size_t bytes);
  std::uint64_t integer(std::string_view name, std::uint64_t least, std::uint64_t most);
  bool truth(std::string_view name);
  const boost::json::array& list(std::string_view name, std::size_t max_items);
  const boost::json::object& object(std::string_view name);
  std::vector<std::string> texts(std::string_view name, std::size_t max_items);
  void done() const;

 private:
  const boost::json::value& at(std::string_view name);

  const boost::json::object& object_;
  std::string what_;
  std::vector<std::string> asked_;
};

}  // namespace polder
