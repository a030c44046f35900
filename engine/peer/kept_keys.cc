#include "peer/kept_keys.h"

#include <boost/json/object.hpp>

#include "base/error.h"
#include "base/json.h"
#include "base/text_file.h"
#include "base/version.h"
#include "base/whole_file.h"
#include "crypto/hex.h"

namespace polder {
namespace json = boost::json;
namespace {

constexpr std::size_t max_words = 1024, max_bytes = 32 * 1024;
constexpr std::uint64_t last_second = std::uint64_t{1} << 40;

Digest256 fingerprint_of(const Words& words, const KeyUse& use) {
  return Hasher<32>()
      .add(fmt::format("polder kept key v1\n{}\n{}\n{}\n", version, use.network, use.protocol))
      .add(bytes_of(std::span<const std::uint64_t>(words)))
      .finish();
}

}  // namespace

std::string to_text(const KeptKey& key, const KeyUse& use) {
  json::object object{{"format", 1},
                      {"version", std::string(version)},
                      {"network", use.network},
                      {"protocol", use.protocol},
                      {"made", key.made.time_since_epoch().count()},
                      {"words", to_hex(bytes_of(std::span<const std::uint64_t>(key.words)))}};
  object["check"] = to_hex(hash128(canonical(object)));
  return canonical(object) + "\n";
}

KeptKey parse_kept_key(std::string_view text, const KeyUse& use) {
  const json::object object = parse_object(text, "kept key", max_bytes);
  Fields fields(object, "kept key");
  fields.integer("format", 1, 1);
  if (fields.text("version") != version || fields.text("network") != use.network ||
      fields.text("protocol") != use.protocol) {
    fail(Code::bad_input, "it is of another version of Polder, other banks or another protocol");
  }
  const std::string digits = fields.text("words", 16 * max_words);
  KeptKey key{.words = Words(digits.size() / 16),
              .made = std::chrono::sys_seconds(
                  std::chrono::seconds(fields.integer("made", 0, last_second))),
              .fingerprint = {}};
  from_hex(digits, bytes_of(std::span<std::uint64_t>(key.words)));
  // The check too, and no other spelling of the same.
  if (key.words.empty() || to_text(key, use) != text) fail(Code::bad_input, "it is damaged");
  key.fingerprint = fingerprint_of(key.words, use);
  return key;
}

KeptKeys::KeptKeys(Options options) : options_(std::move(options)) {}

std::filesystem::path KeptKeys::file(std::string_view protocol) const {
  check_file_name(protocol, "protocol");
  return options_.folder / fmt::format("{}.key", protocol);
}

KeptKey KeptKeys::read(std::string_view protocol) const {
  const std::filesystem::path path = file(protocol);
  const std::string text = read_text(path, max_bytes);
  try {
    KeptKey key = parse_kept_key(text, use(protocol));
    if (std::chrono::abs(now() - key.made) > lifetime) {
      fail(Code::bad_input, "it is older than {} days", lifetime.count());
    }
    return key;
  } catch (const Error& error) {
    fail(Code::bad_input, "{} is of no use: {}; the next run makes a new key and replaces it",
         path.string(), error.what());
  }
}

KeptKey KeptKeys::find(std::string_view protocol) const try {
  return read(protocol);
} catch (const Error&) {
  return {};
}

void KeptKeys::keep(std::string_view protocol, const Words& words) {
  const std::lock_guard lock(writing_);  // sessions side by side would write to one file
  WholeFile whole(file(protocol), Rights::owner_only);
  whole.write(to_text({.words = words, .made = now()}, use(protocol)));
  whole.finish();
}

KeyUse KeptKeys::use(std::string_view protocol) const {
  return {options_.network, std::string(protocol)};
}

std::chrono::sys_seconds KeptKeys::now() const {
  if (options_.now) return options_.now();
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

}  // namespace polder
