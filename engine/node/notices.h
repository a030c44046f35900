// What the network's operators and members have said that holds everywhere: taken if whoever signed
// it may say so, done here, kept, and passed on to the other nodes.
#pragma once

#include <array>
#include <functional>
#include <string>
#include <vector>

#include "store/notice.h"
#include "store/table_store.h"

namespace polder {

class Notices {
 public:
  struct Options {
    std::string network;  // id in hex
    int role;
    std::array<VerifyKey, 3> node_keys;  // by role
    bool trust_operators;                // the two others admit members here too
    std::function<void(std::string_view member)> on_expulsion;  // its keys are no good any more
  };
  Notices(Options options, Catalogue& catalogue, Members& members, TableStore& tables)
      : options_(std::move(options)), records_(catalogue), members_(members), tables_(tables) {}

  /// Does what the notice says; false if it, or something later about the same, was taken before.
  /// Throws Error forbidden (who signed it may not say so), not_found, bad_input (its time).
  bool take(const Notice& notice, std::int64_t now_ms);

  /// What a node that has all up to `number` lacks, at most `most`.
  std::vector<NoticeRecords::Numbered> after(std::int64_t number, std::size_t most) {
    return records_.after(number, most);
  }
  /// Deletes tables that a backup brought back, and forgets deletions so old that none can.
  void tidy(std::int64_t now_ms);

 private:
  std::optional<int> operator_of(const Notice& notice) const;
  void check_signer(const Notice& notice);
  bool act(const Notice& notice);

  const Options options_;
  NoticeRecords records_;
  Members& members_;
  TableStore& tables_;
  std::mutex mutex_;  // one at a time: what is checked is still so when it is done
};

}  // namespace polder
