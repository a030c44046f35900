#include "net/tls/tls.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <algorithm>

#include "base/error.h"

namespace polder {
namespace {

using BioPtr = std::unique_ptr<BIO, decltype(&BIO_free)>;
using CertificatePtr = std::unique_ptr<X509, decltype(&X509_free)>;
using KeyPtr = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

BioPtr reader(std::string_view text) {
  return {BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), &BIO_free};
}

// Without this OpenSSL would ask the terminal for the passphrase of an encrypted key.
int no_passphrase(char*, int, int, void*) { return -1; }

CertificatePtr own_certificate(std::string_view pem) {
  const std::vector<std::uint8_t> der = Certificate::parse(pem).der();
  const std::uint8_t* begin = der.data();
  return {d2i_X509(nullptr, &begin, static_cast<long>(der.size())), &X509_free};
}

KeyPtr read_key(std::string_view pem) {
  const BioPtr bio = reader(pem);
  KeyPtr key(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, nullptr), &EVP_PKEY_free);
  if (!key) fail(Code::bad_input, "the node's key is not a plain PEM key: {}", take_tls_error());
  return key;
}

std::vector<std::uint8_t> der_of(X509* certificate) {
  const int length = i2d_X509(certificate, nullptr);
  if (length <= 0) return {};
  std::vector<std::uint8_t> der(static_cast<std::size_t>(length));
  std::uint8_t* end = der.data();
  i2d_X509(certificate, &end);
  return der;
}

struct Verdict {
  int error = X509_V_OK;
  std::string refusal = {};
};

Verdict check_dates(const TlsContext::Pinned& pin) {
  const Certificate& certificate = pin.certificate;
  try {
    certificate.check_dates();
    return {};
  } catch (const Error& error) {
    const bool early = Certificate::now() < certificate.valid_from();
    return {early ? X509_V_ERR_CERT_NOT_YET_VALID : X509_V_ERR_CERT_HAS_EXPIRED,
            fmt::format("{}: {}", pin.shown(), error.what())};
  }
}

Verdict check_pin(PeerCheck& check, const std::vector<std::uint8_t>& shown) {
  const auto& pinned = check.context.pinned();
  const auto pin = std::ranges::find_if(pinned, [&](const TlsContext::Pinned& each) {
    return each.certificate.der() == shown && (!check.due || each.role == *check.due);
  });
  if (pin != pinned.end()) {
    check.role = pin->role;
    return check_dates(*pin);
  }
  const std::string place =
      check.due ? "the one in the network file for " + check.context.shown(*check.due)
                : "in the network file";
  return {X509_V_ERR_CERT_REJECTED,
          fmt::format("{} showed a certificate that is not {}", check.shown_by, place)};
}

int verify(X509_STORE_CTX* store, void*) {
  const auto* const ssl =
      static_cast<SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
  auto& check = *static_cast<PeerCheck*>(SSL_get_app_data(ssl));
  Verdict verdict = check_pin(check, der_of(X509_STORE_CTX_get0_cert(store)));
  if (verdict.error != X509_V_OK) check.role.reset();
  check.refusal = std::move(verdict.refusal);
  X509_STORE_CTX_set_error(store, verdict.error);
  return verdict.error == X509_V_OK ? 1 : 0;
}

void must(bool worked, const char* what) {
  if (!worked) fail(Code::internal, "TLS: {}: {}", what, take_tls_error());
}

// Nothing to resume, nothing early, one version, one suite, one group.
void restrict_protocol(SSL_CTX* context) {
  must(SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) == 1, "version");
  must(SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION) == 1, "version");
  must(SSL_CTX_set_ciphersuites(context, "TLS_AES_128_GCM_SHA256") == 1, "suite");
  must(SSL_CTX_set1_groups_list(context, "X25519") == 1, "group");
  must(SSL_CTX_set_num_tickets(context, 0) == 1, "tickets");
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
}

}  // namespace

TlsContext::TlsContext(const Options& options) : context_(SSL_CTX_new(TLS_method())) {
  must(context_ != nullptr, "context");
  restrict_protocol(context_.get());

  const CertificatePtr own = own_certificate(options.certificate_pem);
  const KeyPtr key = read_key(options.key_pem);
  must(SSL_CTX_use_certificate(context_.get(), own.get()) == 1, "own certificate");
  if (SSL_CTX_use_PrivateKey(context_.get(), key.get()) != 1) {
    take_tls_error();
    fail(Code::bad_input, "the node's key does not belong to its certificate");
  }

  for (const Pin& pin : options.peers) {
    pinned_.push_back({pin.role, Certificate::parse(pin.certificate_pem), pin.name});
  }
  SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  SSL_CTX_set_cert_verify_callback(context_.get(), verify, nullptr);
}

TlsContext::~TlsContext() = default;

std::string TlsContext::shown(std::uint8_t role) const {
  const auto pin = std::ranges::find(pinned_, role, &Pinned::role);
  return pin != pinned_.end() ? pin->shown() : shown_peer(role, "");
}

void TlsContext::Free::operator()(ssl_ctx_st* context) const { SSL_CTX_free(context); }

void PeerCheck::attach(ssl_st* ssl) { SSL_set_app_data(ssl, this); }

std::string take_tls_error() {
  const unsigned long error = ERR_get_error();
  ERR_clear_error();
  const char* const reason = ERR_reason_error_string(error);
  return reason == nullptr ? "no reason given" : reason;
}

}  // namespace polder
