// A column on shares: its values in the one or two forms that they are there in, which are missing,
// and how many rows of the sources stand behind each. A value is a column of one row.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "plan/type.h"
#include "protocol/protocol.h"

namespace polder {

/// How many rows of the sources stand behind each row.
using Count = std::shared_ptr<const Arith>;

class Series {
 public:
  /// Values in invalid rows and under nulls are arbitrary: who sums, groups or opens masks them.
  Series(Type type, Arith number) : type_(std::move(type)), number_(std::move(number)) {}
  /// Of type.width() bits: two's complement if the type is signed.
  Series(Type type, Bits bits) : type_(std::move(type)), bits_(std::move(bits)) {}
  /// In both forms.
  Series(Type type, Arith number, Bits bits)
      : type_(std::move(type)), number_(std::move(number)), bits_(std::move(bits)) {}

  const Type& type() const { return type_; }
  std::size_t size() const { return bits_ ? bits_->size() : number_->size(); }

  bool has_number() const { return number_.has_value(); }
  bool has_bits() const { return bits_.has_value(); }
  /// The form asked for: the stored number mod 2^64, or its bits. Made at the first call and kept;
  /// to_arith and to_bits of ops/arithmetic/convert.h say what that costs.  Reveals nothing.
  const Arith& number(Protocol& mpc) const;
  const Bits& bits(Protocol& mpc) const;

  /// Where a value is missing; null if nowhere.
  const Bits* null() const { return null_ ? &*null_ : nullptr; }
  Series& set_null(std::optional<Bits> null);

  /// Empty: not counted, a row is a row.
  const std::vector<Count>& behind() const { return behind_; }
  Series& set_behind(std::vector<Count> behind);

  /// Of a value that all know, the same in every row: what is stored, lowest word first.
  const std::optional<Words>& known() const { return known_; }
  Series& set_known(Words words);

 private:
  Type type_;
  mutable std::optional<Arith> number_;
  mutable std::optional<Bits> bits_;
  std::optional<Bits> null_;
  std::vector<Count> behind_;
  std::optional<Words> known_;
};

using SeriesPointer = std::shared_ptr<const Series>;

inline SeriesPointer share(Series series) {
  return std::make_shared<const Series>(std::move(series));
}

/// Either's, each once.
std::vector<Count> behind_both(const Series& x, const Series& y);

/// The same rows of all that it has: `pick` is given each form, the nulls and the counts behind.
/// No rounds.  Reveals nothing.
template <typename Pick>
Series picked(Protocol& mpc, const Series& from, Pick&& pick) {
  Series series = !from.has_bits() ? Series(from.type(), pick(from.number(mpc)))
                  : !from.has_number()
                      ? Series(from.type(), pick(from.bits(mpc)))
                      : Series(from.type(), pick(from.number(mpc)), pick(from.bits(mpc)));
  if (from.null() != nullptr) series.set_null(pick(*from.null()));
  std::vector<Count> behind;
  for (const Count& count : from.behind())
    behind.push_back(std::make_shared<const Arith>(pick(*count)));
  series.set_behind(std::move(behind));
  if (from.known()) series.set_known(*from.known());
  return series;
}

/// Every row the one value.  value [1] -> [n].  No rounds.  Reveals nothing.
Series spread(Protocol& mpc, const Series& value, std::size_t n);

}  // namespace polder
