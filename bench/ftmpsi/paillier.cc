// Threshold Paillier: what is too long to measure is modelled from what was measured beside it.
#include <algorithm>
#include <atomic>
#include <cmath>

#include "bench/ftmpsi/peer_runs.h"
#include "bench/ftmpsi/stopwatch.h"
#include "match/paillier/joint_modulus.h"
#include "match/paillier/paillier_match.h"
#include "match/paillier/trial_modulus.h"

namespace polder::bench {
namespace {

int key_bits(Method method) { return method == Method::paillier_3072 ? 3072 : 2048; }

// Of a pair of numbers to become a key: docs/protocols/paillier.md. Longer ones are primes less
// often, each by the ratio of their lengths.
double key_probability(int bits) { return 2048.0 * 2048 / bits / bits / 7600; }

constexpr std::size_t min_measured = 2, measured_batches = 2;

Figures measure_match(Method method, const MatchSizes& sizes) {
  const bool errs = method == Method::paillier_published;
  const PaillierTrial trial{.modulus = trial_modulus(key_bits(method)),
                            .error = errs ? BloomError::published : BloomError::whole_run};
  const Figures figures =
      PeerRuns(sizes).run({}, [&](Parties& own, const PeerMatch& match, const PeerTable& table) {
        return paillier_match_trial(trial, own, match, table, [](double, std::string_view) {});
      });
  expect_right(errs || figures.wrong_rows == 0);
  return figures;
}

struct Measured {
  double items;
  Figures figures;
};

/// The straight line through two sizes: all work but packing is a row's, a bank's or a run's. Time
/// goes with the work, as at the larger size: alone it would not lie on a connection if others
/// computed.
Figures connection_through(const Measured& a, const Measured& b, double items) {
  const auto at = [&](double Figures::*field) {
    const double slope = (b.figures.*field - a.figures.*field) / (b.items - a.items);
    return b.figures.*field + slope * (items - b.items);
  };
  const double cpu_seconds = at(&Figures::cpu_seconds);
  return {.seconds = cpu_seconds * b.figures.seconds / b.figures.cpu_seconds,
          .cpu_seconds = cpu_seconds,
          .bytes = at(&Figures::bytes),
          .rounds = b.figures.rounds,
          .from = Figures::From::modelled};
}

/// The search for a key at its leader, from the start of its second batch on: what comes before it
/// is done once.
class Search {
 public:
  Search(std::size_t banks, int bits)
      : banks_(banks),
        bits_(bits),
        roles_(JointRoles::among(0, static_cast<int>(std::max<std::size_t>(2, (banks + 1) / 2)),
                                 static_cast<int>(banks))) {}

  /// Of one batch of candidates; nothing if a key was found too early.
  std::optional<Figures> measure_batch() {
    MemoryParties parties = parties_at(banks_, {});
    std::atomic<std::uint64_t> bytes = 0;
    std::optional<Figures> all;
    try {
      run_parties(parties, [&](Parties& own) {
        std::size_t batches = 0;
        std::uint64_t sent = 0;
        std::optional<Stopwatch> watch;
        const auto each_batch = [&](double, std::string_view) {
          if (batches++ == 1) watch.emplace(), sent = own.traffic().bytes_sent;
          if (batches <= measured_batches + 1) return;
          if (own.self() == roles_.leader()) all = {watch->seconds(), watch->cpu_seconds()};
          fail(Code::cancelled, "enough was measured");
        };
        try {
          joint_modulus(own, roles_, bits_, each_batch);
        } catch (const Error&) {  // its own, or another's that stopped a moment earlier
          bytes += own.traffic().bytes_sent - sent;
          throw;
        }
      });
    } catch (const Error& error) {
      if (error.code() != Code::cancelled) throw;
    }
    if (!all) return std::nullopt;
    return Figures{.seconds = all->seconds / measured_batches,
                   .cpu_seconds = all->cpu_seconds / measured_batches,
                   .bytes = static_cast<double>(bytes) / measured_batches,
                   .rounds = static_cast<double>(key_rounds_per_batch),
                   .from = Figures::From::modelled};
  }

 private:
  std::size_t banks_;
  int bits_;
  JointRoles roles_;
};

/// A batch, as many times as it takes on average.
Figures model_key(std::size_t banks, int bits) {
  std::optional<Figures> batch;
  while (!batch) batch = Search(banks, bits).measure_batch();
  const double none_passes = std::pow(1 - key_probability(bits), key_candidates_at_once);
  const double batches = 1 / (1 - none_passes);
  return {.seconds = batch->seconds * batches,
          .cpu_seconds = batch->cpu_seconds * batches,
          .bytes = batch->bytes * batches,
          .rounds = batch->rounds * batches + static_cast<double>(key_rounds_at_the_end),
          .from = Figures::From::modelled};
}

}  // namespace

PaillierFigures measure_paillier(Method method, std::vector<MatchSizes> cells,
                                 const Distances& distances, double budget,
                                 const Announce& announce) {
  std::ranges::sort(cells, {}, &MatchSizes::items);
  PaillierFigures all{.matches = {},
                      .key = with_waiting(model_key(cells[0].banks, key_bits(method)), distances)};
  std::vector<Measured> measured;
  for (const MatchSizes& sizes : cells) {
    announce({method, sizes});
    const auto items = static_cast<double>(sizes.items);
    std::optional<Figures> model;
    if (measured.size() >= min_measured) {
      model = connection_through(measured[measured.size() - 2], measured.back(), items);
    }
    Figures figures;
    if (model && model->cpu_seconds > budget) {
      figures = *model;
    } else {
      figures = measure_match(method, sizes);
      measured.push_back({items, figures});
      if (model) {
        const double error = std::abs(model->cpu_seconds / figures.cpu_seconds - 1);
        all.model_error = std::max(all.model_error, error);
      }
    }
    all.matches.push_back({{method, sizes}, with_waiting(figures, distances)});
  }
  return all;
}

}  // namespace polder::bench
