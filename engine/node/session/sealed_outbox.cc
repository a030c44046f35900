#include "node/session/sealed_outbox.h"

#include "base/error.h"
#include "crypto/seal.h"

namespace polder {

void SealedOutbox::deliver(const Recipient& to, const Arith& shares) {
  columns_[to.name].push_back({.label = to.label, .shares = shares});
}

void SealedOutbox::deliver(const Recipient& to, const Bits& shares) {
  columns_[to.name].push_back({.label = to.label, .shares = shares});
}

std::map<std::string, std::vector<std::uint8_t>> SealedOutbox::seal(
    const Head& head, std::span<const Member> recipients) const {
  std::map<std::string, std::vector<std::uint8_t>> sealed;
  for (const Member& recipient : recipients) {
    const auto found = columns_.find(recipient.name);
    const auto columns = found == columns_.end() ? std::vector<DeliveredColumn>() : found->second;
    const Bytes box = polder::seal(
        recipient.seal,
        encode({.session = head.session, .role = head.role, .run = head.run, .columns = columns}));
    sealed.emplace(recipient.name, std::vector(box.begin(), box.end()));
  }
  for (const auto& [name, columns] : columns_) {
    require(sealed.contains(name), "outbox: an answer for somebody whom the plan does not name");
  }
  return sealed;
}

}  // namespace polder
