#include "crypto/certificate.h"

#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>

#include "base/error.h"
#include "crypto/hex.h"

namespace polder {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

std::string_view text(const Bytes& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// RFC 8410, section 10.3: an Ed25519 private key, and 10.1: its public key.
constexpr std::string_view known_pem =
    "-----BEGIN PRIVATE KEY-----\n"
    "MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n"
    "-----END PRIVATE KEY-----\n";

TEST(PrivateKey, IsTheExampleOfRfc8410) {
  const SigningKey key = parse_private_key(known_pem);
  EXPECT_EQ(to_hex(key.seed()), "d4ee72dbf913584ad5b6d8f1f769f8ad3afe7c28cbf1d4fbe097a88f44755842");
  EXPECT_EQ(to_hex(key.verify_key().raw()),
            "19bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1");
  EXPECT_EQ(text(private_key_pem(key)), known_pem);
}

TEST(PrivateKey, RefusesWhatIsNone) {
  const std::string ed448 =
      "-----BEGIN PRIVATE KEY-----\n"
      "MEcCAQAwBQYDK2VxBDsEOWyCpWLLgI0Q1jK+ichRPr9skp803fqMn2PJlg7240ij\n"
      "UoyKP8wvBE45o/xblEkvjwMudUmiAJj5Ww==\n"
      "-----END PRIVATE KEY-----\n";
  const Certificate certificate = Certificate::make(SigningKey::random(), {.name = "A"});
  std::string cut(known_pem);
  cut.erase(60, 8);
  for (const std::string& wrong : {std::string(), std::string("text"), ed448, cut,
                                   certificate.pem(), std::string(70'000, 'A')}) {
    EXPECT_THROW(parse_private_key(wrong), Error);
  }
}

TEST(Certificate, SaysWhatItWasMadeFor) {
  const SigningKey key = SigningKey::random();
  const auto from = Certificate::now() - hours(5);
  const auto certificate =
      Certificate::make(key, {.name = "Überbank Noord", .days = 30, .from = from});
  EXPECT_EQ(certificate.name(), "Überbank Noord");
  EXPECT_EQ(certificate.verify_key(), key.verify_key());
  EXPECT_EQ(certificate.valid_from(), from);
  EXPECT_EQ(certificate.valid_until(), from + hours(24) * 30);
}

// The oracle: OpenSSL's own reading and its verification of a chain of one.
TEST(Certificate, IsAVersion3CertificateThatOpensslAccepts) {
  const auto made = Certificate::make(SigningKey::random(), {.name = "A"});
  const std::uint8_t* der = made.der().data();
  const std::unique_ptr<X509, void (*)(X509*)> x509(
      d2i_X509(nullptr, &der, static_cast<long>(made.der().size())), X509_free);
  ASSERT_TRUE(x509);
  EXPECT_EQ(der, made.der().data() + made.der().size());
  EXPECT_EQ(X509_get_version(x509.get()), X509_VERSION_3);
  EXPECT_EQ(X509_check_ca(x509.get()), 0);
  EXPECT_EQ(X509_get_key_usage(x509.get()), unsigned{KU_DIGITAL_SIGNATURE});
  EXPECT_EQ(X509_get_extended_key_usage(x509.get()), unsigned{XKU_SSL_SERVER | XKU_SSL_CLIENT});
  EXPECT_EQ(X509_get_signature_nid(x509.get()), NID_ED25519);

  const std::unique_ptr<X509_STORE, void (*)(X509_STORE*)> trusted(X509_STORE_new(),
                                                                   X509_STORE_free);
  X509_STORE_add_cert(trusted.get(), x509.get());
  const std::unique_ptr<X509_STORE_CTX, void (*)(X509_STORE_CTX*)> check(X509_STORE_CTX_new(),
                                                                         X509_STORE_CTX_free);
  for (const char* purpose : {"ssl_server", "ssl_client"}) {
    ASSERT_EQ(X509_STORE_CTX_init(check.get(), trusted.get(), x509.get(), nullptr), 1);
    X509_STORE_CTX_set_default(check.get(), purpose);
    EXPECT_EQ(X509_verify_cert(check.get()), 1)
        << X509_verify_cert_error_string(X509_STORE_CTX_get_error(check.get()));
    X509_STORE_CTX_cleanup(check.get());
  }
}

TEST(Certificate, IsTheSameAfterItWasWrittenAndRead) {
  const auto made = Certificate::make(SigningKey::random(), {.name = "A"});
  const auto read = Certificate::parse(made.pem());
  EXPECT_EQ(read.pem(), made.pem());
  EXPECT_EQ(read.der(), made.der());
  EXPECT_EQ(read.name(), made.name());
  EXPECT_EQ(read.verify_key(), made.verify_key());
  EXPECT_EQ(read.valid_until(), made.valid_until());
}

TEST(Certificate, IsAnotherEachTime) {
  const SigningKey key = SigningKey::random();
  EXPECT_NE(Certificate::make(key, {.name = "A"}).der(),
            Certificate::make(key, {.name = "A"}).der());
}

TEST(Certificate, ItsKeySignsReceipts) {
  const SigningKey key = SigningKey::random();
  const auto certificate = Certificate::make(key, {.name = "A"});
  const SigningKey reread = parse_private_key(text(private_key_pem(key)));
  EXPECT_TRUE(certificate.verify_key().accepts("receipt", reread.sign("receipt")));
}

TEST(Certificate, IsRefusedOutsideItsDates) {
  const auto start = Certificate::now();
  const auto certificate =
      Certificate::make(SigningKey::random(), {.name = "A", .days = 2, .from = start});
  const auto end = start + hours(48);
  for (auto inside : {start, start + hours(1), end}) certificate.check_dates(inside);
  for (auto outside : {start - seconds(1), end + seconds(1), start + hours(24 * 365)}) {
    try {
      certificate.check_dates(outside);
      ADD_FAILURE();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Code::forbidden);
    }
  }
  Certificate::make(SigningKey::random(), {.name = "A", .days = 36500}).check_dates();
}

TEST(Certificate, RefusesTermsThatAreWrong) {
  const SigningKey key = SigningKey::random();
  using namespace std::string_view_literals;
  const std::string long_name(65, 'x');
  for (std::string_view name : {""sv, "a\0b"sv, "\xff\xfe"sv, std::string_view(long_name)}) {
    EXPECT_THROW(Certificate::make(key, {.name = name}), Error) << name;
  }
  for (int days : {0, -1, 36501}) {
    EXPECT_THROW(Certificate::make(key, {.name = "A", .days = days}), Error) << days;
  }
}

TEST(Certificate, RefusesWhatIsNoneOrSeveralOrChanged) {
  const auto made = Certificate::make(SigningKey::random(), {.name = "A"});
  const std::string& pem = made.pem();
  EXPECT_THROW(Certificate::parse(""), Error);
  EXPECT_THROW(Certificate::parse("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n"),
               Error);
  EXPECT_THROW(Certificate::parse(pem + pem), Error);
  EXPECT_THROW(Certificate::parse(pem + std::string(70'000, '\n')), Error);
  EXPECT_THROW(Certificate::parse(known_pem), Error);
  for (std::size_t length = 0; length + 2 < pem.size(); length += 7) {
    EXPECT_THROW(Certificate::parse(pem.substr(0, length)), Error) << length;
  }
}

// Any flipped bit of the signed part or the signature.
TEST(Certificate, RefusesOneThatWasChanged) {
  const auto made = Certificate::make(SigningKey::random(), {.name = "A"});
  std::vector<std::uint8_t> der = made.der();
  for (std::size_t bit = 0; bit < der.size() * 8; ++bit) {
    const auto mask = static_cast<std::uint8_t>(1u << bit % 8);
    der[bit / 8] ^= mask;
    std::vector<std::uint8_t> base64(der.size() * 2);
    EVP_EncodeBlock(base64.data(), der.data(), static_cast<int>(der.size()));
    std::string pem = "-----BEGIN CERTIFICATE-----\n";
    const std::string digits(reinterpret_cast<const char*>(base64.data()));
    for (std::size_t at = 0; at < digits.size(); at += 64) pem += digits.substr(at, 64) + '\n';
    EXPECT_THROW(Certificate::parse(pem + "-----END CERTIFICATE-----\n"), Error) << bit;
    der[bit / 8] ^= mask;
  }
}

}  // namespace
}  // namespace polder
