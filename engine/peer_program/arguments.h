// What polder-peer is told on its command line.
#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "client/files/party_file.h"
#include "peer/answer.h"

namespace polder {

struct PeerArguments {
  std::filesystem::path folder, network;
  std::string file;                // of clients, for matches; may be empty
  std::string incidents;           // a register, for look-ups; may be empty
  std::string report;              // its column that may be given
  std::uint64_t look_ups = 100;    // of one bank in 24 hours
  std::uint64_t rows_per_day = 0;  // of one bank, matches and look-ups together; 0: see row_limits
  PartyFileOptions columns;
  AnswerRules rules;
  std::string listen;
  bool once = false;
  bool json = false;
};

/// Without the program's own name.  Throws Error bad_input, naming the option.
PeerArguments parse_arguments(std::span<char* const> values);

/// What each bank may ask about in 24 hours, at a bank with `clients`, if it matches at all: four
/// times what it may in one session, unless it was said, and as many look-ups besides.
AskedRows::Limits row_limits(const PeerArguments& arguments, std::optional<std::uint64_t> clients);

}  // namespace polder
