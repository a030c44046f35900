// polderd --dir DIR --network FILE: one node, until SIGTERM or SIGINT.
#include <fmt/format.h>
#include <signal.h>

#include <cstdio>
#include <filesystem>
#include <string_view>

#include "base/error.h"
#include "base/hardening.h"
#include "base/text_file.h"
#include "base/version.h"
#include "node/log.h"
#include "node/node.h"

namespace {

struct Arguments {
  std::filesystem::path folder;
  std::filesystem::path network;
};

constexpr const char* usage = "usage: polderd --dir DIR --network FILE";

Arguments parse(int count, char** values) {
  Arguments arguments;
  for (int i = 1; i + 1 < count; i += 2) {
    const std::string_view option = values[i];
    if (option == "--dir") arguments.folder = values[i + 1];
    if (option == "--network") arguments.network = values[i + 1];
  }
  if (count != 5 || arguments.folder.empty() || arguments.network.empty()) {
    polder::fail(polder::Code::bad_input, "{}", usage);
  }
  return arguments;
}

/// The signals that stop the node, kept from every thread so that only `sigwait` takes them.
sigset_t block_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigset_t blocked = signals;
  sigaddset(&blocked, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &blocked, nullptr);
  return signals;
}

void run(const Arguments& arguments) {
  const sigset_t signals = block_signals();
  polder::harden_process();
  polder::Node node(arguments.folder, polder::parse_network(polder::read_text(arguments.network)));
  int signal = 0;
  sigwait(&signals, &signal);
  polder::log_event("stopping", {{"signal", signal}});
}

}  // namespace

int main(int count, char** values) {
  if (count == 2 && std::string_view(values[1]) == "--version") {
    fmt::print("polderd {}\n", polder::version);
    return 0;
  }
  if (count == 2 &&
      (std::string_view(values[1]) == "--help" || std::string_view(values[1]) == "-h")) {
    fmt::print("{}\n\nRuns one compute node until SIGTERM; see docs/operators.md.\n", usage);
    return 0;
  }
  try {
    run(parse(count, values));
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "polderd: {}\n", error.what());
    return 1;
  }
}
