// A bank's connections to the others: dialled and accepted, kept warm between sessions.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "net/links/dialler.h"
#include "net/links/listener.h"
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

  /// Makes sure that a connection to a bank is ready.  Throws as `dial`.
  void warm(int bank, CancellationToken& cancellation);

  /// A connection that the other bank was told is for this session, or proposes it.  Throws Error
  /// naming the bank: peer_lost, forbidden, timed_out, cancelled.
  std::unique_ptr<Transport> dial(int bank, const SessionId& session, HandshakeKind purpose,
                                  CancellationToken& cancellation);
  /// One that the other bank dialled.
  std::unique_ptr<Transport> await(int bank, const SessionId& session,
                                   CancellationToken& cancellation);
  Listener::Call next_call(CancellationToken& cancellation);

  Ends ends(int bank) const;
  Binding binding(int bank, const SessionId& session) const;

  /// After a session that ended cleanly.
  void give_back_dialled(int bank, std::unique_ptr<Transport> connection);
  void give_back_accepted(int bank, std::unique_ptr<Transport> connection);

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

/// A session's connections to all other banks. Destroyed without `finish` it closes them: tell the
/// others why before that (`abort`).
class BankConnections {
 public:
  BankConnections(BankLinks& links, const SessionId& session, int requester,
                  CancellationToken& cancellation);

  /// The requester dials every other bank; of two others the first in the network dials.  Throws
  /// Error naming the bank that is not there: peer_lost, forbidden, timed_out, cancelled.
  Parties& open();

  /// Tells all to whom there is a connection already that this bank stops the session.
  void abort(Code code, std::string_view why) noexcept;

  /// After the session's last receive: sends what is left and gives the connections back.
  void finish();

 private:
  bool dials(int bank) const;
  void dial_all();
  void keep(int bank, std::unique_ptr<Transport> connection);

  BankLinks& links_;
  const SessionId session_;
  const int requester_;
  Pump pump_;
  std::vector<std::unique_ptr<SocketChannel>> connections_;  // by bank; none at self
  std::optional<Parties> parties_;
};

}  // namespace polder
