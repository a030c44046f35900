#include "crypto/voprf.h"

#include <sodium.h>

#include <algorithm>
#include <string>

#include "base/error.h"
#include "crypto/compare.h"

namespace polder {
namespace {

using Bytes64 = std::array<std::uint8_t, 64>;
using Part = std::span<const std::uint8_t>;

constexpr std::string_view context = "OPRFV1-\x01-ristretto255-SHA512";

std::string under_context(std::string_view label) { return std::string(label).append(context); }

/// SHA-512 of what is added, in the RFC's notation.
class Transcript {
 public:
  Transcript() { crypto_hash_sha512_init(&state_); }
  ~Transcript() { wipe(&state_, sizeof state_); }
  Transcript(const Transcript&) = delete;
  Transcript& operator=(const Transcript&) = delete;

  Transcript& add(Part bytes) {
    crypto_hash_sha512_update(&state_, bytes.data(), bytes.size());
    return *this;
  }
  Transcript& add(std::string_view text) { return add(bytes_of(text)); }
  Transcript& number(std::size_t value) {
    require(value < 65536, "a number of the transcript has two bytes");
    const std::array<std::uint8_t, 2> big_endian{static_cast<std::uint8_t>(value >> 8),
                                                 static_cast<std::uint8_t>(value)};
    return add(big_endian);
  }
  Transcript& with_length(Part bytes) { return number(bytes.size()).add(bytes); }

  void finish(Bytes64& digest) { crypto_hash_sha512_final(&state_, digest.data()); }
  Bytes64 finish() {
    Bytes64 digest;
    finish(digest);
    return digest;
  }

 private:
  crypto_hash_sha512_state state_;
};

/// 64 uniform bytes from a message: expand_message_xmd of RFC 9380, 5.3.1, which for SHA-512 is
/// one block.  `label`: its domain.
template <typename AddMessage>
Bytes64 expand(std::string_view label, AddMessage add_message) {
  const std::string domain = under_context(label);
  const auto domain_size = static_cast<std::uint8_t>(domain.size());
  constexpr std::array<std::uint8_t, 128> block_of_zeros{};
  const std::array<std::uint8_t, 1> zero{0}, one{1};

  Transcript first;
  first.add(block_of_zeros);
  add_message(first);
  first.number(64).add(zero).add(domain).add(Part(&domain_size, 1));
  const Bytes64 start = first.finish();
  Transcript second;
  second.add(start).add(one).add(domain).add(Part(&domain_size, 1));
  return second.finish();
}

/// In constant time.
bool is_zero(const Point& point) { return sodium_is_zero(point.data(), point.size()) == 1; }

Point hash_to_group(Part input) {
  const Point point =
      point_from_hash(expand("HashToGroup-", [&](Transcript& text) { text.add(input); }));
  // Zero for no input that anybody could find; RFC 9497 has it checked.
  if (is_zero(point)) fail(Code::bad_input, "an input that cannot be asked about");
  return point;
}

template <typename AddMessage>
Scalar hash_to_scalar(AddMessage add_message, std::string_view label = "HashToScalar-") {
  return reduced_scalar(expand(label, add_message));
}

void refuse_zero(const Point& point) {
  if (is_zero(point)) fail(Code::cheating, "OPRF: the peer sent the group's zero");
}

/// The weights that make one pair of points of all, so that one proof serves for all.
std::vector<Scalar> weights(const Point& public_point, std::span<const Point> blinded,
                            std::span<const Point> evaluated) {
  const std::string domain = under_context("Seed-");
  const Bytes64 seed = Transcript()
                           .with_length(public_point)
                           .with_length(bytes_of(std::string_view(domain)))
                           .finish();
  std::vector<Scalar> all;
  for (std::size_t i = 0; i < blinded.size(); ++i) {
    all.push_back(hash_to_scalar([&](Transcript& text) {
      text.with_length(seed)
          .number(i)
          .with_length(blinded[i])
          .with_length(evaluated[i])
          .add("Composite");
    }));
  }
  return all;
}

Point weighted_sum(const std::vector<Scalar>& factors, std::span<const Point> points) {
  Point sum = times(factors[0], points[0]);
  for (std::size_t i = 1; i < points.size(); ++i) sum = plus(sum, times(factors[i], points[i]));
  return sum;
}

/// The two points of the whole batch, and what the prover commits itself to.
struct Claim {
  Point of_blinded, of_evaluated, commitment_base, commitment_blinded;
};

Scalar challenge(const Point& public_point, const Claim& claim) {
  return hash_to_scalar([&](Transcript& text) {
    text.with_length(public_point)
        .with_length(claim.of_blinded)
        .with_length(claim.of_evaluated)
        .with_length(claim.commitment_base)
        .with_length(claim.commitment_blinded)
        .add("Challenge");
  });
}

void check_proof(const Point& public_point, std::span<const Point> blinded,
                 const VoprfAnswer& answer) {
  Scalar::Raw challenge_bytes, response_bytes;
  std::copy_n(answer.proof.begin(), 32, challenge_bytes.begin());
  std::copy_n(answer.proof.begin() + 32, 32, response_bytes.begin());
  check_scalar(challenge_bytes);
  check_scalar(response_bytes);
  const Scalar claimed(challenge_bytes), response(response_bytes);
  const std::vector<Scalar> factors = weights(public_point, blinded, answer.evaluated);
  Claim claim{.of_blinded = weighted_sum(factors, blinded),
              .of_evaluated = weighted_sum(factors, answer.evaluated),
              .commitment_base = plus(base_times(response), times(claimed, public_point)),
              .commitment_blinded = {}};
  claim.commitment_blinded =
      plus(times(response, claim.of_blinded), times(claimed, claim.of_evaluated));
  if (!equal_in_constant_time(challenge(public_point, claim).raw(), claimed.raw()))
    fail(Code::cheating,
         "OPRF: the peer's proof is wrong; it did not use the key that it published");
}

VoprfOutput output_at(Part input, Point evaluated) {
  VoprfOutput output = VoprfOutput::filled([&](Bytes64& raw) {
    Transcript().with_length(input).with_length(evaluated).add("Finalize").finish(raw);
  });
  wipe(evaluated.data(), evaluated.size());
  return output;
}

}  // namespace

VoprfKey::VoprfKey(Scalar secret) : secret_(std::move(secret)), public_(base_times(secret_)) {}

VoprfKey VoprfKey::derive(std::span<const std::uint8_t, 32> seed,
                          std::span<const std::uint8_t> info) {
  ready_sodium();
  // The RFC counts on from 0 while the scalar is zero, which has a probability of 2^-252.
  return VoprfKey(hash_to_scalar(
      [&](Transcript& text) {
        const std::array<std::uint8_t, 1> counter{0};
        text.add(seed).with_length(info).add(counter);
      },
      "DeriveKeyPair"));
}

VoprfOutput VoprfKey::operator()(std::span<const std::uint8_t> input) const {
  return output_at(input, times(secret_, hash_to_group(input)));
}

VoprfAnswer VoprfKey::answer(std::span<const Point> blinded) const {
  return answer(blinded, random_scalar());
}

VoprfAnswer VoprfKey::answer(std::span<const Point> blinded, const Scalar& random) const {
  require(!blinded.empty(), "a query has a point or more");
  VoprfAnswer answer{.evaluated = {}, .proof = {}};
  for (const Point& point : blinded) {
    refuse_zero(point);
    answer.evaluated.push_back(times(secret_, point));
  }
  const Point all = weighted_sum(weights(public_, blinded, answer.evaluated), blinded);
  const Claim claim{.of_blinded = all,
                    .of_evaluated = times(secret_, all),
                    .commitment_base = base_times(random),
                    .commitment_blinded = times(random, all)};
  const Scalar challenged = challenge(public_, claim);
  const Scalar response = minus(random, times(challenged, secret_));
  std::ranges::copy(challenged.raw(), answer.proof.begin());
  std::ranges::copy(response.raw(), answer.proof.begin() + 32);
  return answer;
}

VoprfQuery::VoprfQuery(Inputs inputs) : VoprfQuery(std::move(inputs), {}) {}

VoprfQuery::VoprfQuery(Inputs inputs, std::vector<Scalar> blinds)
    : inputs_(std::move(inputs)), blinds_(std::move(blinds)) {
  require(!inputs_.empty(), "a query has an input or more");
  ready_sodium();
  while (blinds_.size() < inputs_.size()) blinds_.push_back(random_scalar());
  for (std::size_t i = 0; i < inputs_.size(); ++i)
    blinded_.push_back(times(blinds_[i], hash_to_group(inputs_[i])));
}

std::vector<VoprfOutput> VoprfQuery::outputs(const Point& public_point,
                                             const VoprfAnswer& answer) const {
  if (answer.evaluated.size() != inputs_.size()) {
    fail(Code::cheating, "OPRF: {} answers to {} queries", answer.evaluated.size(), inputs_.size());
  }
  refuse_zero(public_point);
  for (const Point& point : answer.evaluated) refuse_zero(point);
  check_proof(public_point, blinded_, answer);
  std::vector<VoprfOutput> outputs;
  for (std::size_t i = 0; i < inputs_.size(); ++i)
    outputs.push_back(output_at(inputs_[i], times(inverse(blinds_[i]), answer.evaluated[i])));
  return outputs;
}

}  // namespace polder
