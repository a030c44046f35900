#include "net/parties.h"

namespace polder {

Parties::Parties(int self, std::vector<Channel*> lines) : self_(self), lines_(std::move(lines)) {
  require(lines_.size() <= 255, "at most 255 parties");
  require(self >= 0 && self < count() && lines_[static_cast<std::size_t>(self)] == nullptr,
          "a party has a line to each other, none to itself");
}

Channel& Parties::to(int party) const {
  require(party != self_, "a party has no line to itself");
  return *lines_.at(static_cast<std::size_t>(party));
}

Traffic Parties::traffic() const {
  Traffic sum;
  for (const Channel* line : lines_) {
    if (line) sum = sum + line->traffic();
  }
  return sum;
}

void Parties::flush() const {
  for (Channel* line : lines_) {
    if (line) line->flush();
  }
}

void Parties::abort(Code code, std::string_view why) const noexcept {
  for (Channel* line : lines_) {
    if (line) line->abort(code, why);
  }
}

}  // namespace polder
