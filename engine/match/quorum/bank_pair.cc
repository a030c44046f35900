#include "match/quorum/bank_pair.h"

#include "match/quorum/private_equality.h"

namespace polder::quorum {

BankPair::BankPair(Channel& requester, int number, const Parameters& parameters)
    : requester_(requester), number_(number), parameters_(parameters) {
  requester_.receive(salt_);
  Bytes request(base_ots * point_bytes);
  requester_.receive(request);
  begun_.emplace(requester_, PairName{salt_, number_}, request);
}

BinBits BankPair::compare(std::span<const Block> identifiers, const std::vector<bool>& flagged) {
  setup_ = begun_->finish(requester_);
  BitColumns columns(oprf_columns, parameters_.bins);
  requester_.receive_words(columns.words);
  const Oprf oprf(setup_->oprf_seeds, columns);

  BinValues targets = random_targets(parameters_);
  requester_.send_words(
      make_opprf_hint(parameters_, number_, salt_, oprf, identifiers, flagged, targets));
  Words equal =
      private_equality_at_bank(requester_, setup_->ots, targets.targets, parameters_.target_bits);
  return {std::move(equal), std::move(targets.flags)};
}

Counts BankPair::count(const BinBits& bits) {
  return counts_at_bank(requester_, setup_->ots, bits);
}

}  // namespace polder::quorum
