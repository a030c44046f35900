// The organisations that this node knows: a name, bound to its keys, admitted or expelled. A key
// that a name once had is never another's.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "crypto/seal.h"
#include "crypto/sign.h"
#include "store/catalogue.h"

namespace boost::json {
class object;
}

namespace polder {

struct Member {
  std::string name;
  VerifyKey::Raw sign;
  SealKey seal;
  Signature proof;  // by `sign`, over member_text: whoever made the keys gave them this name
  friend bool operator==(const Member&, const Member&) = default;
};

/// What a member's own key signs.
std::string member_text(std::string_view name, const VerifyKey::Raw& sign, const SealKey& seal);

/// What two people compare by telephone: 128 bits of a hash of name and keys, in hex, in fours.
std::string fingerprint(const Member& member);

/// Throws Error bad_input: fields, a name that cannot be seen, a key that is no point of its curve,
/// or a proof that does not fit (so the halves of a secret key are no member either).
Member parse_member(const boost::json::object& object);
boost::json::object to_json(const Member& member);

/// Thread-safe, and quick: what is asked for by each request is in memory.
class Members {
 public:
  enum class State { admitted, expelled };
  struct Entry {
    Member member;
    State state = State::admitted;
    std::int64_t changed_ms = 0;  // when its operator, or it itself, said so
  };

  explicit Members(Catalogue& catalogue);

  /// Sets what is known of a member, unless something later is known already (false).
  /// Throws Error forbidden if the key is, or was, another name's.
  bool set(const Entry& entry);

  /// Admitted ones alone.
  std::optional<Member> named(std::string_view name);
  std::optional<Member> with_key(std::span<const std::uint8_t> sign);
  std::vector<VerifyKey> keys_of(std::string_view name);  // the present one first

  std::optional<Entry> entry(std::string_view name);
  std::vector<Entry> all();  // by name

 private:
  Catalogue& catalogue_;
  std::mutex mutex_;
  std::map<std::string, Entry, std::less<>> entries_;
  std::map<VerifyKey::Raw, std::string> names_;  // of every key, also of replaced ones
};

}  // namespace polder
