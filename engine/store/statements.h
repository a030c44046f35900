// What organisations signed about plans (governance/statement.h), and how often each approval was
// used at this node.
#pragma once

#include <algorithm>
#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "governance/statement.h"
#include "store/audit_log.h"
#include "store/catalogue.h"

namespace polder {

struct KeptStatement {
  std::int64_t number;  // goes up with time
  std::string id;
  SignedStatement said;
  std::int64_t received_ms;
};

struct KeptApproval {
  std::string id;
  SignedStatement said;
  Approval approval;      // what was said
  bool revoked = false;   // by its owner
  std::int64_t runs = 0;  // that it was used for here

  std::int64_t runs_left() const {
    return std::max<std::int64_t>(approval.terms.max_runs - runs, 0);
  }
};

class Statements {
 public:
  static constexpr std::int64_t max_of_member = 10'000;  // of each kind

  /// What is put is written down in the log, too.
  Statements(Catalogue& catalogue, const AuditLog& audit) : catalogue_(catalogue), audit_(audit) {}

  /// Keeps a statement for good, whose signature was checked; the same again changes nothing.
  /// `concerned` will find it in their lists.  Throws Error busy if who says it said too much.
  void put(const std::string& id, const SignedStatement& said,
           const std::set<std::string>& concerned, std::int64_t now_ms);

  /// All approvals of a plan, the earliest first.
  std::vector<KeptApproval> approvals_of(std::string_view plan);
  std::vector<KeptStatement> submissions_of(std::string_view plan);
  /// Of approvals of a plan.
  std::vector<KeptStatement> revocations_of(std::string_view plan);
  /// The submissions that concern a member, the latest first: at most `most`, of numbers below
  /// `before`.
  std::vector<KeptStatement> submissions_for(std::string_view member, std::int64_t before,
                                             int most);
  /// The member who gave an approval; empty if there is no such approval here.
  std::string approver_of(std::string_view approval);

  /// Before a run begins: it uses these approvals, whether or not it ends well.
  void count_run(std::span<const std::string> approvals, std::string_view session,
                 std::int64_t now_ms);

 private:
  Catalogue& catalogue_;
  const AuditLog& audit_;
};

}  // namespace polder
