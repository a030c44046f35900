#include "governance/statement.h"

#include <fmt/format.h>

#include "base/error.h"
#include "crypto/hash.h"
#include "crypto/hex.h"
#include "governance/names.h"

namespace polder {
namespace {

constexpr std::size_t print_bytes = 32;

Submission parse_submission(JsonFields& fields) {
  return {.by = name_in(fields, "by"),
          .name = name_in(fields, "name"),
          .plan = hex_in(fields, "plan", print_bytes),
          .terms = parse_run_terms(fields.at("terms"), "submission: terms")};
}

Approval parse_approval(JsonFields& fields) {
  return {.by = name_in(fields, "by"),
          .plan = hex_in(fields, "plan", print_bytes),
          .tables = names_in(fields, "tables"),
          .openings = parse_disclosures(fields.at("openings"), "approval"),
          .terms = parse_run_terms(fields.at("terms"), "approval: terms"),
          .nonce = hex_in(fields, "nonce", 16)};
}

Revocation parse_revocation(JsonFields& fields) {
  return {.by = name_in(fields, "by"), .approval = hex_in(fields, "approval", print_bytes)};
}

Statement parse_kind(JsonFields& fields) {
  const std::string& type = fields.text("type");
  if (type == "submission@1") return parse_submission(fields);
  if (type == "approval@1") return parse_approval(fields);
  if (type == "revocation@1") return parse_revocation(fields);
  fields.refuse("type", "submission@1, approval@1 or revocation@1");
}

Json::Object members_of(const Submission& said) {
  return {{"name", said.name}, {"plan", said.plan}, {"terms", to_json(said.terms)}};
}

Json::Object members_of(const Approval& said) {
  return {{"plan", said.plan},
          {"tables", to_json(said.tables)},
          {"openings", to_json(said.openings)},
          {"terms", to_json(said.terms)},
          {"nonce", said.nonce}};
}

Json::Object members_of(const Revocation& said) { return {{"approval", said.approval}}; }

}  // namespace

const std::string& by(const Statement& statement) {
  return std::visit([](const auto& said) -> const std::string& { return said.by; }, statement);
}

std::string_view kind(const Statement& statement) {
  constexpr std::string_view kinds[] = {"submission", "approval", "revocation"};
  return kinds[statement.index()];
}

Statement parse_statement(const Json& value) {
  JsonFields fields(value, "statement");
  Statement statement = parse_kind(fields);
  fields.done();
  return statement;
}

Json to_json(const Statement& statement) {
  Json::Object object = std::visit([](const auto& said) { return members_of(said); }, statement);
  object.emplace("type", fmt::format("{}@1", kind(statement)));
  object.emplace("by", by(statement));
  return object;
}

std::string signed_bytes(std::string_view network, const Json& statement) {
  return fmt::format("polder statement v1\n{}\n{}", network, json_text(statement));
}

std::string statement_id(std::string_view network, const Json& statement) {
  return to_hex(hash256(signed_bytes(network, statement)));
}

SignedStatement parse_signed(std::string_view text) {
  const Json value = parse_json(text, "statement", {.bytes = max_statement_bytes});
  JsonFields fields(value, "signed statement");
  SignedStatement said{.statement = parse_statement(fields.at("statement")),
                       .signature = from_hex<64>(hex_in(fields, "signature", sizeof(Signature)))};
  fields.done();
  return said;
}

std::string to_text(const SignedStatement& said) {
  return json_text(
      Json::Object{{"statement", to_json(said.statement)}, {"signature", to_hex(said.signature)}});
}

SignedStatement sign(std::string_view network, Statement statement, const SigningKey& key) {
  const Signature signature = key.sign(signed_bytes(network, to_json(statement)));
  return {.statement = std::move(statement), .signature = signature};
}

bool is_signed_by(const VerifyKey& key, std::string_view network, const SignedStatement& said) {
  return key.accepts(signed_bytes(network, to_json(said.statement)), said.signature);
}

}  // namespace polder
