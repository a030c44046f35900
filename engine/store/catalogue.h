// The node's one SQLite file: members, nonces, tables and finished sessions. Each noun has a class
// of its own over this one, which owns the schema, its version and the lock.
#pragma once

#include <filesystem>
#include <mutex>

#include "store/database.h"

namespace polder {

class Catalogue {
 public:
  /// Opens or creates. Throws Error as Database does, and
  /// bad_input if another version of Polder wrote the file.
  explicit Catalogue(const std::filesystem::path& file);

  /// Whether this start made the file.
  bool is_new() const { return is_new_; }

  /// work(Database&) alone with the database.
  template <typename Work>
  auto read(Work work) {
    const std::lock_guard lock(mutex_);
    return work(database_);
  }

  /// work(Database&) as one transaction: on disk when this returns, or undone.
  template <typename Work>
  void change(Work work) {
    const std::lock_guard lock(mutex_);
    Transaction transaction(database_);
    work(database_);
    transaction.commit();
  }

 private:
  bool is_new_ = false;
  std::mutex mutex_;
  Database database_;
};

}  // namespace polder
