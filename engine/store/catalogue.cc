#include "store/catalogue.h"

#include "base/error.h"

namespace polder {
namespace {

constexpr int schema_version = 4;

constexpr const char* schema = R"sql(
CREATE TABLE members (
  name TEXT PRIMARY KEY, sign BLOB NOT NULL UNIQUE, seal BLOB NOT NULL, proof BLOB NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('admitted', 'expelled')), changed INTEGER NOT NULL
) STRICT;

-- every key that a member has or had
CREATE TABLE member_keys (sign BLOB PRIMARY KEY, name TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- what holds for the whole network; numbers only grow, so that nodes know what the others lack
CREATE TABLE notices (
  number INTEGER PRIMARY KEY AUTOINCREMENT, subject TEXT NOT NULL UNIQUE, time INTEGER NOT NULL,
  text TEXT NOT NULL
) STRICT;

-- what was written with which key, and whatever else is said once
CREATE TABLE marks (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE nonces (
  key BLOB NOT NULL, nonce BLOB NOT NULL, expires INTEGER NOT NULL, PRIMARY KEY (key, nonce)
) STRICT, WITHOUT ROWID;
CREATE INDEX nonces_by_expiry ON nonces (expires);

-- state: uploading -> finished (this node holds all, receipt given) -> published (three receipts)
CREATE TABLE tables (
  handle TEXT PRIMARY KEY, owner TEXT NOT NULL REFERENCES members (name),
  manifest TEXT NOT NULL, signature BLOB NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('uploading', 'finished', 'published')),
  started INTEGER NOT NULL, receipts TEXT NOT NULL,
  sound INTEGER NOT NULL DEFAULT 0  -- of a typed one: its values were found to be of their types
) STRICT;
CREATE INDEX tables_by_owner ON tables (owner);

-- a piece is a file in columns/; number -1 holds the seeds
CREATE TABLE pieces (
  handle TEXT NOT NULL REFERENCES tables (handle) ON DELETE CASCADE, number INTEGER NOT NULL,
  name TEXT NOT NULL UNIQUE, bytes INTEGER NOT NULL, PRIMARY KEY (handle, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
  id TEXT PRIMARY KEY, state TEXT NOT NULL, plan TEXT NOT NULL, requester TEXT NOT NULL,
  started INTEGER NOT NULL, code TEXT NOT NULL, message TEXT NOT NULL, figures TEXT NOT NULL,
  expires INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_by_expiry ON sessions (expires);

CREATE TABLE results (
  session TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE, recipient TEXT NOT NULL,
  sealed BLOB NOT NULL, PRIMARY KEY (session, recipient)
) STRICT;

CREATE TABLE plans (
  fingerprint TEXT PRIMARY KEY, text TEXT NOT NULL, member TEXT NOT NULL, used INTEGER NOT NULL
) STRICT;
CREATE INDEX plans_by_member ON plans (member);

-- rows of others that a member's run compared with a table: what its owner's bound counts
CREATE TABLE rows_asked (
  handle TEXT NOT NULL, member TEXT NOT NULL, asked INTEGER NOT NULL, rows INTEGER NOT NULL
) STRICT;
CREATE INDEX rows_asked_by ON rows_asked (handle, member, asked);
CREATE INDEX rows_asked_when ON rows_asked (asked);

-- what organisations signed about plans; numbers go up with time
CREATE TABLE statements (
  number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
  member TEXT NOT NULL,
  subject TEXT NOT NULL,  -- the plan, or the approval that a revocation ends
  text TEXT NOT NULL, received INTEGER NOT NULL
) STRICT;
CREATE INDEX statements_by_subject ON statements (subject, kind);
CREATE INDEX statements_by_member ON statements (member, kind);

-- whom a statement concerns
CREATE TABLE statement_members (
  member TEXT NOT NULL, number INTEGER NOT NULL REFERENCES statements (number),
  PRIMARY KEY (member, number)
) STRICT, WITHOUT ROWID;

-- runs that an approval was used for; those of statements are never forgotten
CREATE TABLE approval_runs (
  approval TEXT NOT NULL, session TEXT NOT NULL, began INTEGER NOT NULL,
  PRIMARY KEY (approval, session)
) STRICT, WITHOUT ROWID;

-- what was decided and run: each link hashes the one before and the entry
CREATE TABLE audit (number INTEGER PRIMARY KEY, text TEXT NOT NULL, link BLOB NOT NULL) STRICT;
CREATE TABLE audit_members (
  member TEXT NOT NULL, number INTEGER NOT NULL REFERENCES audit (number),
  PRIMARY KEY (member, number)
) STRICT, WITHOUT ROWID;

-- who takes part in a session: its requester, owners and recipients
CREATE TABLE session_members (
  member TEXT NOT NULL, number INTEGER NOT NULL,
  session TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE, PRIMARY KEY (member, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX session_members_by_session ON session_members (session);
)sql";

std::int64_t version_of(Database& database) {
  Cursor rows = database.query("PRAGMA user_version");
  rows.next();
  return rows.integer(0);
}

}  // namespace

Catalogue::Catalogue(const std::filesystem::path& file) : database_(file) {
  const std::int64_t version = version_of(database_);
  if (version > schema_version) {
    fail(Code::bad_input, "catalogue {}: written by a newer version (schema {}); use that one",
         file.string(), version);
  }
  if (version == schema_version) return;
  if (version != 0) {
    fail(Code::bad_input,
         "catalogue {}: written by an earlier version (schema {}); make the node's folder anew, "
         "admit the members and have the tables uploaded again",
         file.string(), version);
  }
  is_new_ = true;
  Transaction transaction(database_);
  database_.run(schema);
  database_.run("PRAGMA user_version = 4");
  transaction.commit();
}

}  // namespace polder
