// Where a run puts its answers: each recipient's shares are kept apart, and sealed to the
// recipient's key when the run is over.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "protocol/protocol.h"
#include "store/members.h"
#include "wire/result_shares.h"

namespace polder {

class SealedOutbox final : public Outbox {
 public:
  void deliver(const Recipient& to, const Arith& shares) override;
  void deliver(const Recipient& to, const Bits& shares) override;

  /// What stands in every seal.
  struct Head {
    SessionId session;
    int role;
    std::string run;  // run_text of plan.h
  };

  /// Recipient -> sealed ResultShares; one for each of `recipients`, also if it was sent nothing.
  std::map<std::string, std::vector<std::uint8_t>> seal(const Head& head,
                                                        std::span<const Member> recipients) const;

 private:
  std::map<std::string, std::vector<DeliveredColumn>> columns_;
};

}  // namespace polder
