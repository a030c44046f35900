#include "match/testing/delegated_match.h"

#include <cstring>

#include "match/testing/scenarios.h"

namespace polder::testing {
namespace {

/// Two words an identifier, and one of its flag in a run with flags.
Words words_of(const PeerTable& table) {
  const std::size_t n = table.identifiers.size();
  Words words(2 * n);
  if (n > 0) std::memcpy(words.data(), table.identifiers.data(), 2 * n * sizeof(Words::value_type));
  words.insert(words.end(), table.flagged.begin(), table.flagged.end());
  return words;
}

void send_table(Parties& parties, int requester, const Words& table) {
  parties.to(requester).send_words(Words{table.size()});
  parties.to(requester).send_words(table);
  parties.flush();
}

Words received_table(Channel& bank) {
  Words size(1);
  bank.receive_words(size);
  Words table(size[0]);
  bank.receive_words(table);
  return table;
}

MatchParty as_party(Party& node, std::size_t bank, const Words& table, bool flags) {
  const std::size_t n = table.size() / (flags ? 3 : 2);
  const std::span words(table);
  return {.name = bank_name(bank),
          .identifier = node.input_bits(words.first(2 * n), n, 128),
          .flag = flags ? node.input_bits(words.subspan(2 * n), n, 1) : Bits(),
          .attribute = {}};
}

}  // namespace

PeerAnswer delegated_match(Parties& parties, const PeerMatch& match, const PeerTable& table,
                           const Progress& progress) {
  if (parties.self() != match.requester) {
    send_table(parties, match.requester, words_of(table));
    return {};
  }
  std::vector<Words> tables;
  for (int bank = 0; bank < parties.count(); ++bank) {
    tables.push_back(bank == match.requester ? words_of(table) : received_table(parties.to(bank)));
  }
  const std::string requester = bank_name(static_cast<std::size_t>(match.requester));
  const MatchRequest request{
      .threshold = match.threshold, .min_flags = match.flags ? 1u : 0u, .recipients = {requester}};
  const Delivered delivered = run("rep3", [&](Party& node) {
    std::vector<MatchParty> banks;
    for (std::size_t i = 0; i < tables.size(); ++i) {
      banks.push_back(as_party(node, i, tables[i], match.flags));
    }
    polder::match(node.mpc(), request, std::move(banks), progress);
  });
  const PlainBits& matches = delivered.bits.at(requester + "/rows");
  PeerAnswer answer;
  for (std::size_t i = 0; i < table.identifiers.size(); ++i) answer.rows.push_back(matches.flag(i));
  return answer;
}

}  // namespace polder::testing
