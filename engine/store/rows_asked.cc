#include "store/rows_asked.h"

namespace polder {

std::uint64_t RowsAsked::since(std::string_view table, std::string_view by, std::int64_t ms) {
  return catalogue_.read([&](Database& database) {
    Cursor rows = database.query(
        "SELECT coalesce(sum(rows), 0) FROM rows_asked WHERE handle = ? AND member = ? AND asked "
        ">= ?",
        table, by, ms);
    rows.next();
    return static_cast<std::uint64_t>(rows.integer(0));
  });
}

void RowsAsked::count(std::string_view table, std::string_view by, std::uint64_t rows,
                      std::int64_t now_ms) {
  catalogue_.change([&](Database& database) {
    database.change("INSERT INTO rows_asked VALUES (?, ?, ?, ?)", table, by, now_ms,
                    static_cast<std::int64_t>(rows));
  });
}

void RowsAsked::forget(std::int64_t ms) {
  catalogue_.change(
      [&](Database& database) { database.change("DELETE FROM rows_asked WHERE asked < ?", ms); });
}

}  // namespace polder
