// A recipient's answer: three nodes' sealed shares, opened with its key, compared and put together.
#pragma once

#include <array>
#include <map>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "base/memory.h"
#include "client/keys.h"
#include "client/nodes/three_nodes.h"
#include "protocol/share.h"

namespace polder {

/// What was opened to a recipient, by label: whole numbers or bits.
using Opened = std::map<std::string, std::variant<Words, PlainBits>>;

/// One recipient's answer as the nodes gave it, by role: sealed, so anybody may hold it.
using SealedResult = std::array<std::string, 3>;

/// The answers for some recipients, in their order. Throws Error not_found (no such result).
std::vector<SealedResult> fetch_results(ThreeNodes& nodes, std::string_view session,
                                        std::span<const std::string> recipients);

/// What a recipient was sent, and of what run: all three nodes say the same.
struct OpenedResult {
  std::string run;  // run_text of wire/plan.h
  Opened values;
};

/// Throws Error bad_input (sealed to another key), or cheating: another session's or node's result,
/// nodes that ran different plans, or whose copies of one component differ, by name.
OpenedResult open(const SealedResult& sealed, std::string_view session, const ReceivingKey& key);

/// The values, if they are of the run that was asked for; else throws Error cheating.
Opened values_of(OpenedResult result, std::string_view run);

/// 32 hex digits by which recipients of one run can compare that it is one.
std::string run_digest(std::string_view run);

}  // namespace polder
