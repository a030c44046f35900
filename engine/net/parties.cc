#include "net/parties.h"

namespace polder {

Parties::Parties(int self, std::vector<Channel*> connections)
    : self_(self), connections_(std::move(connections)) {
  require(connections_.size() <= 255, "at most 255 parties");
  require(self >= 0 && self < count() && connections_[static_cast<std::size_t>(self)] == nullptr,
          "a party has a connection to each other, none to itself");
}

Channel& Parties::to(int party) const {
  require(party != self_, "a party has no connection to itself");
  return *connections_.at(static_cast<std::size_t>(party));
}

Traffic Parties::traffic() const {
  Traffic sum;
  for (const Channel* connection : connections_) {
    if (connection) sum = sum + connection->traffic();
  }
  return sum;
}

void Parties::flush() const {
  for (Channel* connection : connections_) {
    if (connection) connection->flush();
  }
}

void Parties::abort(Code code, std::string_view why) const noexcept {
  for (Channel* connection : connections_) {
    if (connection) connection->abort(code, why);
  }
}

}  // namespace polder
