#include "store/statements.h"

#include "base/error.h"

namespace polder {
namespace {

const std::string& subject(const Statement& statement) {
  if (const auto* const said = std::get_if<Submission>(&statement)) return said->plan;
  if (const auto* const said = std::get_if<Approval>(&statement)) return said->plan;
  return std::get<Revocation>(statement).approval;
}

KeptStatement read_statement(const Cursor& rows) {
  return {.number = rows.integer(0),
          .id = rows.text(1),
          .said = parse_signed(rows.text(2)),
          .received_ms = rows.integer(3)};
}

void check_room(Database& database, const Statement& statement) {
  Cursor rows = database.query("SELECT count(*) FROM statements WHERE member = ? AND kind = ?",
                               by(statement), kind(statement));
  rows.next();
  if (rows.integer(0) < Statements::max_of_member) return;
  fail(Code::busy, "statement: '{}' has {} {}s here, and no more are kept of one member",
       by(statement), rows.integer(0), kind(statement));
}

bool is_there(Database& database, const std::string& id) {
  return database.query("SELECT 1 FROM statements WHERE id = ?", id).next();
}

}  // namespace

void Statements::put(const std::string& id, const SignedStatement& said,
                     const std::set<std::string>& concerned, std::int64_t now_ms) {
  catalogue_.change([&](Database& database) {
    if (is_there(database, id)) return;
    check_room(database, said.statement);
    database.change(
        "INSERT INTO statements (id, kind, member, subject, text, received)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        id, kind(said.statement), by(said.statement), subject(said.statement), to_text(said),
        now_ms);
    for (const std::string& member : concerned) {
      database.change("INSERT INTO statement_members SELECT ?, number FROM statements WHERE id = ?",
                      member, id);
    }
    audit_.append_in(database, kind(said.statement),
                     {{"id", id}, {"statement", to_json(said.statement)}}, concerned, now_ms);
  });
}

std::vector<KeptApproval> Statements::approvals_of(std::string_view plan) {
  return catalogue_.read([&](Database& database) {
    std::vector<KeptApproval> found;
    // Who is not its owner ends nothing: a revocation counts if one member said both.
    Cursor rows = database.query(
        "SELECT id, text,"
        " EXISTS (SELECT 1 FROM statements AS other WHERE other.subject = given.id"
        " AND other.kind = 'revocation' AND other.member = given.member),"
        " (SELECT count(*) FROM approval_runs WHERE approval = given.id)"
        " FROM statements AS given WHERE subject = ? AND kind = 'approval' ORDER BY number",
        plan);
    while (rows.next()) {
      SignedStatement said = parse_signed(rows.text(1));
      Approval approval = std::get<Approval>(said.statement);
      found.push_back({.id = rows.text(0),
                       .said = std::move(said),
                       .approval = std::move(approval),
                       .revoked = rows.integer(2) != 0,
                       .runs = rows.integer(3)});
    }
    return found;
  });
}

std::vector<KeptStatement> Statements::submissions_of(std::string_view plan) {
  return catalogue_.read([&](Database& database) {
    std::vector<KeptStatement> found;
    Cursor rows = database.query(
        "SELECT number, id, text, received FROM statements"
        " WHERE subject = ? AND kind = 'submission' ORDER BY number",
        plan);
    while (rows.next()) found.push_back(read_statement(rows));
    return found;
  });
}

std::vector<KeptStatement> Statements::revocations_of(std::string_view plan) {
  return catalogue_.read([&](Database& database) {
    std::vector<KeptStatement> found;
    Cursor rows = database.query(
        "SELECT number, id, text, received FROM statements WHERE kind = 'revocation'"
        " AND subject IN (SELECT id FROM statements WHERE subject = ? AND kind = 'approval')"
        " ORDER BY number",
        plan);
    while (rows.next()) found.push_back(read_statement(rows));
    return found;
  });
}

std::vector<KeptStatement> Statements::submissions_for(std::string_view member, std::int64_t before,
                                                       int most) {
  return catalogue_.read([&](Database& database) {
    std::vector<KeptStatement> found;
    Cursor rows = database.query(
        "SELECT statements.number, id, text, received FROM statement_members"
        " JOIN statements ON statements.number = statement_members.number"
        " WHERE statement_members.member = ? AND statements.number < ? AND kind = 'submission'"
        " ORDER BY statements.number DESC LIMIT ?",
        member, before, std::int64_t{most});
    while (rows.next()) found.push_back(read_statement(rows));
    return found;
  });
}

std::string Statements::approver_of(std::string_view approval) {
  return catalogue_.read([&](Database& database) {
    Cursor rows = database.query("SELECT member FROM statements WHERE id = ? AND kind = 'approval'",
                                 approval);
    return rows.next() ? rows.text(0) : std::string();
  });
}

void Statements::count_run(std::span<const std::string> approvals, std::string_view session,
                           std::int64_t now_ms) {
  catalogue_.change([&](Database& database) {
    for (const std::string& approval : approvals)
      database.change("INSERT INTO approval_runs VALUES (?, ?, ?)", approval, session, now_ms);
  });
}

}  // namespace polder
