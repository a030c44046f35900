#include "match/quorum/asker_pair.h"

namespace polder::quorum {

AskerPair::AskerPair(Channel& bank, int number, const AskerShared& shared)
    : bank_(bank), number_(number), shared_(shared) {
  bank_.send(shared_.salt);
  bank_.send(shared_.base.request());
}

void AskerPair::set_up() {
  setup_ = set_up_asker(bank_, {shared_.salt, number_}, shared_.base);
  OprfValues oprf = oprf_at(setup_->oprf_seeds, OprfCode(salt_for(shared_.salt, "code")),
                            shared_.bins.identifiers);
  bank_.send_words(oprf.message.words);
  oprf_ = std::move(oprf.values);
}

void AskerPair::read_hint() {
  const Parameters& parameters = shared_.parameters;
  Words hint(hint_words(parameters, number_));
  bank_.receive_words(hint);
  values_ = quorum::read_hint(parameters, number_, shared_.salt, shared_.bins, hint, oprf_);
  equality_.emplace(bank_, setup_->transfers, values_.targets, parameters.target_bits);
}

void AskerPair::compare() { equality_->look_up(); }

BinBits AskerPair::finish_compare() { return {equality_->finish(), std::move(values_.flags)}; }

void AskerPair::send_bits(BinBits bits) {
  counts_.emplace(bank_, setup_->transfers, std::move(bits));
}

Counts AskerPair::finish_counts() { return counts_->finish(); }

}  // namespace polder::quorum
