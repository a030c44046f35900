#include "client/nodes/network_file.h"

#include <algorithm>

#include "base/error.h"
#include "base/text_file.h"
#include "base/whole_file.h"

namespace polder {
namespace {

void write_new(const std::filesystem::path& path, std::string_view text, Rights rights) {
  WholeFile file(path, rights);
  file.write(text);
  file.finish(WholeFile::Existing::refuse);
}

}  // namespace

std::filesystem::path matching_key_file(const std::filesystem::path& network) {
  return std::filesystem::path(network).replace_extension(".matching.json");
}

Network read_network(const std::filesystem::path& file) {
  Network network = parse_network(read_text(file));
  const std::filesystem::path key = matching_key_file(file);
  if (std::filesystem::exists(key)) add_matching_key(network, read_text(key));
  return network;
}

void write_network(const Network& network, const std::filesystem::path& file) {
  write_new(matching_key_file(file), matching_key_text(network), Rights::owner_only);
  write_new(file, to_text(network), Rights::everybody);
}

MatchingKey matching_key_of(const Network& network) {
  if (network.matching_key.empty()) {
    fail(Code::not_found,
         "the key under which identifiers of network {} are hashed is not here; put the file "
         "NAME.matching.json, which polder network create wrote, beside NAME.json",
         network.id);
  }
  MatchingKey key;
  std::ranges::copy(network.matching_key, key.begin());
  return key;
}

}  // namespace polder
