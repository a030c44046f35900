// What an organisation says about plans: that it would run one, that it approves one, that it takes
// an approval back. A signed text, which any node checks alone and in any order; who brings it is
// of no account.
//
// Signed are "polder statement v1\n", the network's id, "\n" and the statement's JSON, whose "type"
// tells kinds and versions apart. Its id is hex BLAKE2b-256 of these bytes.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/json_text.h"
#include "crypto/sign.h"
#include "governance/disclosure.h"
#include "governance/run_terms.h"

namespace polder {

/// Somebody asks that a plan may be run, under a name by which people know it.
struct Submission {
  std::string by;
  std::string name;
  std::string plan;  // fingerprint, 64 hex digits
  RunTerms terms;    // that are proposed
  friend bool operator==(const Submission&, const Submission&) = default;
};

/// An owner lets a plan read its tables, of these names whichever version is there then, and open
/// what is listed. Parameters may be anything within their types, which are the plan's.
struct Approval {
  std::string by;
  std::string plan;
  std::vector<std::string> tables;   // all of the owner's that the plan reads, in byte order
  std::vector<Disclosure> openings;  // all of the plan's, in its order
  RunTerms terms;
  std::string nonce;  // 32 hex digits: approving again after a revocation is another statement
  friend bool operator==(const Approval&, const Approval&) = default;
};

/// An owner ends an approval of its own, for good.
struct Revocation {
  std::string by;
  std::string approval;  // its id
  friend bool operator==(const Revocation&, const Revocation&) = default;
};

using Statement = std::variant<Submission, Approval, Revocation>;

const std::string& by(const Statement& statement);
/// "submission", "approval", "revocation"
std::string_view kind(const Statement& statement);

/// Throws Error bad_input naming the field, also for fields that nobody knows.
Statement parse_statement(const Json& value);
Json to_json(const Statement& statement);

/// What is signed: `network` is the network's id in hex.
std::string signed_bytes(std::string_view network, const Json& statement);
std::string statement_id(std::string_view network, const Json& statement);

struct SignedStatement {
  Statement statement;
  Signature signature;
};

inline constexpr std::size_t max_statement_bytes = 256 * 1024;

/// {"statement": …, "signature": hex}.  Throws Error bad_input.
SignedStatement parse_signed(std::string_view text);
std::string to_text(const SignedStatement& said);

SignedStatement sign(std::string_view network, Statement statement, const SigningKey& key);
bool is_signed_by(const VerifyKey& key, std::string_view network, const SignedStatement& said);

}  // namespace polder
