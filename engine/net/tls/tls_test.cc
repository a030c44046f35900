#include "net/tls/tls.h"

#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include "net/testing/test_support.h"
#include "net/tls/tls_transport.h"

namespace polder {
namespace {

using namespace std::chrono_literals;
using testing::expect_error;
using testing::Identity;
using testing::make_identity;
using testing::Network;
using testing::thrown_by;

struct Outcome {
  Error dialler{Code::internal, "accepted"};
  Error acceptor{Code::internal, "accepted"};
  bool both_accepted = false;
};

template <typename Action>
Error outcome_of(Action&& action) {
  try {
    action();
  } catch (const Error& error) {
    return error;
  }
  return Error(Code::internal, "accepted");
}

// The dialler learns of a refusal with its first read; a byte each way settles it.
void finish(TlsTransport& connection) {
  CancellationToken cancellation;
  const std::array connections{&connection};
  shake_hands(connections, testing::ample, cancellation);
  const std::uint8_t byte = 1;
  connection.write({&byte, 1}, {});
  std::uint8_t got = 0;
  while (true) {
    const auto moved = connection.read({&got, 1}, {});
    if (moved.ended)
      fail(connection.refused() ? Code::forbidden : Code::peer_lost, "{}", connection.why_ended());
    if (moved.bytes == 1) return;
    std::this_thread::sleep_for(100us);
  }
}

Outcome meet(const TlsContext::Options& dialler, std::uint8_t dialled_role,
             const TlsContext::Options& acceptor) {
  auto [a, b] = socket_pair();
  Outcome outcome;
  {
    std::jthread thread([&, socket = std::move(b)]() mutable {
      outcome.acceptor = outcome_of([&] {
        const TlsContext context(acceptor);
        finish(*TlsTransport::accept(context, std::move(socket)));
      });
    });
    outcome.dialler = outcome_of([&, socket = std::move(a)]() mutable {
      const TlsContext context(dialler);
      finish(*TlsTransport::dial(context, std::move(socket), dialled_role));
    });
  }
  outcome.both_accepted = std::string_view(outcome.dialler.what()) == "accepted" &&
                          std::string_view(outcome.acceptor.what()) == "accepted";
  return outcome;
}

TlsContext::Options speaking_as(TlsContext::Options options, const Identity& identity) {
  options.key_pem = identity.key_pem;
  options.certificate_pem = identity.certificate_pem;
  return options;
}

TEST(Certificates, OfTheRightNodesAreAccepted) {
  const Network network;
  for (int role = 0; role < 3; ++role) {
    for (const int peer : {next_role(role), prev_role(role)}) {
      const auto outcome =
          meet(network.options(role), static_cast<std::uint8_t>(peer), network.options(peer));
      EXPECT_TRUE(outcome.both_accepted)
          << outcome.dialler.what() << " / " << outcome.acceptor.what();
    }
  }
}

// A new certificate of the same key and name.
Identity reissued(const Identity& identity) {
  const SigningKey key = parse_private_key(identity.key_pem);
  const auto name = Certificate::parse(identity.certificate_pem).name();
  return {identity.key_pem, Certificate::make(key, {.name = name, .days = 2}).pem()};
}

// Every identity of this network, of a foreign one, reissued and made-up ones, on each side, in
// each role: only the pinned one of the role passes.
TEST(Certificates, MatrixAcceptsNothingElse) {
  const Network network, foreign;
  const Identity client = make_identity("client");
  const Identity same_name = make_identity("b");
  std::vector<const Identity*> identities{&network.nodes[0], &network.nodes[1], &network.nodes[2],
                                          &foreign.nodes[0], &foreign.nodes[1], &foreign.nodes[2],
                                          &client,           &same_name};
  std::vector<Identity> others;
  for (const Identity& node : network.nodes) others.push_back(reissued(node));
  others.push_back(make_identity("client", -48h));
  for (const Identity& other : others) identities.push_back(&other);
  int refused = 0;
  for (int dialled = 1; dialled <= 2; ++dialled) {
    for (const Identity* shown : identities) {
      const bool right = shown == &network.nodes[static_cast<std::size_t>(dialled)];
      const auto outcome = meet(network.options(0), static_cast<std::uint8_t>(dialled),
                                speaking_as(network.options(dialled), *shown));
      EXPECT_EQ(outcome.both_accepted, right);
      refused += outcome.both_accepted ? 0 : 1;
    }
  }
  for (int accepting = 0; accepting < 3; ++accepting) {
    const int dialler = prev_role(accepting);
    for (const Identity* shown : identities) {
      const bool a_peer = shown == &network.nodes[static_cast<std::size_t>(dialler)] ||
                          shown == &network.nodes[static_cast<std::size_t>(next_role(accepting))];
      const auto outcome = meet(speaking_as(network.options(dialler), *shown),
                                static_cast<std::uint8_t>(accepting), network.options(accepting));
      EXPECT_EQ(outcome.both_accepted, a_peer);
      refused += outcome.both_accepted ? 0 : 1;
    }
  }
  EXPECT_GE(refused, 50);
}

TEST(Certificates, OfNode2OnThePlaceOfNode1IsNamed) {
  const Network network;
  const auto outcome =
      meet(network.options(0), 1, speaking_as(network.options(1), network.nodes[2]));
  expect_error(outcome.dialler, Code::forbidden,
               "node 1 showed a certificate that is not the one in the network file for node 1");
}

TEST(Certificates, OfAClientOnTheNodePortIsNamedOnBothSides) {
  const Network network;
  const auto outcome =
      meet(speaking_as(network.options(0), make_identity("client")), 1, network.options(1));
  expect_error(outcome.acceptor, Code::forbidden,
               "showed a certificate that is not in the network file");
  expect_error(outcome.dialler, Code::forbidden, "it refused this node");
}

TEST(Certificates, ExpiredOrEarlyAreNamedWithTheirDate) {
  Network network;
  network.nodes[1] = make_identity("b", -48h);
  auto outcome = meet(network.options(0), 1, network.options(1));
  expect_error(outcome.dialler, Code::forbidden, "node 1: certificate of 'b': valid from 20");

  network.nodes[1] = make_identity("b", 24h);
  outcome = meet(network.options(0), 1, network.options(1));
  expect_error(outcome.dialler, Code::forbidden, "check the clocks");
}

TEST(Certificates, ExpiredOfTheDiallerIsNamedOnBothSides) {
  Network network;
  network.nodes[0] = make_identity("a", -48h);
  const auto outcome = meet(network.options(0), 1, network.options(1));
  expect_error(outcome.acceptor, Code::forbidden, "node 0: certificate of 'a': valid from 20");
  expect_error(outcome.dialler, Code::forbidden, "alert certificate expired");
}

TEST(Context, RefusesAKeyOfAnotherCertificate) {
  const Network network;
  TlsContext::Options options = network.options(0);
  options.key_pem = network.nodes[1].key_pem;
  expect_error(thrown_by([&] { TlsContext{options}; }), Code::bad_input, "does not belong");
}

TEST(Context, RefusesWhatIsNotPem) {
  const Network network;
  TlsContext::Options options = network.options(0);
  options.peers[0].certificate_pem = "-----BEGIN CERTIFICATE-----\nAAAA\n";
  expect_error(thrown_by([&] { TlsContext{options}; }), Code::bad_input, "");
}

// ---- peers that are not ours, driven by OpenSSL alone

struct Foreign {
  explicit Foreign(const SSL_METHOD* method) : context(SSL_CTX_new(method)) {}
  ~Foreign() {
    SSL_free(ssl);
    SSL_CTX_free(context);
  }
  void use(const Identity& identity) {
    BIO* const certificate_bio = BIO_new_mem_buf(identity.certificate_pem.data(), -1);
    BIO* const key_bio = BIO_new_mem_buf(identity.key_pem.data(), -1);
    X509* const certificate = PEM_read_bio_X509(certificate_bio, nullptr, nullptr, nullptr);
    EVP_PKEY* const key = PEM_read_bio_PrivateKey(key_bio, nullptr, nullptr, nullptr);
    SSL_CTX_use_certificate(context, certificate);
    SSL_CTX_use_PrivateKey(context, key);
    X509_free(certificate);
    EVP_PKEY_free(key);
    BIO_free(certificate_bio);
    BIO_free(key_bio);
  }
  bool step(const Socket& socket) {
    if (ssl == nullptr) {
      ssl = SSL_new(context);
      SSL_set_fd(ssl, socket.descriptor());
      SSL_set_connect_state(ssl);
    }
    return SSL_do_handshake(ssl) == 1;
  }
  SSL_CTX* context;
  SSL* ssl = nullptr;
};

Error acceptor_meets(Foreign& foreign) {
  static const Network network;
  foreign.use(network.nodes[0]);
  auto [a, b] = socket_pair();
  const TlsContext context(network.options(1));
  const auto connection = TlsTransport::accept(context, std::move(b));
  return thrown_by([&] {
    for (int i = 0; i < 50; ++i) {
      foreign.step(a);
      connection->shake_hands();
    }
  });
}

TEST(Foreign, TlsBelow13IsRefused) {
  Foreign foreign(TLS_client_method());
  SSL_CTX_set_max_proto_version(foreign.context, TLS1_2_VERSION);
  expect_error(acceptor_meets(foreign), Code::forbidden, "does not speak TLS 1.3");
}

TEST(Foreign, OtherSuitesAreRefused) {
  Foreign foreign(TLS_client_method());
  SSL_CTX_set_min_proto_version(foreign.context, TLS1_3_VERSION);
  SSL_CTX_set_ciphersuites(foreign.context, "TLS_CHACHA20_POLY1305_SHA256");
  expect_error(acceptor_meets(foreign), Code::peer_lost, "no shared cipher");
}

TEST(Foreign, PlainBytesAreRefused) {
  static const Network network;
  auto [a, b] = socket_pair();
  const TlsContext context(network.options(1));
  const auto connection = TlsTransport::accept(context, std::move(b));
  constexpr std::string_view request = "GET / HTTP/1.1\r\nHost: node\r\n\r\n";
  ASSERT_GT(write(a.descriptor(), request.data(), request.size()), 0);
  EXPECT_THROW(connection->shake_hands(), Error);
}

TEST(Foreign, NoCertificateIsRefused) {
  static const Network network;
  Foreign foreign(TLS_client_method());  // never told to use one
  auto [a, b] = socket_pair();
  const TlsContext context(network.options(1));
  const auto connection = TlsTransport::accept(context, std::move(b));
  const Error error = thrown_by([&] {
    for (int i = 0; i < 50; ++i) {
      foreign.step(a);
      connection->shake_hands();
    }
  });
  expect_error(error, Code::forbidden, "showed no certificate");
}

TEST(Foreign, GetsNoTicketToResumeOrSendEarly) {
  static const Network network;
  Foreign foreign(TLS_client_method());
  foreign.use(network.nodes[0]);
  auto [a, b] = socket_pair();
  const TlsContext context(network.options(1));
  const auto connection = TlsTransport::accept(context, std::move(b));
  bool there = false, here = false;
  for (int i = 0; i < 50 && !(there && here); ++i) {
    there = foreign.step(a);
    here = connection->shake_hands();
  }
  ASSERT_TRUE(there && here);
  const std::uint8_t byte = 1;
  connection->write({&byte, 1}, {});
  std::uint8_t got = 0;
  EXPECT_EQ(SSL_read(foreign.ssl, &got, 1), 1);
  EXPECT_EQ(SSL_SESSION_is_resumable(SSL_get_session(foreign.ssl)), 0);
  EXPECT_EQ(SSL_get_max_early_data(foreign.ssl), 0u);
}

TEST(RenewedKeys, CarryOn) {
  const Network network;
  auto [a, b] = socket_pair();
  const TlsContext context_a(network.options(0)), context_b(network.options(1));
  const auto dialler = TlsTransport::dial(context_a, std::move(a), 1);
  const auto acceptor = TlsTransport::accept(context_b, std::move(b));
  const std::array connections{dialler.get(), acceptor.get()};
  CancellationToken cancellation;
  shake_hands(connections, testing::ample, cancellation);
  for (std::uint8_t i = 0; i < 10; ++i) {
    for (const auto& [from, to] :
         {std::pair(&dialler, &acceptor), std::pair(&acceptor, &dialler)}) {
      const Bytes payload(1000, i);
      EXPECT_EQ((*from)->write({}, payload).bytes, 1000u);
      (*from)->renew_key();
      Bytes got(1000);
      EXPECT_EQ((*to)->read({}, got).bytes, 1000u);
      EXPECT_EQ(got, payload);
    }
  }
}

TEST(Tampered, RecordsEndTheLine) {
  const Network network;
  auto [a, wire_a] = socket_pair();
  auto [wire_b, b] = socket_pair();
  const TlsContext context_a(network.options(0)), context_b(network.options(1));
  const auto dialler = TlsTransport::dial(context_a, std::move(a), 1);
  const auto acceptor = TlsTransport::accept(context_b, std::move(b));
  const auto carry = [](const Socket& from, const Socket& to, std::uint8_t flip) {
    std::array<std::uint8_t, 65536> bytes;
    const ssize_t got = read(from.descriptor(), bytes.data(), bytes.size());
    if (got <= 0) return;
    bytes[static_cast<std::size_t>(got) / 2] ^= flip;
    ASSERT_EQ(write(to.descriptor(), bytes.data(), static_cast<std::size_t>(got)), got);
  };
  bool there = false, here = false;
  for (int i = 0; i < 50 && !(there && here); ++i) {
    there = dialler->shake_hands();
    carry(wire_a, wire_b, 0);
    here = acceptor->shake_hands();
    carry(wire_b, wire_a, 0);
  }
  ASSERT_TRUE(there && here);
  const Bytes payload(1000, 7);
  dialler->write({}, payload);
  carry(wire_a, wire_b, 1);
  Bytes got(1000);
  EXPECT_TRUE(acceptor->read({}, got).ended);
  EXPECT_NE(acceptor->why_ended().find("bad record mac"), std::string::npos)
      << acceptor->why_ended();
}

}  // namespace
}  // namespace polder
