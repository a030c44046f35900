#include "node/settings.h"

#include <fcntl.h>
#include <unistd.h>

#include <boost/json/object.hpp>

#include "base/error.h"
#include "crypto/certificate.h"
#include "crypto/descriptor.h"
#include "crypto/random.h"
#include "store/json.h"

namespace polder {
namespace json = boost::json;
namespace {

constexpr std::uint64_t megabyte = 1024 * 1024;
constexpr std::uint64_t max_megabytes = std::uint64_t{1} << 30;

std::uint64_t half_of_memory() {
  const auto pages = static_cast<std::uint64_t>(sysconf(_SC_PHYS_PAGES));
  return pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE)) / 2;
}

/// Addresses that are not given are listened on as they are reached.
Address address(Fields& fields, std::string_view name, const Address& otherwise) {
  return fields.has(name) ? parse_address(fields.text(name)) : otherwise;
}

std::uint64_t megabytes(Fields& fields, std::string_view name, std::uint64_t otherwise) {
  return fields.has(name) ? fields.integer(name, 1, max_megabytes) * megabyte : otherwise;
}

/// A new file that only we may read, on disk when this returns.
void write_new(const std::filesystem::path& file, std::span<const std::uint8_t> contents) {
  const Descriptor out(file, O_WRONLY | O_CREAT | O_EXCL);
  const ssize_t written = ::write(out.number(), contents.data(), contents.size());
  if (written != static_cast<ssize_t>(contents.size()) || fsync(out.number()) != 0) {
    fail_on_file(file, "cannot be written", errno);
  }
}

void write_new(const std::filesystem::path& file, std::string_view text) {
  write_new(file, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

void make_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (!error) {
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
  }
  if (error) {
    fail(Code::forbidden, "{}: cannot be made ({})", folder.string(), error.message());
  }
  if (std::filesystem::exists(folder / "node.key")) {
    fail(Code::bad_input, "{}: holds a node already; choose another folder", folder.string());
  }
}

}  // namespace

NodeSettings parse_settings(std::string_view text) {
  const json::object object = parse_object(text, "node.json");
  Fields fields(object, "node.json");
  fields.integer("format", 1, 1);
  NodeSettings settings{.name = fields.name("name"),
                        .api = parse_address(fields.text("api")),
                        .mesh = parse_address(fields.text("mesh")),
                        .listen_api = {},
                        .listen_mesh = {},
                        .memory_bytes = megabytes(fields, "memory_mb", half_of_memory()),
                        .store_bytes = megabytes(fields, "store_mb", max_megabytes * megabyte)};
  settings.listen_api = address(fields, "listen_api", settings.api);
  settings.listen_mesh = address(fields, "listen_mesh", settings.mesh);
  fields.done();
  return settings;
}

std::string to_text(const NodeSettings& settings) {
  return canonical(json::object{{"format", 1},
                                {"name", settings.name},
                                {"api", to_text(settings.api)},
                                {"mesh", to_text(settings.mesh)},
                                {"listen_api", to_text(settings.listen_api)},
                                {"listen_mesh", to_text(settings.listen_mesh)},
                                {"memory_mb", settings.memory_bytes / megabyte},
                                {"store_mb", settings.store_bytes / megabyte}}) +
         "\n";
}

NodeCard make_node(const NewNode& node) {
  check_name(node.name, "node: its name");
  const SigningKey key = SigningKey::random();
  const Certificate certificate = Certificate::make(key, {.name = node.name, .days = node.days});
  const NodeCard card{
      .name = node.name, .api = node.api, .mesh = node.mesh, .certificate = certificate.pem()};
  const NodeSettings settings{.name = node.name,
                              .api = node.api,
                              .mesh = node.mesh,
                              .listen_api = node.api,
                              .listen_mesh = node.mesh,
                              .memory_bytes = half_of_memory(),
                              .store_bytes = max_megabytes * megabyte};
  make_folder(node.folder);
  write_new(node.folder / "store.key", Secret<32>::random().raw());
  write_new(node.folder / "node.crt", card.certificate);
  write_new(node.folder / "node.json", to_text(settings));
  write_new(node.folder / (node.name + ".node.json"), to_text(card));
  write_new(node.folder / "node.key", private_key_pem(key));  // last: the folder is whole now
  return card;
}

}  // namespace polder
