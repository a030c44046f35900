// A bank's lines to the others: dialled and accepted, kept warm between sessions.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "net/dialler.h"
#include "net/listener.h"
#include "net/parties.h"
#include "net/socket_channel.h"
#include "peer/bank_network.h"
#include "peer/identity.h"

namespace polder {

/// Thread-safe. Outlives its sessions.
class BankLinks {
 public:
  struct Options {
    const BankNetwork& network;
    const BankIdentity& identity;
    Socket listener = {};  // none: this bank only asks
    std::chrono::milliseconds dial_limit = std::chrono::seconds(8);
    std::chrono::milliseconds join_limit = std::chrono::seconds(9);  // for others to take part
    std::function<void(const Error&)> on_refusal = {};  // a stranger was turned away; any thread
  };
  /// Throws Error bad_input (this bank is none of the network's), forbidden (its certificate is out
  /// of date).
  explicit BankLinks(Options options);

  const BankNetwork& network() const { return network_; }
  int self() const { return self_; }
  int count() const { return static_cast<int>(network_.banks.size()); }
  std::string shown(int bank) const;

  /// Makes sure that a line to a bank is ready.  Throws as `dial`.
  void warm(int bank, Patience& patience);

  /// A line that the other bank was told is for this session, or proposes it.  Throws Error naming
  /// the bank: peer_lost, forbidden, timed_out, cancelled.
  std::unique_ptr<Transport> dial(int bank, const SessionId& session, NoteKind purpose,
                                  Patience& patience);
  /// One that the other bank dialled.
  std::unique_ptr<Transport> await(int bank, const SessionId& session, Patience& patience);
  Listener::Call next_call(Patience& patience);

  Ends ends(int bank) const;
  Binding binding(int bank, const SessionId& session) const;

  /// After a session that ended cleanly.
  void give_back_dialled(int bank, std::unique_ptr<Transport> line);
  void give_back_accepted(int bank, std::unique_ptr<Transport> line);

 private:
  TlsContext::Options tls_options(const BankIdentity& identity) const;
  Dialler& dialler(int bank) { return *diallers_.at(static_cast<std::size_t>(bank)); }

  const BankNetwork& network_;
  const int self_;
  const std::chrono::milliseconds join_limit_;
  const TlsContext tls_;
  std::vector<std::unique_ptr<Dialler>> diallers_;  // by bank; none at self
  std::optional<Listener> listener_;
};

/// Names the bank in errors of `action` that do not.
template <typename Action>
auto naming(const std::string& bank, Action&& action) try {
  return action();
} catch (const Error& error) {
  const std::string_view text = error.what();
  if (error.code() == Code::cancelled || text.find(bank) != std::string_view::npos) throw;
  fail(error.code(), "{}: {}", bank, text);
}

/// A session's lines to all other banks. Destroyed without `finish` it closes them: tell the others
/// why before that (`abort`).
class BankLines {
 public:
  BankLines(BankLinks& links, const SessionId& session, int asker, Patience& patience);

  /// The asker dials every other bank; of two others the first in the network dials.  Throws Error
  /// naming the bank that is not there: peer_lost, forbidden, timed_out, cancelled.
  Parties& open();

  /// Tells all to whom there is a line already that this bank stops the session.
  void abort(Code code, std::string_view why) noexcept;

  /// After the session's last receive: sends what is left and gives the lines back.
  void finish();

 private:
  bool dials(int bank) const;
  void dial_all();
  void keep(int bank, std::unique_ptr<Transport> line);

  BankLinks& links_;
  const SessionId session_;
  const int asker_;
  Pump pump_;
  std::vector<std::unique_ptr<SocketChannel>> lines_;  // by bank; none at self
  std::optional<Parties> parties_;
};

}  // namespace polder
