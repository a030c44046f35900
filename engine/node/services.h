// What the API's handlers work with: everything that the node owns, by reference.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "node/metrics.h"
#include "node/notices.h"
#include "store/audit_log.h"
#include "store/members.h"
#include "store/plans.h"
#include "store/spare_space.h"
#include "store/statements.h"
#include "store/table_store.h"
#include "wire/network.h"

namespace polder {

class Sessions;

struct Services {
  const Network& network;
  const int role;
  std::function<Signature(std::string_view)> sign;  // with the node's key
  std::filesystem::path folder;                     // the node's, which no answer names
  Members& members;
  Notices& notices;
  const SpareSpace& spare;
  TableStore& tables;
  Plans& plans;
  Statements& statements;
  AuditLog& audit;
  Sessions& sessions;
  Metrics& metrics;
  std::function<Gauges()> gauges;
  std::function<std::optional<std::chrono::microseconds>()> round_trip;  // to the next node
  std::function<std::string()> obstacle;  // why no session would start now; empty if one would
};

}  // namespace polder
