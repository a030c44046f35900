// Tables that are uploaded for one run and removed again at its end, however it ends.
#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "client/keys.h"
#include "client/nodes/three_nodes.h"

namespace polder {

class TablesForRun {
 public:
  /// The network and the owners outlive it.
  explicit TablesForRun(const Network& network) : network_(network) {}
  TablesForRun(const TablesForRun&) = delete;
  TablesForRun& operator=(const TablesForRun&) = delete;
  ~TablesForRun();

  /// Before the upload begins. From any thread.
  void add(const OrganisationKeys& owner, std::string handle);
  /// They stay, as for a space that is about to go.
  void keep() { kept_ = true; }

 private:
  const Network& network_;
  std::mutex mutex_;
  std::vector<std::pair<const OrganisationKeys*, std::string>> tables_;  // handles
  bool kept_ = false;
};

}  // namespace polder
