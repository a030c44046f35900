// Everything that a stranger's request is parsed by: path, query, JSON of every kind, sealed
// results. Any input may be refused; none may crash, hang or take memory that it only announces.
#include <cstdint>
#include <string_view>

#include "base/error.h"
#include "base/json.h"
#include "governance/statement.h"
#include "node/http/routes.h"
#include "node/settings.h"
#include "store/notice.h"
#include "wire/manifest.h"
#include "wire/network.h"
#include "wire/plan.h"
#include "wire/receipt.h"
#include "wire/result_shares.h"

namespace {

template <typename Parse>
void attempt(Parse parse) {
  try {
    parse();
  } catch (const polder::Error&) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  attempt([&] { polder::find_route("GET", text); });
  attempt([&] { polder::methods_of(text); });
  attempt([&] { polder::query_number(text, "wait_ms", 60'000, 0); });
  attempt([&] { polder::query_text(text, "name"); });
  attempt([&] { polder::decode_result({data, size}); });
  attempt([&] { polder::parse_network(text); });
  attempt([&] { polder::parse_node_card(text); });
  attempt([&] { polder::parse_settings(text); });
  attempt([&] { polder::to_text(polder::parse_signed(text)); });
  attempt([&] {
    const auto object = polder::parse_object(text, "fuzz");
    attempt([&] { polder::canonical(polder::parse_manifest(object)); });
    attempt([&] { polder::canonical(polder::parse_plan(object)); });
    attempt([&] { polder::to_json(polder::parse_receipt(object)); });
    attempt([&] { polder::to_json(polder::parse_notice(object)); });
    attempt([&] { polder::canonical(object); });
  });
  return 0;
}
