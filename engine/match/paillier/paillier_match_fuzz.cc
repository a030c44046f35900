// The other banks of a run own all connections: whatever they send while a key is made, or while
// the requester is answered under one, a bank ends with a named error or with an answer of its own
// table's size. Each frame is the input's bytes, or numbers such as are due there with some of the
// input's.
#include <algorithm>
#include <cstdlib>

#include "base/error.h"
#include "match/paillier/joint_modulus.h"
#include "match/paillier/paillier_match.h"
#include "match/paillier/trial_modulus.h"
#include "match/testing/scripted_banks.h"

namespace {

using namespace polder;
using namespace polder::testing;

constexpr int bits = 512;
constexpr std::size_t words = bits / 64;

void check(bool holds) {
  if (!holds) std::abort();
}

class Script {
 public:
  Script(const std::uint8_t* data, std::size_t size) : bytes_(data, size) {}

  std::uint8_t byte() { return bytes_.empty() ? 0 : bytes_[at_++ % bytes_.size()]; }

  void frame(std::span<std::uint8_t> payload) {
    if (payload.empty()) return;
    if (++frames_ > max_frames) fail(Code::peer_lost, "the script is over");
    const std::uint8_t kind = byte();
    std::ranges::fill(payload, kind % 8 == 1 ? 0xff : 0);
    if (kind % 8 == 2) {
      for (std::uint8_t& one : payload) one = byte();
    }
    if (kind % 8 == 3) payload[0] = byte();  // a place in a list, a verdict
    if (kind % 8 == 4) some_candidates(payload);
    // Right ciphertexts, keys and parts of decryptions, and some that are changed.
    if (kind % 8 > 4) numbers(payload);
    if (kind % 8 == 7) payload[byte() * payload.size() / 256] ^= byte();
  }

 private:
  static constexpr int max_frames = 200;

  void some_candidates(std::span<std::uint8_t> payload) {
    const std::size_t roles = payload.size() / (8 * words);
    for (int i = byte() % 4; i > 0 && roles > 0; --i) {
      Words candidate(words);
      to_words(trial_modulus(bits), candidate);
      std::ranges::copy(bytes_of(std::span<const std::uint64_t>(candidate)),
                        payload.begin() + static_cast<std::ptrdiff_t>(byte() % roles * 8 * words));
    }
  }

  void numbers(std::span<std::uint8_t> payload) {
    for (std::size_t i = 0; i < payload.size(); i += 8 * words) payload[i] = byte() | 1;
  }

  std::span<const std::uint8_t> bytes_;
  std::size_t at_ = 0;
  int frames_ = 0;
};

const Progress silent = [](double, std::string_view) {};

void make_key(Parties& parties, int leader) {
  const int count = parties.count(), dealers = std::max(2, (count + 1) / 2);
  const JointModulus made =
      joint_modulus(parties, JointRoles::among(leader, dealers, count), bits, silent);
  check(bits_of(made.n) == bits);
}

void answer(Parties& parties, int requester, std::uint8_t what) {
  const int count = parties.count();
  const bool flags = what % 2 == 0;
  const std::size_t rows = what / 2 % 3;
  const PeerMatch match{requester, static_cast<std::uint64_t>(1 + what / 8 % count), flags,
                        std::vector<std::uint64_t>(static_cast<std::size_t>(count), 2)};
  const PeerAnswer found = paillier_match_trial({.modulus = trial_modulus(bits)}, parties, match,
                                                numbered_table(rows, flags), silent);
  check(found.rows.size() == (requester == 0 ? rows : 0));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  Script script(data + 2, size - 2);
  const int count = 2 + data[0] % 3, first = data[0] / 4 % count;
  ScriptedBanks banks(count, [&](std::span<std::uint8_t> payload) { script.frame(payload); });
  try {
    data[0] / 16 % 2 == 0 ? make_key(banks.parties(), first)
                          : answer(banks.parties(), first, data[1]);
  } catch (const Error& error) {
    check(error.code() == Code::cheating || error.code() == Code::peer_lost);
  }
  return 0;
}
