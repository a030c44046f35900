// Part of polder_replay only: tells memcheck that what was opened is no secret any more. The linker
// (--wrap, see CMakeLists.txt) puts these functions before the protocol's three that yield
// plaintext.
#include <valgrind/memcheck.h>

#include "protocol/rep3/gates.h"
#include "protocol/rep3/rep3.h"

namespace {

void no_secret(std::span<const std::uint64_t> words) {
  VALGRIND_MAKE_MEM_DEFINED(words.data(), words.size_bytes());
}

}  // namespace

extern "C" {

using polder::Arith;
using polder::Bits;
using polder::Nodes;
using polder::PlainBits;
using polder::Rep3;
using polder::Words;
using polder::rep3::Gates;

Words __real__ZN6polder4Rep34openERKNS_5ArithENS_5NodesE(Rep3* mpc, const Arith& x, Nodes to);
Words __wrap__ZN6polder4Rep34openERKNS_5ArithENS_5NodesE(Rep3* mpc, const Arith& x, Nodes to) {
  Words opened = __real__ZN6polder4Rep34openERKNS_5ArithENS_5NodesE(mpc, x, to);
  no_secret(opened);
  return opened;
}

PlainBits __real__ZN6polder4Rep34openERKNS_4BitsENS_5NodesE(Rep3* mpc, const Bits& x, Nodes to);
PlainBits __wrap__ZN6polder4Rep34openERKNS_4BitsENS_5NodesE(Rep3* mpc, const Bits& x, Nodes to) {
  PlainBits opened = __real__ZN6polder4Rep34openERKNS_4BitsENS_5NodesE(mpc, x, to);
  no_secret(opened.words());
  return opened;
}

using Answers = std::span<std::uint64_t>;
void __real__ZN6polder4rep35Gates12receive_openESt4spanImLm18446744073709551615EE(Gates* gates,
                                                                                  Answers answers);
void __wrap__ZN6polder4rep35Gates12receive_openESt4spanImLm18446744073709551615EE(Gates* gates,
                                                                                  Answers answers) {
  __real__ZN6polder4rep35Gates12receive_openESt4spanImLm18446744073709551615EE(gates, answers);
  no_secret(answers);
}

}  // extern "C"
