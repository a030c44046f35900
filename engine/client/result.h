// A recipient's answer: three nodes' sealed shares, opened with its key, compared and put together.
#pragma once

#include <map>
#include <string>
#include <variant>

#include "base/memory.h"
#include "client/keys.h"
#include "client/three_nodes.h"
#include "protocol/share.h"

namespace polder {

/// What was opened to a recipient, by label: whole numbers or bits.
using Opened = std::map<std::string, std::variant<Words, PlainBits>>;

/// Fetches and opens. Throws Error not_found (no such result), bad_input (sealed to another key),
/// cheating: the nodes whose copies of one component differ, by name.
Opened fetch_result(ThreeNodes& nodes, const std::string& session,
                    const OrganisationKeys& recipient);

}  // namespace polder
