#include "match/quorum/requester_pair.h"

namespace polder::quorum {

RequesterPair::RequesterPair(Channel& bank, int number, const RequesterShared& shared)
    : bank_(bank), number_(number), shared_(shared) {
  bank_.send(shared_.salt);
  bank_.send(shared_.base.request());
}

void RequesterPair::set_up() {
  setup_ = set_up_requester(bank_, {shared_.salt, number_}, shared_.base);
  OprfValues oprf = oprf_at(setup_->oprf_seeds, OprfCode(salt_for(shared_.salt, "code")),
                            shared_.bins.identifiers);
  bank_.send_words(oprf.message.words);
  oprf_ = std::move(oprf.values);
}

void RequesterPair::read_opprf_hint() {
  const Parameters& parameters = shared_.parameters;
  Words opprf_hint(opprf_hint_words(parameters, number_));
  bank_.receive_words(opprf_hint);
  values_ =
      quorum::read_opprf_hint(parameters, number_, shared_.salt, shared_.bins, opprf_hint, oprf_);
  private_equality_.emplace(bank_, setup_->ots, values_.targets, parameters.target_bits);
}

void RequesterPair::compare() { private_equality_->look_up(); }

BinBits RequesterPair::finish_compare() {
  return {private_equality_->finish(), std::move(values_.flags)};
}

void RequesterPair::send_bits(BinBits bits) {
  counts_.emplace(bank_, setup_->ots, std::move(bits));
}

Counts RequesterPair::finish_counts() { return counts_->finish(); }

}  // namespace polder::quorum
