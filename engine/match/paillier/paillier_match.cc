#include "match/paillier/paillier_match.h"

#include <algorithm>

#include "base/bits.h"
#include "base/error.h"
#include "match/paillier/answer.h"
#include "match/paillier/ask.h"
#include "match/paillier/joint_modulus.h"
#include "match/paillier/run.h"

namespace polder {
namespace {

// Of ciphertexts at the requester: more, and a run takes hours as well.
constexpr std::uint64_t max_bytes = std::uint64_t{4} << 30;
constexpr std::uint64_t max_rows = std::uint64_t{1} << 20;

bool asks_nothing(const PeerMatch& match) {
  return match.bounds[static_cast<std::size_t>(match.requester)] == 0;
}

void check_memory(int key_bits, const Parties& parties, const PeerMatch& match) {
  if (asks_nothing(match)) return;
  const std::uint64_t largest = *std::ranges::max_element(match.bounds);
  if (largest <= max_rows &&
      PaillierSizes(match, parties.count(), key_bits, BloomError::whole_run).requester_bytes() <=
          max_bytes) {
    return;
  }
  fail(Code::bad_input,
       "a bank may have {} rows; with {} banks the requester would keep more than {} GiB of "
       "ciphertexts: use 'quorum'",
       largest, parties.count(), max_bytes >> 30);
}

PeerTable checked(int key_bits, const Parties& parties, const PeerMatch& match,
                  const PeerTable& table) {
  check_agreement(parties.count(), match);
  check_memory(key_bits, parties, match);
  return filled_table(parties.self(), match, table);
}

// `rows`: how many of the filled table's are real.
PeerAnswer match_under(const PaillierTrial& key, Parties& parties, const PeerMatch& match,
                       const PeerTable& filled, std::size_t rows, const Progress& progress) {
  const PaillierSizes sizes(match, parties.count(), bits_of(key.modulus), key.error);
  PaillierRun run(parties, sizes, key.modulus);
  run.watch(key.opened);
  PeerAnswer answer;
  if (parties.self() == match.requester) {
    answer.rows = ask_banks(run, filled, progress);
    answer.rows.resize(rows);
  } else {
    answer_requester(run, parties.self(), filled, progress);
  }
  parties.flush();
  progress(1, "done");
  answer.rounds = run.rounds();
  return answer;
}

struct MadeModulus {
  Integer n;
  std::uint64_t rounds;
};

// This bank's additive shares of the factors, and shares of others', are wiped when this returns:
// nobody needs them, and enough of them together would open every run under N.
MadeModulus make_modulus(int key_bits, Parties& parties, const PeerMatch& match,
                         const Progress& progress) {
  const PaillierSizes sizes(match, parties.count(), key_bits, BloomError::whole_run);
  const auto dealers = static_cast<int>(sizes.holders.size());
  const JointModulus made = joint_modulus(
      parties, JointRoles::among(match.requester, dealers, parties.count()), key_bits, progress);
  trim_pool();
  return {made.n, made.rounds};
}

}  // namespace

PeerAnswer paillier_match_of(int key_bits, Parties& parties, const PeerMatch& match,
                             const PeerTable& table, const Progress& progress) {
  const PeerTable filled = checked(key_bits, parties, match, table);
  if (asks_nothing(match)) return {};
  const std::size_t rows = table.identifiers.size();
  const Integer kept = from_words(match.kept);
  if (bits_of(kept) == key_bits) {
    return match_under({.modulus = kept}, parties, match, filled, rows, progress);
  }
  const MadeModulus made = make_modulus(key_bits, parties, match, progress);
  PeerAnswer answer = match_under({.modulus = made.n}, parties, match, filled, rows, progress);
  answer.rounds += made.rounds;
  answer.kept.resize(words_for_bits(static_cast<std::size_t>(key_bits)));
  to_words(made.n, answer.kept);
  return answer;
}

PeerAnswer paillier_match(Parties& parties, const PeerMatch& match, const PeerTable& table,
                          const Progress& progress) {
  return paillier_match_of(2048, parties, match, table, progress);
}

PeerAnswer paillier_match_3072(Parties& parties, const PeerMatch& match, const PeerTable& table,
                               const Progress& progress) {
  return paillier_match_of(3072, parties, match, table, progress);
}

PeerAnswer paillier_match_trial(const PaillierTrial& trial, Parties& parties,
                                const PeerMatch& match, const PeerTable& table,
                                const Progress& progress) {
  const PeerTable filled = checked(bits_of(trial.modulus), parties, match, table);
  if (asks_nothing(match)) return {};
  return match_under(trial, parties, match, filled, table.identifiers.size(), progress);
}

}  // namespace polder
