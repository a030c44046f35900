// What an owner keeps of its uploaded tables on its own machine: the identifiers in row order,
// without which an answer could not be read, and, until an upload is done, what it needs to go on.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/whole_file.h"
#include "client/files/party_file.h"
#include "client/files/prepared_table.h"

namespace polder {

/// A folder of the owner's; files in it are for its eyes only (mode 600).
class OwnTables {
 public:
  explicit OwnTables(std::filesystem::path folder) : folder_(std::move(folder)) {}

  bool has(std::string_view handle) const;
  void keep(std::string_view handle, const Identifiers& identifiers) const;
  /// Throws Error not_found if the table was uploaded elsewhere.
  Identifiers read(std::string_view handle) const;
  void remove(std::string_view handle) const;

  /// Secrets and time for uploading this file: those of an upload of the same contents in the same
  /// layout that broke off, or new ones that are kept for it. They never serve two different
  /// tables.
  struct Start {
    TableSecrets secrets;
    std::uint64_t created_ms;
  };
  Start start_upload(std::string_view network, const TableHead& head, const PartyFile& party) const;
  void upload_done(std::string_view network, const TableHead& head, const PartyFile& party) const;

 private:
  std::filesystem::path start_file(std::string_view network, const TableHead& head,
                                   const PartyFile& party) const;

  std::filesystem::path folder_;
};

/// Writes the identifiers as a CSV file, those rows that are `wanted`.
void write_identifiers(WholeFile& file, const Identifiers& identifiers,
                       const std::function<bool(std::size_t row)>& wanted);

}  // namespace polder
