#include "client/nodes/result.h"

#include <array>

#include "base/error.h"
#include "crypto/hash.h"
#include "crypto/hex.h"
#include "protocol/registry.h"
#include "wire/result_shares.h"

namespace polder {
namespace {

constexpr std::size_t max_result_bytes = std::size_t{1} << 30;
using Shares = std::array<ResultShares, node_count>;

/// One node's shares: the seal covers session and role, and the line was that node's.
ResultShares open_share(std::string_view sealed, int role, std::string_view session,
                        const ReceivingKey& key) {
  Bytes bytes;
  try {
    bytes = key.open({reinterpret_cast<const std::uint8_t*>(sealed.data()), sealed.size()});
  } catch (const Error&) {
    fail(Code::cheating,
         "node {} sent a result that this key does not open: it was changed, or sealed to an "
         "earlier "
         "key; ask for the run again",
         role);
  }
  ResultShares shares = decode_result(bytes);
  if (to_hex(shares.session) != session || shares.role != role) {
    fail(Code::cheating, "node {} sent a result of another session or node; do not trust this run",
         role);
  }
  return shares;
}

void check_alike(const Shares& shares, std::size_t column) {
  for (const ResultShares& node : shares) {
    const DeliveredColumn& here = node.columns[column];
    const DeliveredColumn& first = shares[0].columns[column];
    const auto size = [](const auto& each) { return each.size(); };
    const auto components = [](const auto& each) { return each.components(); };
    if (here.label != first.label || here.shares.index() != first.shares.index() ||
        std::visit(components, here.shares) != 2 ||
        std::visit(size, here.shares) != std::visit(size, first.shares)) {
      fail(Code::cheating,
           "node {}'s result '{}' has another form than node 0's; do not trust this run", node.role,
           here.label);
    }
  }
}

template <typename Kind>
auto put_together(Shares& shares, std::size_t column) {
  std::array<Kind, node_count> parts;
  for (std::size_t role = 0; role < node_count; ++role) {
    parts[role] = std::get<Kind>(std::move(shares[role].columns[column].shares));
  }
  return reconstruct(parts);
}

Opened put_together(Shares shares) {
  for (const ResultShares& node : shares) {
    if (node.columns.size() != shares[0].columns.size()) {
      fail(Code::cheating,
           "node {} opened another number of results than node 0; do not trust this run",
           node.role);
    }
  }
  Opened opened;
  for (std::size_t column = 0; column < shares[0].columns.size(); ++column) {
    check_alike(shares, column);
    const std::string label = shares[0].columns[column].label;
    if (std::holds_alternative<Arith>(shares[0].columns[column].shares)) {
      opened.emplace(label, put_together<Arith>(shares, column));
    } else {
      opened.emplace(label, put_together<Bits>(shares, column));
    }
  }
  return opened;
}

}  // namespace

std::vector<SealedResult> fetch_results(ThreeNodes& nodes, std::string_view session,
                                        std::span<const std::string> recipients) {
  std::vector<SealedResult> results(recipients.size());
  nodes.each([&](NodeClient& node) {
    const auto role = static_cast<std::size_t>(node.role());
    for (std::size_t i = 0; i < recipients.size(); ++i) {
      results[i][role] = node.get_bytes(
          fmt::format("/v1/sessions/{}/results/{}", session, percent_encoded(recipients[i])),
          max_result_bytes);
    }
  });
  return results;
}

OpenedResult open(const SealedResult& sealed, std::string_view session, const ReceivingKey& key) {
  Shares shares;
  for (std::size_t role = 0; role < node_count; ++role) {
    shares[role] = open_share(sealed[role], static_cast<int>(role), session, key);
    if (shares[role].run != shares[0].run) {
      fail(Code::cheating, "node {} ran another plan than node 0; do not trust this run", role);
    }
  }
  std::string run = shares[0].run;
  return {.run = std::move(run), .values = put_together(std::move(shares))};
}

Opened values_of(OpenedResult result, std::string_view run) {
  if (result.run == run) return std::move(result.values);
  fail(Code::cheating,
       "the nodes ran another plan than they were asked for; do not trust this run");
}

std::string run_digest(std::string_view run) { return to_hex(hash128(run)); }

}  // namespace polder
