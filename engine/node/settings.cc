#include "node/settings.h"

#include <unistd.h>

#include <algorithm>
#include <boost/json/object.hpp>
#include <thread>

#include "base/error.h"
#include "base/json.h"
#include "crypto/certificate.h"
#include "crypto/files/own_folder.h"
#include "crypto/random.h"
#include "node/session/agreement.h"
#include "store/member_name.h"

namespace polder {
namespace json = boost::json;
namespace {

constexpr std::uint64_t megabyte = 1024 * 1024;
constexpr std::uint64_t max_megabytes = std::uint64_t{1} << 30;

std::uint64_t half_of_memory() {
  const auto pages = static_cast<std::uint64_t>(sysconf(_SC_PHYS_PAGES));
  return pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE)) / 2;
}

/// Half of the processors: sessions run side by side, and a lane is worth less than the one before.
std::uint8_t default_lanes() {
  constexpr unsigned most = 8;
  return static_cast<std::uint8_t>(std::clamp(std::thread::hardware_concurrency() / 2, 1u, most));
}

std::uint8_t lanes(Fields& fields) {
  if (!fields.has("lanes")) return default_lanes();
  return static_cast<std::uint8_t>(fields.integer("lanes", 1, max_lanes));
}

/// Addresses that are not given are listened on as they are reached.
Address address(Fields& fields, std::string_view name, const Address& otherwise) {
  return fields.has(name) ? parse_address(fields.text(name)) : otherwise;
}

std::uint64_t number(Fields& fields, std::string_view name, std::uint64_t least, std::uint64_t most,
                     std::uint64_t otherwise) {
  return fields.has(name) ? fields.integer(name, least, most) : otherwise;
}

bool truth(Fields& fields, std::string_view name, bool otherwise) {
  return fields.has(name) ? fields.truth(name) : otherwise;
}

std::uint64_t megabytes(Fields& fields, std::string_view name, std::uint64_t otherwise) {
  return fields.has(name) ? fields.integer(name, 1, max_megabytes) * megabyte : otherwise;
}

}  // namespace

NodeSettings parse_settings(std::string_view text) {
  const json::object object = parse_object(text, "node.json");
  Fields fields(object, "node.json");
  fields.integer("format", 1, 1);
  NodeSettings settings{
      .name = fields.name("name"),
      .api = parse_address(fields.text("api")),
      .mesh = parse_address(fields.text("mesh")),
      .listen_api = {},
      .listen_mesh = {},
      .listen_metrics = {},
      .trust_operators = truth(fields, "trust_operators", true),
      .memory_bytes = megabytes(fields, "memory_mb", half_of_memory()),
      .store_bytes = megabytes(fields, "store_mb", max_megabytes * megabyte),
      .member_bytes = megabytes(fields, "member_mb", max_megabytes * megabyte),
      .member_tables = number(fields, "member_tables", 1, 100'000, 256),
      .member_sessions = static_cast<int>(number(fields, "member_sessions", 1, 64, 16)),
      .lanes = lanes(fields)};
  if (fields.has("listen_metrics")) {
    settings.listen_metrics = parse_address(fields.text("listen_metrics"));
  }
  settings.listen_api = address(fields, "listen_api", settings.api);
  settings.listen_mesh = address(fields, "listen_mesh", settings.mesh);
  fields.done();
  return settings;
}

std::string to_text(const NodeSettings& settings) {
  json::object object{{"format", 1},
                      {"name", settings.name},
                      {"api", to_text(settings.api)},
                      {"mesh", to_text(settings.mesh)},
                      {"listen_api", to_text(settings.listen_api)},
                      {"listen_mesh", to_text(settings.listen_mesh)},
                      {"trust_operators", settings.trust_operators},
                      {"memory_mb", settings.memory_bytes / megabyte},
                      {"store_mb", settings.store_bytes / megabyte},
                      {"member_mb", settings.member_bytes / megabyte},
                      {"member_tables", settings.member_tables},
                      {"member_sessions", settings.member_sessions},
                      {"lanes", settings.lanes}};
  if (settings.listen_metrics) object["listen_metrics"] = to_text(*settings.listen_metrics);
  return canonical(object) + "\n";
}

NodeCard make_node(const NewNode& node) {
  check_visible_name(node.name, "node: its name");
  const SigningKey key = SigningKey::random();
  const Certificate certificate = Certificate::make(key, {.name = node.name, .days = node.days});
  const NodeCard card{
      .name = node.name, .api = node.api, .mesh = node.mesh, .certificate = certificate.pem()};
  const NodeSettings settings{.name = node.name,
                              .api = node.api,
                              .mesh = node.mesh,
                              .listen_api = node.api,
                              .listen_mesh = node.mesh,
                              .listen_metrics = {},
                              .memory_bytes = half_of_memory(),
                              .store_bytes = max_megabytes * megabyte,
                              .member_bytes = max_megabytes * megabyte,
                              .member_tables = 256,
                              .member_sessions = 16,
                              .lanes = default_lanes()};
  make_own_folder(node.folder, "node.key");
  const FolderLock alone(node.folder);
  write_new(node.folder / "store.key", Secret<32>::random().raw());
  write_new(node.folder / "node.crt", card.certificate);
  write_new(node.folder / "node.json", to_text(settings));
  write_new(node.folder / (node.name + ".node.json"), to_text(card));
  write_new(node.folder / "node.key", private_key_pem(key));  // last: the folder is whole now
  return card;
}

}  // namespace polder
