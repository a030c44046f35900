#include "match/paillier/paillier_match.h"

#include <set>

#include "base/error.h"
#include "match/paillier/answer.h"
#include "match/paillier/ask.h"
#include "match/paillier/joint_modulus.h"
#include "match/paillier/run.h"

namespace polder {
namespace {

void check(const Parties& parties, const PeerMatch& match, const PeerTable& table) {
  const auto t = static_cast<std::uint64_t>(parties.count());
  if (t < 2) fail(Code::bad_input, "match: a single bank has nobody to match with");
  if (match.bounds.size() != t) {
    fail(Code::bad_input, "match: {} bounds for {} banks; give one each", match.bounds.size(), t);
  }
  if (match.asker < 0 || match.asker >= parties.count()) {
    fail(Code::bad_input, "match: bank {} asks, of {}", match.asker + 1, t);
  }
  if (match.threshold < 1 || match.threshold > t) {
    fail(Code::bad_input, "match: threshold {} is not between 1 and {} banks", match.threshold, t);
  }
  const std::uint64_t bound = match.bounds[static_cast<std::size_t>(parties.self())];
  if (table.identifiers.size() > bound) {
    fail(Code::bad_input, "match: the table has {} rows, agreed were at most {}",
         table.identifiers.size(), bound);
  }
  if (match.flags && table.flagged.size() != table.identifiers.size()) {
    fail(Code::bad_input, "match: {} flags for {} rows; give one each", table.flagged.size(),
         table.identifiers.size());
  }
  const std::set<IdentifierHash> different(table.identifiers.begin(), table.identifiers.end());
  if (different.size() != table.identifiers.size()) {
    fail(Code::bad_input, "match: an identifier stands twice in the table; leave it once");
  }
}

PeerAnswer match_under(const Integer& modulus, BloomError error, Parties& parties,
                       const PeerMatch& match, const PeerTable& table, const Progress& progress) {
  const PaillierSizes sizes(match, parties.count(), bits_of(modulus), error);
  PaillierRun run(parties, sizes, modulus);
  PeerAnswer answer;
  if (parties.self() == match.asker) {
    answer.rows = ask_banks(run, table, progress);
  } else {
    answer_asker(run, parties.self(), table, progress);
  }
  parties.flush();
  progress(1, "done");
  answer.rounds = run.rounds();
  return answer;
}

PeerAnswer match_with_new_key(int key_bits, Parties& parties, const PeerMatch& match,
                              const PeerTable& table, const Progress& progress) {
  check(parties, match, table);
  const PaillierSizes sizes(match, parties.count(), key_bits, BloomError::whole_run);
  const auto dealers = static_cast<int>(sizes.holders.size());
  const JointModulus made = joint_modulus(
      parties, JointPlaces::among(match.asker, dealers, parties.count()), key_bits, progress);
  PeerAnswer answer = match_under(made.n, BloomError::whole_run, parties, match, table, progress);
  answer.rounds += made.rounds;
  return answer;
}

}  // namespace

PeerAnswer paillier_match(Parties& parties, const PeerMatch& match, const PeerTable& table,
                          const Progress& progress) {
  return match_with_new_key(2048, parties, match, table, progress);
}

PeerAnswer paillier_match_3072(Parties& parties, const PeerMatch& match, const PeerTable& table,
                               const Progress& progress) {
  return match_with_new_key(3072, parties, match, table, progress);
}

PeerAnswer paillier_match_trial(const PaillierTrial& trial, Parties& parties,
                                const PeerMatch& match, const PeerTable& table,
                                const Progress& progress) {
  check(parties, match, table);
  return match_under(trial.modulus, trial.error, parties, match, table, progress);
}

}  // namespace polder
