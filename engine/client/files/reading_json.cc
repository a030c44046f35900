#include "client/files/reading_json.h"

#include <boost/json/array.hpp>

#include "client/files/dialect.h"

namespace polder {

boost::json::object reading_json(const PartyFile& file) {
  const Reading& reading = file.reading;
  boost::json::array key;
  for (const KeyColumn& column : file.key)
    key.push_back({{"name", column.name}, {"kind", column.kind}});
  return {{"file", file.file},
          {"separator", shown_delimiter(reading.delimiter)},
          {"encoding", reading.encoding},
          {"header_row", reading.header_row},
          {"key", std::move(key)},
          {"rows_read", file.rows},
          {"identifiers", file.size()},
          {"blank_rows", reading.blank_rows},
          {"empty_rows", file.empty_rows},
          {"placeholder_rows", file.placeholder_rows},
          {"duplicate_rows", file.duplicate_rows},
          {"respelled_rows", file.respelled_rows},
          {"warnings", boost::json::array(file.warnings.begin(), file.warnings.end())}};
}

}  // namespace polder
