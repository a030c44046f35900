#include "client/keys.h"

#include <boost/json/object.hpp>

#include "base/error.h"
#include "base/text_file.h"
#include "base/whole_file.h"
#include "crypto/hex.h"
#include "crypto/own_folder.h"
#include "node/network.h"
#include "store/json.h"

namespace polder {
namespace {

namespace json = boost::json;
constexpr std::size_t max_key_file_bytes = 4096;

void write_new(const std::filesystem::path& file, std::string_view text, Rights rights) {
  WholeFile whole(file, rights);
  whole.write(text);
  whole.finish(WholeFile::Existing::refuse);
}

/// Fields of a key file, whichever half it is.
template <typename Read>
auto read_key_file(const std::filesystem::path& file, Read read) {
  std::string text = read_text(file, max_key_file_bytes);
  const json::object object = parse_object(text, file.string());
  wipe(text.data(), text.size());
  Fields fields(object, file.string());
  fields.integer("format", 1, 1);
  auto keys = read(fields);
  fields.done();
  return keys;
}

}  // namespace

std::filesystem::path make_keys(const std::filesystem::path& folder, std::string_view name) {
  check_file_name(name, "key");
  const SigningKey sign = SigningKey::random();
  const ReceivingKey receive = ReceivingKey::random();
  auto seed = sign.seed();
  std::string secret = canonical(json::object{{"format", 1},
                                              {"name", json::string(name)},
                                              {"sign", to_hex(seed)},
                                              {"seal", to_hex(receive.raw())}});
  const std::string open = canonical(json::object{{"format", 1},
                                                  {"name", json::string(name)},
                                                  {"sign", to_hex(sign.verify_key().raw())},
                                                  {"seal", to_hex(receive.seal_key())}});
  const std::filesystem::path base = folder / name;
  write_new(base.string() + ".key", secret + "\n", Rights::owner_only);
  wipe(secret.data(), secret.size());
  wipe(seed.data(), seed.size());
  write_new(base.string() + ".pub", open + "\n", Rights::everybody);
  return base.string() + ".pub";
}

OrganisationKeys read_keys(const std::filesystem::path& file) {
  refuse_readable_by_others(file);
  return read_key_file(file, [](Fields& fields) {
    return OrganisationKeys{.name = fields.name("name"),
                            .sign = SigningKey(from_hex<32>(fields.text("sign"))),
                            .receive = ReceivingKey(from_hex<32>(fields.text("seal")))};
  });
}

PublicKeys read_public_keys(const std::filesystem::path& file) {
  return read_key_file(file, [](Fields& fields) {
    return PublicKeys{.name = fields.name("name"),
                      .sign = from_hex<32>(fields.text("sign")),
                      .seal = from_hex<32>(fields.text("seal"))};
  });
}

}  // namespace polder
