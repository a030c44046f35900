// The other banks of a run own all connections: whatever they send, a bank ends with a named error
// or with an answer of its own table's size. Each frame is the input's bytes, a right point where
// one is due, zeros or ones.
#include <sodium.h>

#include <algorithm>
#include <cstdlib>

#include "base/error.h"
#include "crypto/random.h"
#include "match/quorum/quorum.h"
#include "match/testing/scripted_banks.h"

namespace {

using namespace polder;
using namespace polder::testing;

void check(bool holds) {
  if (!holds) std::abort();
}

class Script {
 public:
  Script(const std::uint8_t* data, std::size_t size) : bytes_(data, size) {}

  std::uint8_t byte() { return bytes_.empty() ? 0 : bytes_[at_++ % bytes_.size()]; }

  void frame(std::span<std::uint8_t> payload) {
    const std::uint8_t kind = byte();
    if (payload.size() % 32 == 0 && kind % 8 != 0) return points(payload);
    if (kind % 8 < 4) {
      std::ranges::fill(payload, kind % 2 == 0 ? 0 : 0x1f);
      return;
    }
    for (std::uint8_t& one : payload) one = byte();
    // The three top bits of each word: field elements, which otherwise end every run early.
    for (std::size_t i = 7; kind % 8 < 7 && i < payload.size(); i += 8) payload[i] &= 0x1f;
  }

 private:
  static void points(std::span<std::uint8_t> payload) {
    static const Bytes point = [] {
      ready_sodium();
      Bytes random(32);
      crypto_core_ristretto255_random(random.data());
      return random;
    }();
    for (std::size_t i = 0; i < payload.size(); ++i) payload[i] = point[i % 32];
  }

  std::span<const std::uint8_t> bytes_;
  std::size_t at_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  Script script(data + 2, size - 2);
  const int count = 2 + data[0] % 3, requester = data[0] / 4 % 2;
  const bool flags = data[0] / 8 % 2 == 0;
  const std::size_t rows = data[1] % 7;
  const PeerMatch match{requester, static_cast<std::uint64_t>(1 + data[1] / 8 % count), flags,
                        std::vector<std::uint64_t>(static_cast<std::size_t>(count), 6)};
  ScriptedBanks banks(count, [&](std::span<std::uint8_t> payload) { script.frame(payload); });
  try {
    const PeerAnswer answer = quorum_match(banks.parties(), match, numbered_table(rows, flags),
                                           [](double, std::string_view) {});
    check(answer.rows.size() == (requester == 0 ? rows : 0));
  } catch (const Error& error) {
    check(error.code() == Code::cheating);
  }
  return 0;
}
