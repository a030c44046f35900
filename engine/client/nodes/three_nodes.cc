#include "client/nodes/three_nodes.h"

#include <algorithm>

#include "base/error.h"

namespace polder {
namespace {

int distance_from_cause(const std::optional<Error>& error) {
  if (!error) return 4;
  if (error->code() == Code::peer_aborted) return 3;
  if (error->code() == Code::cancelled) return 2;
  return error->code() == Code::peer_lost ? 1 : 0;
}

std::optional<Error> error_of(const std::function<void(NodeClient&)>& work, NodeClient& node) {
  try {
    work(node);
  } catch (const Error& error) {
    return error;
  } catch (const std::exception& error) {  // out of memory, say: this thread may not let it go
    return Error(Code::internal, node.who() + ": " + error.what());
  }
  return {};
}

}  // namespace

ThreeNodes::ThreeNodes(const Network& network, CancellationToken& cancellation,
                       const SigningKey* signer)
    : network_(network), signer_(signer) {
  for (int role = 0; role < 3; ++role) {
    nodes_[static_cast<std::size_t>(role)].emplace(NodeClient::Options{
        .network = network, .role = role, .cancellation = cancellation, .signer = signer});
  }
}

void ThreeNodes::each(const std::function<void(NodeClient&)>& work) {
  std::array<std::optional<Error>, 3> errors;
  {
    std::array<std::jthread, 3> threads;
    for (std::size_t role = 0; role < 3; ++role) {
      threads[role] = std::jthread([&, role] { errors[role] = error_of(work, *nodes_[role]); });
    }
  }
  const auto worst = std::ranges::min_element(errors, {}, distance_from_cause);
  if (*worst) throw Error(**worst);
}

std::array<std::string, 3> ThreeNodes::each_reachable(
    const std::function<void(NodeClient&)>& work) {
  std::array<std::string, 3> away;
  each([&](NodeClient& node) {
    try {
      work(node);
    } catch (const Error& error) {
      if (error.code() != Code::peer_lost && error.code() != Code::timed_out) throw;
      away[static_cast<std::size_t>(node.role())] = error.what();
    }
  });
  if (std::ranges::none_of(away, &std::string::empty)) fail(Code::peer_lost, "{}", away[0]);
  return away;
}

void ThreeNodes::tell_all(const std::function<void(NodeClient&)>& work) const {
  std::array<std::jthread, 3> threads;
  for (int role = 0; role < 3; ++role) {
    threads[static_cast<std::size_t>(role)] = std::jthread([&, role] {
      CancellationToken cancellation;
      NodeClient node({.network = network_,
                       .role = role,
                       .cancellation = cancellation,
                       .signer = signer_,
                       .try_for = std::chrono::milliseconds(0)});
      try {
        work(node);
      } catch (const Error&) {
        // It is down or does not know of it: nothing is left to take back there.
      }
    });
  }
}

}  // namespace polder
