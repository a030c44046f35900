#include "crypto/certificate.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <ctime>
#include <memory>

#include "base/error.h"
#include "crypto/random.h"

namespace polder {
namespace {

template <auto release>
struct Release {
  template <typename T>
  void operator()(T* object) const {
    release(object);
  }
};
using Bio = std::unique_ptr<BIO, Release<BIO_free_all>>;
using PrivateKey = std::unique_ptr<EVP_PKEY, Release<EVP_PKEY_free>>;
using X509Pointer = std::unique_ptr<X509, Release<X509_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Release<X509_EXTENSION_free>>;

constexpr std::size_t max_pem_bytes = 64 * 1024;

// For what only fails if memory or OpenSSL itself does.
void check(bool done) {
  if (done) return;
  const unsigned long error = ERR_get_error();
  const char* reason = ERR_reason_error_string(error);
  ERR_clear_error();
  fail(Code::internal, "certificate: OpenSSL fails ({})", reason != nullptr ? reason : "no reason");
}

Bio reader(std::string_view pem, const char* what) {
  if (pem.size() > max_pem_bytes) {
    fail(Code::bad_input, "{}: {} bytes are too many for a PEM file", what, pem.size());
  }
  Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  check(bio != nullptr);
  return bio;
}

std::span<const char> written(const Bio& bio) {
  char* data = nullptr;
  const long length = BIO_get_mem_data(bio.get(), &data);
  check(length > 0);
  return {data, static_cast<std::size_t>(length)};
}

// A key with a passphrase is refused, not asked about on the terminal.
int no_passphrase(char*, int, int, void*) { return -1; }

PrivateKey openssl_key(const SigningKey& key) {
  SigningKey::Seed seed = key.seed();
  PrivateKey made(
      EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(), seed.size()));
  wipe(seed.data(), seed.size());
  check(made != nullptr);
  return made;
}

void set_serial(X509* certificate) {
  std::array<std::uint8_t, 16> random;
  random_bytes(random);
  random[0] = static_cast<std::uint8_t>((random[0] & 0x7f) | 0x40);  // positive, of full length
  const std::unique_ptr<BIGNUM, Release<BN_free>> number(
      BN_bin2bn(random.data(), static_cast<int>(random.size()), nullptr));
  check(number && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr);
}

void set_name(X509* certificate, std::string_view name) {
  X509_NAME* const subject = X509_get_subject_name(certificate);
  const auto* text = reinterpret_cast<const unsigned char*>(name.data());
  if (name.empty() || name.find('\0') != name.npos ||
      X509_NAME_add_entry_by_NID(subject, NID_commonName, MBSTRING_UTF8, text,
                                 static_cast<int>(name.size()), -1, 0) != 1) {
    ERR_clear_error();
    fail(Code::bad_input, "certificate: its name must be 1 to 64 characters of UTF-8");
  }
  check(X509_set_issuer_name(certificate, subject) == 1);
}

void set_dates(X509* certificate, const Certificate::Terms& terms) {
  if (terms.days < 1 || terms.days > 36500) {
    fail(Code::bad_input, "certificate: valid for {} days; 1 to 36500 are possible", terms.days);
  }
  const auto until = terms.from + std::chrono::hours(24) * terms.days;
  check(ASN1_TIME_set(X509_getm_notBefore(certificate), terms.from.time_since_epoch().count()) &&
        ASN1_TIME_set(X509_getm_notAfter(certificate), until.time_since_epoch().count()));
}

void add_extension(X509* certificate, int kind, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value));
  check(extension && X509_add_ext(certificate, extension.get(), -1) == 1);
}

std::string pem_of(X509* certificate) {
  const Bio bio(BIO_new(BIO_s_mem()));
  check(bio && PEM_write_bio_X509(bio.get(), certificate) == 1);
  const auto text = written(bio);
  return {text.begin(), text.end()};
}

std::vector<std::uint8_t> der_of(X509* certificate) {
  const int length = i2d_X509(certificate, nullptr);
  check(length > 0);
  std::vector<std::uint8_t> der(static_cast<std::size_t>(length));
  std::uint8_t* end = der.data();
  check(i2d_X509(certificate, &end) == length);
  return der;
}

std::string name_of(X509* certificate) {
  X509_NAME* const subject = X509_get_subject_name(certificate);
  const int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  if (at < 0) fail(Code::bad_input, "certificate: it has no name");
  unsigned char* text = nullptr;
  const int length =
      ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
  if (length < 0) fail(Code::bad_input, "certificate: its name is no text");
  std::string name(reinterpret_cast<const char*>(text), static_cast<std::size_t>(length));
  OPENSSL_free(text);
  return name;
}

VerifyKey key_of(X509* certificate) {
  EVP_PKEY* const key = X509_get0_pubkey(certificate);
  if (key == nullptr || EVP_PKEY_get_id(key) != EVP_PKEY_ED25519) {
    fail(Code::bad_input, "certificate: its key is not Ed25519; make one with polder node init");
  }
  if (X509_verify(certificate, key) != 1) {
    ERR_clear_error();
    fail(Code::bad_input, "certificate: it was not signed with its own key, or changed since");
  }
  VerifyKey::Raw raw;
  std::size_t length = raw.size();
  check(EVP_PKEY_get_raw_public_key(key, raw.data(), &length) == 1 && length == raw.size());
  return VerifyKey(raw);
}

Certificate::Time time_of(const ASN1_TIME* time) {
  std::tm calendar{};
  if (ASN1_TIME_to_tm(time, &calendar) != 1) {
    fail(Code::bad_input, "certificate: a date in it cannot be read");
  }
  return Certificate::Time(std::chrono::seconds(timegm(&calendar)));
}

std::string text_of(Certificate::Time time) {
  const std::time_t seconds = time.time_since_epoch().count();
  std::tm calendar{};
  gmtime_r(&seconds, &calendar);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%d %H:%M UTC", &calendar);
  return text;
}

}  // namespace

Certificate::Certificate(std::string pem, std::vector<std::uint8_t> der, std::string name,
                         const VerifyKey& key, Time from, Time until)
    : pem_(std::move(pem)),
      der_(std::move(der)),
      name_(std::move(name)),
      verify_key_(key),
      from_(from),
      until_(until) {}

Certificate Certificate::make(const SigningKey& key, const Terms& terms) {
  const PrivateKey own = openssl_key(key);
  const X509Pointer certificate(X509_new());
  check(certificate && X509_set_version(certificate.get(), X509_VERSION_3) == 1);
  set_serial(certificate.get());
  set_name(certificate.get(), terms.name);
  set_dates(certificate.get(), terms);
  check(X509_set_pubkey(certificate.get(), own.get()) == 1);

  add_extension(certificate.get(), NID_basic_constraints, "critical,CA:FALSE");
  add_extension(certificate.get(), NID_key_usage, "critical,digitalSignature");
  add_extension(certificate.get(), NID_ext_key_usage, "serverAuth,clientAuth");
  add_extension(certificate.get(), NID_subject_key_identifier, "hash");
  check(X509_sign(certificate.get(), own.get(), nullptr) > 0);
  return parse(pem_of(certificate.get()));
}

Certificate Certificate::parse(std::string_view pem) {
  const Bio bio = reader(pem, "certificate");
  const X509Pointer certificate(PEM_read_bio_X509(bio.get(), nullptr, no_passphrase, nullptr));
  const bool another =
      certificate && X509Pointer(PEM_read_bio_X509(bio.get(), nullptr, no_passphrase, nullptr));
  ERR_clear_error();
  if (!certificate) fail(Code::bad_input, "certificate: this is no PEM of a certificate");
  if (another) fail(Code::bad_input, "certificate: one belongs here, these are several");

  X509* const raw = certificate.get();
  return Certificate(pem_of(raw), der_of(raw), name_of(raw), key_of(raw),
                     time_of(X509_get0_notBefore(raw)), time_of(X509_get0_notAfter(raw)));
}

Certificate::Time Certificate::now() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

void Certificate::check_dates(Time when) const {
  if (when >= from_ && when <= until_) return;
  fail(Code::forbidden, "certificate of '{}': valid from {} until {}, not now; {}", name_,
       text_of(from_), text_of(until_),
       when < from_ ? "check the clocks" : "make a new one and a new network file");
}

Bytes private_key_pem(const SigningKey& key) {
  const PrivateKey own = openssl_key(key);
  const Bio bio(BIO_new(BIO_s_secmem()));
  check(bio && PEM_write_bio_PKCS8PrivateKey(bio.get(), own.get(), nullptr, nullptr, 0, nullptr,
                                             nullptr) == 1);
  const auto text = written(bio);
  return {text.begin(), text.end()};
}

SigningKey parse_private_key(std::string_view pem) {
  const Bio bio = reader(pem, "private key");
  const PrivateKey key(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, nullptr));
  ERR_clear_error();
  if (!key || EVP_PKEY_get_id(key.get()) != EVP_PKEY_ED25519) {
    fail(Code::bad_input, "private key: this is no PEM of an Ed25519 key without a passphrase");
  }
  return SigningKey(Secret<32>::filled([&](SigningKey::Seed& seed) {
                      std::size_t length = seed.size();
                      check(EVP_PKEY_get_raw_private_key(key.get(), seed.data(), &length) == 1 &&
                            length == seed.size());
                    }).raw());
}

}  // namespace polder
