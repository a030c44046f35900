// The type of a column: what its values are, within which public bounds, whether some are missing,
// and how far from exact they may be.
#pragma once

#include <string>
#include <vector>

#include "base/json_text.h"
#include "plan/bounds.h"

namespace polder {

enum class TypeKind {
  integer,    // as it is
  decimal,    // times 10^scale
  fixed,      // times 2^scale, cut down to a whole number
  boolean,    // 0 or 1
  category,   // the number of a public label
  date,       // days since 1970
  datetime,   // ticks of `unit` since 1970, UTC
  duration,   // ticks of `unit`
  string,     // characters, filled up with zeros to `length`
  bytes,      // `length` of them
  identifier  // a keyed hash of 128 bits
};
enum class Unit { s, ms, us };
enum class Alphabet { ascii, latin, bmp, unicode };

struct Type {
  TypeKind kind = TypeKind::integer;
  bool null = false;                    // some values may be missing
  Bounds bounds;                        // of what is stored, if that is a number
  int scale = 0;                        // of decimal and fixed
  Unit unit = Unit::s;                  // of datetime and duration
  Alphabet alphabet = Alphabet::ascii;  // of string
  int length = 0;                       // of string and bytes
  std::vector<std::string> labels;      // of category
  double error = 0;                     // how far a value may be off; 0: exact

  static Type integer(Int128 low, Int128 high);
  static Type boolean();
  static Type decimal(int scale, Int128 low, Int128 high);
  static Type fixed(int scale, Int128 low, Int128 high);
  static Type category(std::vector<std::string> labels);

  /// Stored as one number within bounds.
  bool is_stored_number() const { return kind <= TypeKind::duration; }
  /// Can be summed and multiplied.
  bool is_number() const { return kind <= TypeKind::fixed; }
  bool is_signed() const { return is_stored_number() && bounds.is_signed(); }
  /// Bits that hold a value.
  int width() const;
  /// "decimal(2) 0..9999999", for messages.
  std::string text() const;
  Type with_null(bool may_be_missing) const;

  friend bool operator==(const Type&, const Type&) = default;
};

/// Values of both can be compared: the same kind of thing, in the same units.
bool comparable(const Type& x, const Type& y);

// In the text of a plan: {"int":["0","120"]}, {"decimal":[2,"0","99"],"null":true}.
Json to_json(const Type& type);
/// Throws Error bad_input naming `what`.
void from_json(const Json& json, Type& type, const std::string& what);

}  // namespace polder
