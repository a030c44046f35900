// What kind of identifier a key column holds, and by that which spellings are one and the same.
// docs/identifiers.md says it for users.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace polder {

struct IdentifierKind {
  std::string_view name;
  int version;  // of the normal form: one more with every change of what counts as the same
  std::string_view holds;

  /// The normal form of a cell that `prepared` gave. Applying it twice changes nothing.  Throws
  /// Error bad_input: what the cell is not, and what to do; without its place and content.
  std::string (*normal)(std::string_view cell);

  enum class Takes { folded, spelled } takes = Takes::folded;
  std::span<const std::string_view> fillers = {};  // normal forms that are written for "no value"
  bool reads_decimals = false;                     // 1001.0 is 1001, not damage
};

inline constexpr std::string_view usual_kind = "text";

/// Throws Error bad_input that lists the kinds.
const IdentifierKind& kind_named(std::string_view name);
bool is_kind(std::string_view name);
std::vector<std::string> kind_names();

enum class Placeholders { leave_out, keep };

struct NormalForm {
  enum class State { present, empty, placeholder };
  State state;
  std::string text;  // empty unless present
};

/// The form in which a cell of this kind is compared: two spellings of one client give the same
/// bytes, two clients do not.  Throws Error bad_input: more than 1,000 bytes, more than 30 marks on
/// one letter, control characters, what spreadsheets made of a number, or no value of this kind.
NormalForm normal_form(const IdentifierKind& kind, std::string_view cell,
                       Placeholders placeholders = Placeholders::leave_out);

/// Appends one part of a key so that different lists of parts never give the same bytes: its length
/// (4 bytes, little-endian), then itself.
void append_key_part(std::string& key, std::string_view normal);

}  // namespace polder
