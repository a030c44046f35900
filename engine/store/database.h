// SQLite with what a catalogue needs: statements prepared once, transactions that roll back by
// themselves, and errors that name the file. Not thread-safe: one owner, one lock around it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

struct sqlite3;
struct sqlite3_stmt;

namespace polder {

using Blob = std::span<const std::uint8_t>;

/// What goes wrong with a file. The message names it, so it is for the log of whoever owns it.
class DatabaseError : public Error {
  using Error::Error;
};

/// The rows of one query, read in order. Resets its statement when it goes.
class Cursor {
 public:
  Cursor(sqlite3_stmt* statement, const std::filesystem::path& file)
      : statement_(statement), file_(file) {}
  Cursor(const Cursor&) = delete;
  Cursor& operator=(const Cursor&) = delete;
  ~Cursor();

  /// Steps to the next row; false after the last.
  bool next();
  std::int64_t integer(int column) const;
  std::string text(int column) const;
  std::vector<std::uint8_t> blob(int column) const;
  bool is_null(int column) const;

 private:
  sqlite3_stmt* statement_;
  const std::filesystem::path& file_;
};

class Database {
 public:
  /// Opens or creates the file: WAL, synchronous=FULL, foreign keys on. Throws Error busy (disk
  /// full) or internal (damaged), naming the file.
  explicit Database(const std::filesystem::path& file);
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  ~Database();

  /// Statements without arguments, separated by semicolons.
  void run(const char* sql);

  /// A query; `sql` is a literal, prepared once and kept.
  template <typename... Values>
  Cursor query(const char* sql, const Values&... values) {
    sqlite3_stmt* const statement = prepared(sql);
    int place = 0;
    (bind(statement, ++place, values), ...);
    return Cursor(statement, file_);
  }

  /// A change; returns the number of rows that changed.
  template <typename... Values>
  int change(const char* sql, const Values&... values) {
    query(sql, values...).next();
    return changed();
  }

 private:
  sqlite3_stmt* prepared(const char* sql);
  int changed() const;
  void bind(sqlite3_stmt* statement, int place, std::int64_t value);
  void bind(sqlite3_stmt* statement, int place, std::string_view value);
  void bind(sqlite3_stmt* statement, int place, Blob value);

  std::filesystem::path file_;
  sqlite3* database_ = nullptr;
  std::map<std::string, sqlite3_stmt*, std::less<>> statements_;
};

/// All changes between construction and `commit`, or none.
class Transaction {
 public:
  explicit Transaction(Database& database) : database_(database) {
    database_.run("BEGIN IMMEDIATE");
  }
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();
  void commit();

 private:
  Database& database_;
  bool open_ = true;
};

}  // namespace polder
