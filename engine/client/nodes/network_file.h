// A network as an organisation has it: network.json, which anybody may see, and beside it the key
// under which owners hash identifiers, which its nodes never get.
#pragma once

#include <filesystem>

#include "client/files/party_file.h"
#include "wire/network.h"

namespace polder {

/// Where the matching key of a network file lies: NAME.matching.json beside NAME.json.
std::filesystem::path matching_key_file(const std::filesystem::path& network);

/// With the matching key, if it is there.  Throws Error bad_input naming the file: as parse_network
/// does, or a key that is not this network's.
Network read_network(const std::filesystem::path& file);

/// Writes both files. Throws Error bad_input if there is one already.
void write_network(const Network& network, const std::filesystem::path& file);

/// Throws Error not_found, saying where to put it, if it was not there.
MatchingKey matching_key_of(const Network& network);

}  // namespace polder
