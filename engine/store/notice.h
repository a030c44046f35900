// What holds for the whole network and is said once, to any node: a member admitted, expelled or
// with new keys, a table deleted. Whoever may say so signs it, so nodes pass it on to one another
// until all three have it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/members.h"

namespace polder {

struct Notice {
  enum class Kind { admit, expel, replace, delete_table };
  Kind kind;
  std::string about;             // a member's name, or a table's handle
  std::optional<Member> member;  // admit and replace: its keys
  std::int64_t time_ms;          // of two about one thing the later one counts
  VerifyKey::Raw signer;
  Signature signature;
};

std::string_view name(Notice::Kind kind);

/// What the signer signs. `network` is the network's id in hex.
std::string notice_text(std::string_view network, const Notice& notice);

/// Completes a notice with its signature.
Notice signed_notice(std::string_view network, Notice notice, const SigningKey& signer);

/// Throws Error bad_input naming the field.
Notice parse_notice(const boost::json::object& object);
boost::json::object to_json(const Notice& notice);

/// Those that this node took, in the order of taking; one about each thing.
class NoticeRecords {
 public:
  explicit NoticeRecords(Catalogue& catalogue) : catalogue_(catalogue) {}

  struct Numbered {
    std::int64_t number;
    Notice notice;
  };
  /// Takes the place of an earlier one about the same.
  void keep(const Notice& notice);
  /// Whether one at least as late about the same is here.
  bool has(const Notice& notice);
  /// Handles of tables that are here although their deletion was noted.
  std::vector<std::string> deleted_but_here();
  /// At most `most` of those with a number above `number`.
  std::vector<Numbered> after(std::int64_t number, std::size_t most);
  /// Deletions that were said before `ms`.
  void forget_deletions(std::int64_t ms);

 private:
  Catalogue& catalogue_;
};

}  // namespace polder
