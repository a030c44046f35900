// The folder that a run's results are written to: NAME.csv for each of some names, and summary.json
// that says of which run they are. Nothing of a user's is overwritten, and no two runs' results lie
// side by side.
#pragma once

#include <boost/json/object.hpp>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/whole_file.h"

namespace polder {

/// Where results go, and what must stay as it is.
struct ResultPlace {
  std::filesystem::path folder;
  std::vector<std::string> inputs = {};  // of the run; those that are no files do not matter
  bool replace = false;                  // results of an earlier run; never an input
};

/// Throws Error bad_input if a file that would be written is an input (by device and inode), a
/// folder, or is there already and is not of `session`; forbidden if the folder is not writable.
void check_results(const ResultPlace& place, const std::vector<std::string>& names,
                   std::string_view session = "");

class ResultFiles {
 public:
  /// Throws as check_results, also when the files are finished; the folder is made if need be.
  ResultFiles(ResultPlace place, std::string session);

  /// The file NAME.csv, to be written; nothing is visible until all are finished.
  WholeFile& add(const std::string& name);
  std::filesystem::path path(const std::string& name) const;

  /// Brings all to disk, then gives them their names. What an earlier run left is removed.
  /// `summary` gets session, time and files; those of the same session are kept in it.
  void finish(boost::json::object summary);

 private:
  std::vector<std::string> names() const;

  const ResultPlace place_;
  const std::string session_;
  std::map<std::string, std::unique_ptr<WholeFile>> files_;
};

}  // namespace polder
