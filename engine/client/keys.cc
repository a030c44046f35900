#include "client/keys.h"

#include <boost/json/object.hpp>

#include "base/error.h"
#include "base/json.h"
#include "base/text_file.h"
#include "base/whole_file.h"
#include "crypto/files/own_folder.h"
#include "crypto/hex.h"
#include "store/member_name.h"

namespace polder {
namespace {

namespace json = boost::json;
constexpr std::size_t max_key_file_bytes = 4096;

void write_new(const std::filesystem::path& file, std::string_view text, Rights rights) {
  WholeFile whole(file, rights);
  whole.write(text);
  whole.finish(WholeFile::Existing::refuse);
}

constexpr std::string_view secret_file = "polder secret keys: keep it to yourself";
constexpr std::string_view public_file = "polder public keys: hand it to the nodes' operators";

/// Fields of a key file of the kind that is due.
template <typename Read>
auto read_key_file(const std::filesystem::path& file, std::string_view kind, Read read) {
  std::string text = read_text(file, max_key_file_bytes);
  const json::object object = parse_object(text, file.string());
  wipe(text.data(), text.size());
  Fields fields(object, file.string());
  const std::string found = fields.text("file");
  if (found == secret_file && kind == public_file) {
    fail(Code::bad_input,
         "{}: these are SECRET keys, which nobody else may have; give the file that ends in .pub",
         file.string());
  }
  if (found != kind) {
    fail(Code::bad_input, "{}: is not a file of {}", file.string(), kind.substr(0, kind.find(':')));
  }
  fields.integer("format", 2, 2);
  auto keys = read(fields);
  fields.done();
  return keys;
}

}  // namespace

std::filesystem::path make_keys(const std::filesystem::path& folder, std::string_view name) {
  check_file_name(name, "key");
  check_visible_name(name, "key");
  const OrganisationKeys keys{
      .name = std::string(name), .sign = SigningKey::random(), .receive = ReceivingKey::random()};
  auto seed = keys.sign.seed();
  std::string secret = canonical(json::object{{"file", json::string(secret_file)},
                                              {"format", 2},
                                              {"name", json::string(name)},
                                              {"secret_sign", to_hex(seed)},
                                              {"secret_seal", to_hex(keys.receive.raw())}});
  json::object open = to_json(public_half(keys));
  open["file"] = json::string(public_file);
  open["format"] = 2;
  const std::filesystem::path base = folder / name;
  write_new(base.string() + ".key", secret + "\n", Rights::owner_only);
  wipe(secret.data(), secret.size());
  wipe(seed.data(), seed.size());
  write_new(base.string() + ".pub", canonical(open) + "\n", Rights::everybody);
  return base.string() + ".pub";
}

Member public_half(const OrganisationKeys& keys) {
  Member member{.name = keys.name,
                .sign = keys.sign.verify_key().raw(),
                .seal = keys.receive.seal_key(),
                .proof = {}};
  member.proof = keys.sign.sign(member_text(member.name, member.sign, member.seal));
  return member;
}

OrganisationKeys read_keys(const std::filesystem::path& file) {
  refuse_readable_by_others(file);
  return read_key_file(file, secret_file, [](Fields& fields) {
    return OrganisationKeys{.name = fields.name("name"),
                            .sign = SigningKey(from_hex<32>(fields.text("secret_sign"))),
                            .receive = ReceivingKey(from_hex<32>(fields.text("secret_seal")))};
  });
}

Member read_public_keys(const std::filesystem::path& file) {
  return read_key_file(file, public_file, [](Fields& fields) {
    json::object member;
    for (const char* field : {"name", "sign", "seal", "proof"}) member[field] = fields.text(field);
    return parse_member(member);
  });
}

}  // namespace polder
