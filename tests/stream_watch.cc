// Part of polderd_watched only: notes the hash of the key of every random stream that a node makes,
// for python/tests/streams_test.py. The linker (--wrap, see CMakeLists.txt) puts these functions
// before the real ones, so that the engine itself has no door for it.
#include <fmt/format.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <mutex>
#include <string>
#include <string_view>

#include "crypto/hash.h"
#include "crypto/hex.h"
#include "crypto/stream.h"
#include "protocol/registry.h"

namespace {

using polder::Key;

// Two kinds of streams never mask anything: shares of an uploaded column, expanded from their seed
// at each use to the same words again, and coins that all nodes opened to each other.
thread_local std::string_view made_for = "mask";

struct MadeFor {
  explicit MadeFor(std::string_view what) { made_for = what; }
  ~MadeFor() { made_for = "mask"; }
};

/// DIR of `polderd --dir DIR …`.
std::string node_folder() {
  std::ifstream file("/proc/self/cmdline");
  const std::string words{std::istreambuf_iterator<char>(file), {}};
  const std::string option = std::string("--dir") + '\0';
  return words.c_str() + words.find(option) + option.size();
}

void note(const Key& key) {
  static std::mutex mutex;
  static std::ofstream file(fmt::format("{}/streams.{}", node_folder(), getpid()));
  const std::lock_guard lock(mutex);
  file << made_for << ' ' << polder::to_hex(polder::hash128(key.raw())) << std::endl;
}

}  // namespace

extern "C" {

void __real__ZN6polder6StreamC1ENS_3KeyE(void* stream, Key* key);
void __wrap__ZN6polder6StreamC1ENS_3KeyE(void* stream, Key* key) {
  note(*key);
  __real__ZN6polder6StreamC1ENS_3KeyE(stream, key);
}

polder::Bits
__real__ZN6polder9node_bitsEiNS_8BitShapeERKNS_4SentESt17basic_string_viewIcSt11char_traitsIcEE(
    int role, polder::BitShape shape, const polder::Sent& sent, std::string_view column);
polder::Bits
__wrap__ZN6polder9node_bitsEiNS_8BitShapeERKNS_4SentESt17basic_string_viewIcSt11char_traitsIcEE(
    int role, polder::BitShape shape, const polder::Sent& sent, std::string_view column) {
  const MadeFor now("column");
  return __real__ZN6polder9node_bitsEiNS_8BitShapeERKNS_4SentESt17basic_string_viewIcSt11char_traitsIcEE(
      role, shape, sent, column);
}

polder::Arith __real__ZN6polder10node_arithEimRKNS_4SentESt17basic_string_viewIcSt11char_traitsIcEE(
    int role, std::size_t n, const polder::Sent& sent, std::string_view column);
polder::Arith __wrap__ZN6polder10node_arithEimRKNS_4SentESt17basic_string_viewIcSt11char_traitsIcEE(
    int role, std::size_t n, const polder::Sent& sent, std::string_view column) {
  const MadeFor now("column");
  return __real__ZN6polder10node_arithEimRKNS_4SentESt17basic_string_viewIcSt11char_traitsIcEE(
      role, n, sent, column);
}

polder::Stream __real__ZN6polder10toss_coinsERNS_8ProtocolE(polder::Protocol& mpc);
polder::Stream __wrap__ZN6polder10toss_coinsERNS_8ProtocolE(polder::Protocol& mpc) {
  const MadeFor now("coins");
  return __real__ZN6polder10toss_coinsERNS_8ProtocolE(mpc);
}

}  // extern "C"
