#include "client/three_nodes.h"

#include "base/error.h"

namespace polder {

ThreeNodes::ThreeNodes(const Network& network, Patience& patience, const SigningKey* signer)
    : network_(network), signer_(signer) {
  for (int role = 0; role < 3; ++role) {
    nodes_[static_cast<std::size_t>(role)].emplace(NodeClient::Options{
        .network = network, .role = role, .patience = patience, .signer = signer});
  }
}

void ThreeNodes::each(const std::function<void(NodeClient&)>& work) {
  std::array<std::exception_ptr, 3> errors;
  {
    std::array<std::jthread, 3> threads;
    for (std::size_t role = 0; role < 3; ++role) {
      threads[role] = std::jthread([&, role] {
        try {
          work(*nodes_[role]);
        } catch (...) {
          errors[role] = std::current_exception();
        }
      });
    }
  }
  for (const std::exception_ptr& error : errors) {
    if (error) std::rethrow_exception(error);
  }
}

void ThreeNodes::tell_all(const std::function<void(NodeClient&)>& work) const {
  std::array<std::jthread, 3> threads;
  for (int role = 0; role < 3; ++role) {
    threads[static_cast<std::size_t>(role)] = std::jthread([&, role] {
      Patience patience;
      NodeClient node({.network = network_,
                       .role = role,
                       .patience = patience,
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
