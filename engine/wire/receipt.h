// A node's signed word that it holds its whole share of a table, as the manifest describes it. A
// table is visible once all three have given theirs.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/sign.h"

namespace boost::json {
class object;
}

namespace polder {

struct Receipt {
  std::string handle;
  int role;
  Signature signature;
};

/// What a node signs. `network` is the network's id in hex.
std::string receipt_text(std::string_view network, const Receipt& receipt);

/// Throws Error bad_input naming the field.
Receipt parse_receipt(const boost::json::object& object);
boost::json::object to_json(const Receipt& receipt);

/// Checks that these are the receipts of roles 0, 1, 2 for `handle`, signed with `keys` (Ed25519,
/// by role). Throws Error forbidden naming the role.
void check_receipts(std::span<const Receipt> receipts, std::string_view handle,
                    std::string_view network, const std::array<VerifyKey, 3>& keys);

}  // namespace polder
