#include "client/identifiers/key_form.h"

#include <fmt/format.h>

namespace polder {

std::optional<KeyForm::Missing> KeyForm::take(std::span<const std::string_view> cells) {
  require(cells.size() == kinds_.size(), "an identifier has a cell for each part of the key");
  bytes_.clear();
  for (std::size_t part = 0; part < cells.size(); ++part) {
    try {
      NormalForm form = normal_form(*kinds_[part], cells[part], placeholders_);
      if (form.state != NormalForm::State::present) return Missing{part, form.state};
      parts_[part] = std::move(form.text);
    } catch (const Error& why) {
      throw KeyFault(why, part);
    }
    append_key_part(bytes_, parts_[part]);
  }
  return {};
}

}  // namespace polder
