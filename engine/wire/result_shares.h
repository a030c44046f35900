// What one node seals for one recipient: its shares of every column that was opened to them, with
// the session, the node's role and what the run was inside the seal. Written by the node, read by
// the client.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "base/memory.h"
#include "net/channel.h"
#include "protocol/share.h"

namespace polder {

struct DeliveredColumn {
  std::string label;
  std::variant<Arith, Bits> shares;
};

struct ResultShares {
  SessionId session;
  int role;
  std::string run;  // run_text of plan.h
  std::vector<DeliveredColumn> columns;
};

Bytes encode(const ResultShares& result);

/// The node may be anyone's: every length is checked before memory is taken.  Throws Error
/// cheating.
ResultShares decode_result(std::span<const std::uint8_t> bytes);

}  // namespace polder
