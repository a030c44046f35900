#include "protocol/testing/recorded_run.h"

#include "net/testing/memory_channel.h"
#include "net/testing/replaying_channel.h"
#include "protocol/rep3/rep3.h"
#include "protocol/testing/rep3_party.h"

namespace polder::testing {
namespace {

Key numbered_key(unsigned number, std::uint8_t purpose) {
  return fixed_key(purpose).derive(std::to_string(number));
}

/// A party of rep3 over these lines.
Rep3Party party_with_keys(unsigned keys, Mesh& mesh, const rep3::Schedule& schedule) {
  const auto pair_key = [&](int holder) {
    return numbered_key(keys, static_cast<std::uint8_t>(10 + holder));
  };
  return Rep3Party(mesh.role(), {fixed_key(1), fixed_key(2)},
                   [&](Outbox& outbox) -> std::unique_ptr<Protocol> {
                     auto mpc = std::make_unique<Rep3>(mesh, pair_key(mesh.role()),
                                                       pair_key(next_role(mesh.role())), outbox);
                     mpc->set_schedule(schedule);
                     return mpc;
                   });
}

}  // namespace

std::array<Recording, 3> record(unsigned keys, Recording::Keep keep,
                                const std::function<void(Party&)>& work,
                                const rep3::Schedule& schedule) {
  std::array<Recording, 3> recordings{Recording(keep), Recording(keep), Recording(keep)};
  run_parties([&](Mesh& mesh) {
    Recording& recording = recordings[static_cast<std::size_t>(mesh.role())];
    RecordingChannel next(mesh.next(), "next", recording), prev(mesh.prev(), "prev", recording);
    Mesh recorded(mesh.role(), next, prev);
    Rep3Party party = party_with_keys(keys, recorded, schedule);
    work(party);
  });
  return recordings;
}

void run_at_distance(const rep3::Schedule& schedule, const std::function<void(Party&)>& work) {
  run_parties([&](Mesh& mesh) {
    Rep3Party party = party_with_keys(1, mesh, schedule);
    work(party);
  });
}

void replay(unsigned keys, int role, std::span<const std::uint8_t> received,
            const std::function<void(Party&)>& work, const rep3::Schedule& schedule,
            Recording* watch) {
  ReplayingChannel next(received), prev(received);
  Recording unseen;
  Recording& recording = watch == nullptr ? unseen : *watch;
  RecordingChannel watched_next(next, "next", recording), watched_prev(prev, "prev", recording);
  Mesh alone(role, next, prev), watched(role, watched_next, watched_prev);
  Rep3Party party = party_with_keys(keys, watch == nullptr ? alone : watched, schedule);
  work(party);
}

}  // namespace polder::testing
