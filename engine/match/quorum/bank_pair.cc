#include "match/quorum/bank_pair.h"

#include "match/quorum/equality.h"

namespace polder::quorum {

BankPair::BankPair(Channel& asker, int number, const Parameters& parameters)
    : asker_(asker), number_(number), parameters_(parameters) {
  asker_.receive(salt_);
  Bytes request(base_transfers * point_bytes);
  asker_.receive(request);
  begun_.emplace(asker_, PairName{salt_, number_}, request);
}

BinBits BankPair::compare(std::span<const Block> identifiers, const std::vector<bool>& flagged) {
  setup_ = begun_->finish(asker_);
  BitColumns columns(oprf_columns, parameters_.bins);
  asker_.receive_words(columns.words);
  const Oprf oprf(setup_->oprf_seeds, columns);

  BinValues targets = random_targets(parameters_);
  asker_.send_words(make_hint(parameters_, number_, salt_, oprf, identifiers, flagged, targets));
  Words equal =
      equality_at_bank(asker_, setup_->transfers, targets.targets, parameters_.target_bits);
  return {std::move(equal), std::move(targets.flags)};
}

Counts BankPair::count(const BinBits& bits) {
  return counts_at_bank(asker_, setup_->transfers, bits);
}

}  // namespace polder::quorum
