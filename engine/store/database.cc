#include "store/database.h"

#include <sqlite3.h>

#include "base/error.h"

namespace polder {
namespace {

/// Says what SQLite's answer means to the operator.
void check(int answer, sqlite3* database, const std::filesystem::path& file) {
  if (answer == SQLITE_OK || answer == SQLITE_ROW || answer == SQLITE_DONE) return;
  const char* const text = database != nullptr ? sqlite3_errmsg(database) : sqlite3_errstr(answer);
  const auto error = [&](Code code, std::string_view what) {
    return DatabaseError(code, fmt::format("catalogue {}: {}", file.string(), what));
  };
  switch (answer & 0xff) {
    case SQLITE_FULL:
    case SQLITE_IOERR:
      throw error(Code::busy,
                  fmt::format("cannot write ({}); free space on its disk and try again", text));
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      throw error(Code::internal,
                  fmt::format("damaged ({}); put back a backup of the whole folder", text));
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_READONLY:
      throw error(Code::forbidden,
                  fmt::format("cannot open it for writing ({}); check its owner", text));
    case SQLITE_BUSY:
      throw error(Code::busy, "another process holds it; stop that one first");
    default:
      throw error(Code::internal, text);
  }
}

}  // namespace

Cursor::~Cursor() {
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

bool Cursor::next() {
  const int answer = sqlite3_step(statement_);
  check(answer, sqlite3_db_handle(statement_), file_);
  return answer == SQLITE_ROW;
}

std::int64_t Cursor::integer(int column) const { return sqlite3_column_int64(statement_, column); }

bool Cursor::is_null(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

std::string Cursor::text(int column) const {
  const auto* const bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
  return bytes == nullptr ? std::string() : std::string(bytes, size);
}

std::vector<std::uint8_t> Cursor::blob(int column) const {
  const auto* const bytes =
      static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_, column));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
  return bytes == nullptr ? std::vector<std::uint8_t>()
                          : std::vector<std::uint8_t>(bytes, bytes + size);
}

Database::Database(const std::filesystem::path& file) : file_(file) {
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  try {
    check(sqlite3_open_v2(file.c_str(), &database_, flags, nullptr), database_, file_);
    sqlite3_extended_result_codes(database_, 1);
    sqlite3_busy_timeout(database_, 2000);
    run("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
        "PRAGMA trusted_schema=OFF; PRAGMA secure_delete=ON; PRAGMA cell_size_check=ON");
  } catch (...) {
    sqlite3_close_v2(database_);
    throw;
  }
}

Database::~Database() {
  for (const auto& [sql, statement] : statements_) sqlite3_finalize(statement);
  sqlite3_close_v2(database_);
}

void Database::run(const char* sql) {
  check(sqlite3_exec(database_, sql, nullptr, nullptr, nullptr), database_, file_);
}

sqlite3_stmt* Database::prepared(const char* sql) {
  const auto known = statements_.find(std::string_view(sql));
  if (known != statements_.end()) return known->second;
  sqlite3_stmt* statement = nullptr;
  check(sqlite3_prepare_v3(database_, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr),
        database_, file_);
  return statements_.emplace(sql, statement).first->second;
}

int Database::changed() const { return sqlite3_changes(database_); }

void Database::bind(sqlite3_stmt* statement, int place, std::int64_t value) {
  check(sqlite3_bind_int64(statement, place, value), database_, file_);
}

void Database::bind(sqlite3_stmt* statement, int place, std::string_view value) {
  check(sqlite3_bind_text64(statement, place, value.data(), value.size(), SQLITE_TRANSIENT,
                            SQLITE_UTF8),
        database_, file_);
}

void Database::bind(sqlite3_stmt* statement, int place, Blob value) {
  const void* const bytes = value.empty() ? "" : static_cast<const void*>(value.data());
  check(sqlite3_bind_blob64(statement, place, bytes, value.size(), SQLITE_TRANSIENT), database_,
        file_);  // a null pointer would be NULL, not the empty blob
}

Transaction::~Transaction() {
  if (!open_) return;
  try {
    database_.run("ROLLBACK");
  } catch (const Error&) {
    // After a full disk SQLite has already rolled back by itself; there is nothing left to undo.
  }
}

void Transaction::commit() {
  database_.run("COMMIT");
  open_ = false;
}

}  // namespace polder
