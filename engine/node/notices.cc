#include "node/notices.h"

#include <algorithm>
#include <boost/json/object.hpp>

#include "base/error.h"
#include "node/log.h"
#include "wire/signed_request.h"

namespace polder {
namespace json = boost::json;
namespace {

using Kind = Notice::Kind;

constexpr std::int64_t deletions_kept_ms = std::int64_t{90} * 24 * 3600 * 1000;

}  // namespace

bool Notices::take(const Notice& notice, std::int64_t now_ms) {
  const std::lock_guard lock(mutex_);
  if (records_.has(notice)) return false;
  if (notice.time_ms > now_ms + request_window_ms) {
    fail(Code::bad_input, "notice: it is of {} s from now; set the clock of who signed it",
         (notice.time_ms - now_ms) / 1000);
  }
  const VerifyKey signer(notice.signer);
  if (!signer.accepts(notice_text(options_.network, notice), notice.signature)) {
    fail(Code::forbidden,
         "notice: its signature does not fit; it is of another network or changed");
  }
  check_signer(notice);
  if (!act(notice)) return false;
  records_.keep(notice);
  const auto by = operator_of(notice);
  log_event("notice_taken", {{"kind", json::string(name(notice.kind))},
                             {"about", notice.about},
                             {"by", by ? fmt::format("operator of node {}", *by) : "its owner"}});
  return true;
}

std::optional<int> Notices::operator_of(const Notice& notice) const {
  for (int role = 0; role < 3; ++role) {
    const VerifyKey& key = options_.node_keys[static_cast<std::size_t>(role)];
    if (key.raw() == notice.signer) return role;
  }
  return std::nullopt;
}

/// Operators expel and delete for all three nodes, since each could refuse to compute anyway. They
/// admit for all three too, unless this node's operator wants to do that itself.
void Notices::check_signer(const Notice& notice) {
  const auto by = operator_of(notice);
  const bool admits = notice.kind == Kind::admit || notice.kind == Kind::replace;
  if (by && (*by == options_.role || !admits || options_.trust_operators)) return;
  if (by) {
    fail(Code::forbidden,
         "notice: node {} takes no members from other operators; its own admits '{}' (polder node "
         "admit)",
         options_.role, notice.about);
  }
  if (notice.kind == Kind::delete_table) {
    const auto owner = members_.with_key(notice.signer);
    if (owner && owner->name == tables_.record(notice.about).manifest.owner) return;
    fail(Code::forbidden, "table: only its owner or an operator may delete it");
  }
  if (notice.kind == Kind::replace) {
    const auto member = members_.with_key(notice.signer);
    if (member && member->name == notice.about) return;
  }
  fail(Code::forbidden, "notice: only an operator may say this, or a member about its own keys");
}

/// Whether anything came of it.
bool Notices::act(const Notice& notice) {
  if (notice.kind == Kind::delete_table) {
    tables_.remove(notice.about);
    return true;
  }
  const auto known = members_.entry(notice.about);
  if (notice.kind == Kind::admit) {
    if (known && known->member != *notice.member) {
      fail(
          Code::forbidden,
          "member '{}': this name has other keys; choose another name, or replace its keys (polder "
          "node replace)",
          notice.about);
    }
    return members_.set({*notice.member, Members::State::admitted, notice.time_ms});
  }
  if (!known) fail(Code::not_found, "member '{}': it is not known here", notice.about);
  if (notice.kind == Kind::replace) {
    return members_.set({*notice.member, Members::State::admitted, notice.time_ms});
  }
  const bool expelled = members_.set({known->member, Members::State::expelled, notice.time_ms});
  if (expelled) options_.on_expulsion(notice.about);
  return expelled;
}

void Notices::tidy(std::int64_t now_ms) {
  records_.forget_deletions(now_ms - deletions_kept_ms);
  for (const std::string& handle : records_.deleted_but_here()) tables_.remove(handle);
}

}  // namespace polder
