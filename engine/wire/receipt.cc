#include "wire/receipt.h"

#include <boost/json/object.hpp>

#include "base/error.h"
#include "base/json.h"
#include "crypto/hex.h"

namespace polder {
namespace json = boost::json;

std::string receipt_text(std::string_view network, const Receipt& receipt) {
  return fmt::format("polder receipt v2\n{}\n{}\n{}", network, receipt.handle, receipt.role);
}

Receipt parse_receipt(const json::object& object) {
  Fields fields(object, "receipt");
  const Receipt receipt{.handle = fields.hex("handle", 16),
                        .role = static_cast<int>(fields.integer("role", 0, 2)),
                        .signature = from_hex<64>(fields.hex("signature", 64))};
  fields.done();
  return receipt;
}

json::object to_json(const Receipt& receipt) {
  return {
      {"handle", receipt.handle}, {"role", receipt.role}, {"signature", to_hex(receipt.signature)}};
}

void check_receipts(std::span<const Receipt> receipts, std::string_view handle,
                    std::string_view network, const std::array<VerifyKey, 3>& keys) {
  if (receipts.size() != 3) {
    fail(Code::bad_input, "publish: {} receipts; one of each of the three nodes is needed",
         receipts.size());
  }
  for (std::size_t role = 0; role < 3; ++role) {
    const Receipt& receipt = receipts[role];
    const bool fits = receipt.role == static_cast<int>(role) && receipt.handle == handle &&
                      keys[role].accepts(receipt_text(network, receipt), receipt.signature);
    if (!fits) {
      fail(Code::forbidden, "publish: receipt {} was not given by node {} for this table", role,
           role);
    }
  }
}

}  // namespace polder
