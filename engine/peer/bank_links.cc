#include "peer/bank_links.h"

#include <thread>

#include "base/error.h"
#include "base/first_error.h"

namespace polder {
namespace {

std::uint8_t role_of(int bank) { return static_cast<std::uint8_t>(bank); }

}  // namespace

BankLinks::BankLinks(Options options)
    : network_(options.network),
      self_(network_.bank_with(options.identity.certificate)),
      join_limit_(options.join_limit),
      tls_(tls_options(options.identity)) {
  Certificate::parse(options.identity.certificate).check_dates();
  std::vector<Ends> callers;
  for (int bank = 0; bank < count(); ++bank) {
    diallers_.push_back(nullptr);
    if (bank == self_) continue;
    callers.push_back(ends(bank));
    diallers_.back() = std::make_unique<Dialler>(
        Dialler::Options{.ends = ends(bank),
                         .network = network_.network_id(),
                         .address = network_.banks[static_cast<std::size_t>(bank)].address,
                         .tls = tls_,
                         .limit = options.dial_limit});
  }
  if (!options.listener) return;
  const auto places = static_cast<std::size_t>(count());
  listener_.emplace(std::move(options.listener),
                    Listener::Options{.ends = std::move(callers),
                                      .network = network_.network_id(),
                                      .tls = tls_,
                                      .greeting_limit = options.dial_limit,
                                      .claim_limit = 3 * options.join_limit,
                                      .max_greetings = 64 + 4 * places,
                                      .max_connections = 256 + 16 * places,
                                      .answers_calls = true,
                                      .on_refusal = std::move(options.on_refusal)});
}

TlsContext::Options BankLinks::tls_options(const BankIdentity& identity) const {
  TlsContext::Options options{
      .key_pem = identity.key(), .certificate_pem = identity.certificate, .peers = {}};
  for (int bank = 0; bank < count(); ++bank) {
    if (bank == self_) continue;
    options.peers.push_back(
        {.role = role_of(bank),
         .certificate_pem = network_.banks[static_cast<std::size_t>(bank)].certificate,
         .name = shown(bank)});
  }
  return options;
}

std::string BankLinks::shown(int bank) const {
  return shown_bank(network_.banks.at(static_cast<std::size_t>(bank)).name);
}

Ends BankLinks::ends(int bank) const { return {role_of(self_), role_of(bank), shown(bank)}; }

Binding BankLinks::binding(int bank, const SessionId& session) const {
  return {session, role_of(self_), role_of(bank), shown(bank)};
}

void BankLinks::warm(int bank, CancellationToken& cancellation) {
  naming(shown(bank), [&] { dialler(bank).warm(cancellation); });
}

std::unique_ptr<Transport> BankLinks::dial(int bank, const SessionId& session,
                                           HandshakeKind purpose, CancellationToken& cancellation) {
  return naming(shown(bank), [&] { return dialler(bank).take(session, cancellation, purpose); });
}

std::unique_ptr<Transport> BankLinks::await(int bank, const SessionId& session,
                                            CancellationToken& cancellation) {
  require(listener_.has_value(), "a bank that only asks waits for no connection");
  return listener_->take(session, role_of(bank), join_limit_, cancellation);
}

Listener::Call BankLinks::next_call(CancellationToken& cancellation) {
  require(listener_.has_value(), "a bank that only asks answers no call");
  return listener_->next_call(cancellation);
}

void BankLinks::give_back_dialled(int bank, std::unique_ptr<Transport> connection) {
  dialler(bank).give_back(std::move(connection));
}

void BankLinks::give_back_accepted(int bank, std::unique_ptr<Transport> connection) {
  listener_->give_back(std::move(connection), role_of(bank));
}

BankConnections::BankConnections(BankLinks& links, const SessionId& session, int requester,
                                 CancellationToken& cancellation)
    : links_(links),
      session_(session),
      requester_(requester),
      pump_(cancellation),
      connections_(static_cast<std::size_t>(links.count())) {}

Parties& BankConnections::open() {
  dial_all();
  std::vector<Channel*> channels;
  for (int bank = 0; bank < links_.count(); ++bank) {
    const auto& connection = connections_[static_cast<std::size_t>(bank)];
    if (bank != links_.self() && !connection) {
      keep(bank, links_.await(bank, session_, pump_.cancellation()));
    }
    channels.push_back(connection.get());
  }
  return parties_.emplace(links_.self(), std::move(channels));
}

// All at once: one after the other would cost a few round trips a bank. Those that came about are
// kept also if one did not, so that their banks can be told.
void BankConnections::dial_all() {
  std::vector<std::unique_ptr<Transport>> dialled(connections_.size());
  FirstError first;
  {
    std::vector<std::jthread> threads;
    for (int bank = 0; bank < links_.count(); ++bank) {
      if (!dials(bank)) continue;
      threads.emplace_back([&, bank] {
        try {
          dialled[static_cast<std::size_t>(bank)] =
              links_.dial(bank, session_, HandshakeKind::bind, pump_.cancellation());
        } catch (const std::exception&) {
          first.keep(std::current_exception());
        }
      });
    }
  }
  for (int bank = 0; bank < links_.count(); ++bank) {
    auto& connection = dialled[static_cast<std::size_t>(bank)];
    if (connection) keep(bank, std::move(connection));
  }
  first.rethrow();
}

void BankConnections::keep(int bank, std::unique_ptr<Transport> connection) {
  connections_[static_cast<std::size_t>(bank)] =
      std::make_unique<SocketChannel>(std::move(connection), links_.binding(bank, session_), pump_);
}

void BankConnections::abort(Code code, std::string_view why) noexcept {
  for (const auto& connection : connections_) {
    if (connection) connection->abort(code, why);
  }
}

bool BankConnections::dials(int bank) const {
  const int self = links_.self();
  if (bank == self || bank == requester_) return false;
  return self == requester_ || self < bank;
}

void BankConnections::finish() {
  parties_->flush();
  for (int bank = 0; bank < links_.count(); ++bank) {
    if (bank == links_.self()) continue;
    auto connection = connections_[static_cast<std::size_t>(bank)]->release();
    if (!connection) continue;
    dials(bank) ? links_.give_back_dialled(bank, std::move(connection))
                : links_.give_back_accepted(bank, std::move(connection));
  }
}

}  // namespace polder
