#include "match/quorum/quorum.h"

#include <algorithm>
#include <memory>

#include "base/error.h"
#include "match/quorum/bank_pair.h"
#include "match/quorum/own_table.h"
#include "match/quorum/requester_pair.h"
#include "match/quorum/sharing/joint_opening.h"
#include "match/quorum/slices.h"
#include "match/quorum/two_banks.h"

namespace polder {
namespace {

using namespace quorum;

// Messages that wait for one another between the requester and each bank: request, answer, columns,
// hint, and two exchanges of the comparison; then one for the counts or for two banks' answer.
constexpr std::uint64_t rounds_of_pair = 10;

void add(Elements& to, const Elements& other) {
  for (std::size_t i = 0; i < to.size(); ++i) to[i] = to[i] + other[i];
}

class Requester {
 public:
  Requester(Parties& parties, const Parameters& parameters, const OwnTable& table)
      : parties_(parties),
        parameters_(parameters),
        shared_{parameters, salt_, BaseOtReceiver(base_ots),
                bins_of(table.identifiers, parameters.bins, salt_)},
        rows_(table.rows),
        own_flags_(parameters.bins, 0) {
    for (std::size_t i = 0; i < table.flagged.size(); ++i) {
      own_flags_[shared_.bins.of_row[i]] = table.flagged[i];
    }
  }

  PeerAnswer run(const Progress& progress) {
    for (int bank = 0; bank < parties_.count(); ++bank) {
      if (bank == parties_.self()) continue;
      pairs_.push_back(std::make_unique<RequesterPair>(parties_.to(bank), bank, shared_));
    }
    return parameters_.parties == 2 ? run_with_one(progress) : run_with_many(progress);
  }

 private:
  void set_up(const Progress& progress) {
    progress(0.05, "keys with each bank");
    for (const auto& pair : pairs_) pair->set_up();
  }

  void compare(const Progress& progress) {
    progress(0.3, "comparing with each bank");
    for (const auto& pair : pairs_) pair->read_opprf_hint();
    for (const auto& pair : pairs_) pair->compare();
  }

  PeerAnswer run_with_one(const Progress& progress) {
    set_up(progress);
    compare(progress);
    RequesterPair& pair = *pairs_[0];
    TwoBanksRequester end(pair.bank(), pair.ots(), pair.finish_compare(), own_flags_);
    const Words answers = end.finish();
    return answer([&](std::uint32_t bin) { return answers[bin] == 1; }, 0);
  }

  PeerAnswer run_with_many(const Progress& progress) {
    JointOpening together(parties_, parameters_);
    together.sharing().receive_keys_and_deal();
    set_up(progress);
    together.sharing().receive_deals();
    compare(progress);
    for (const auto& pair : pairs_) pair->send_bits(pair->finish_compare());
    Counts sum{Elements(parameters_.bins, Element{0}), {}};
    for (const std::uint64_t flag : own_flags_) {
      if (parameters_.flags) sum.flagged.push_back(Element::of(flag));
    }
    for (const auto& pair : pairs_) {
      const Counts counts = pair->finish_counts();
      add(sum.held, counts.held);
      add(sum.flagged, counts.flagged);
    }

    progress(0.8, "counting over all banks");
    // The one opening of the slice: zero or random by the answer, to the requester alone.
    const std::vector<Elements> opened = together.open(sum);
    const bool zero_is_enough = parameters_.roots.enough == Enough::zero;
    const auto zero = [&](std::uint32_t bin) {
      return std::ranges::all_of(opened,
                                 [&](const Elements& one) { return one[bin] == Element{0}; });
    };
    return answer([&](std::uint32_t bin) { return zero(bin) == zero_is_enough; },
                  together.sharing().rounds());
  }

  template <typename Matches>
  PeerAnswer answer(Matches matches, std::uint64_t rounds) const {
    PeerAnswer out{{}, rounds_of_pair + rounds};
    for (std::size_t i = 0; i < rows_; ++i) out.rows.push_back(matches(shared_.bins.of_row[i]));
    return out;
  }

  static Salt fresh_salt() {
    Salt salt;
    random_bytes(salt);
    return salt;
  }

  Parties& parties_;
  const Parameters& parameters_;
  const Salt salt_ = fresh_salt();
  const RequesterShared shared_;
  const std::size_t rows_;
  Words own_flags_;
  std::vector<std::unique_ptr<RequesterPair>> pairs_;
};

PeerAnswer answer_requester(Parties& parties, const Parameters& parameters, const OwnTable& table,
                            const Progress& progress) {
  Channel& requester = parties.to(parameters.requester);
  std::optional<JointOpening> together;
  if (parameters.parties > 2) together.emplace(parties, parameters);
  progress(0.05, "keys with the requester");
  BankPair pair(requester, parties.self(), parameters);
  if (together) together->sharing().receive_keys_and_deal();
  if (together) together->sharing().receive_deals();

  progress(0.3, "comparing with the requester");
  const BinBits bits = pair.compare(table.identifiers, table.flagged);
  if (!together) {
    answer_of_two_banks(requester, pair.ots(), bits, parameters);
    return {{}, rounds_of_pair};
  }
  const Counts counts = pair.count(bits);
  progress(0.8, "counting over all banks");
  together->open(counts);  // opened to the requester alone: its one bit a row
  return {{}, rounds_of_pair + together->sharing().rounds()};
}

PeerAnswer match_slice(Parties& parties, const Parameters& parameters, const OwnTable& own,
                       const Progress& progress) {
  return parties.self() == parameters.requester
             ? Requester(parties, parameters, own).run(progress)
             : answer_requester(parties, parameters, own, progress);
}

/// Public; the requester draws it after all tables were fixed.
Salt agree_on_salt(Parties& parties, int requester) {
  Salt salt;
  if (parties.self() != requester) {
    parties.to(requester).receive(salt);
    return salt;
  }
  random_bytes(salt);
  for (int bank = 0; bank < parties.count(); ++bank) {
    if (bank != requester) parties.to(bank).send(salt);
  }
  return salt;
}

PeerAnswer match_slices(Parties& parties, const Parameters& parameters, const PeerTable& table,
                        const Progress& progress) {
  const int self = parties.self();
  const Slices slices(table, parameters.slices, agree_on_salt(parties, parameters.requester));
  PeerAnswer all{{}, 1};
  if (self == parameters.requester) all.rows.resize(table.identifiers.size());
  for (std::uint64_t k = 0; k < parameters.slices; ++k) {
    const auto before = static_cast<double>(k), count = static_cast<double>(parameters.slices);
    const PeerAnswer one = match_slice(
        parties, parameters, slices.table(k, parameters.bound_of(self)),
        [&](double done, std::string_view step) { progress((before + done) / count, step); });
    for (std::size_t i = 0; i < one.rows.size(); ++i) all.rows[slices.rows(k)[i]] = one.rows[i];
    all.rounds += one.rounds;
  }
  return all;
}

}  // namespace

PeerAnswer quorum_match_sliced(Parties& parties, const PeerMatch& match, const PeerTable& table,
                               const Progress& progress, const SliceSizes& sizes) {
  const Parameters parameters(parties.count(), match, sizes);
  const int self = parties.self();
  const PeerTable filled = filled_table(self, match, table);
  PeerAnswer answer =
      parameters.slices == 1
          ? match_slice(parties, parameters, OwnTable(filled.identifiers.size(), filled), progress)
          : match_slices(parties, parameters, filled, progress);
  if (self == match.requester) answer.rows.resize(table.identifiers.size());
  parties.flush();
  progress(1, "done");
  return answer;
}

PeerAnswer quorum_match(Parties& parties, const PeerMatch& match, const PeerTable& table,
                        const Progress& progress) {
  return quorum_match_sliced(parties, match, table, progress, {});
}

}  // namespace polder
