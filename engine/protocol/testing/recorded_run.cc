#include "protocol/testing/recorded_run.h"

#include "net/memory_channel.h"
#include "protocol/rep3/rep3.h"
#include "protocol/testing/rep3_party.h"

namespace polder::testing {
namespace {

Key numbered_key(unsigned number, std::uint8_t purpose) {
  return fixed_key(purpose).derive(std::to_string(number));
}

}  // namespace

std::array<Recording, 3> record(unsigned keys, Recording::Keep keep,
                                const std::function<void(Party&)>& work) {
  std::array<Recording, 3> recordings{Recording(keep), Recording(keep), Recording(keep)};
  run_parties([&](Mesh& mesh) {
    Recording& recording = recordings[static_cast<std::size_t>(mesh.role())];
    RecordingChannel next(mesh.next(), "next", recording), prev(mesh.prev(), "prev", recording);
    Mesh recorded(mesh.role(), next, prev);
    const auto pair_key = [&](int holder) {
      return numbered_key(keys, static_cast<std::uint8_t>(10 + holder));
    };
    Rep3Party party(mesh.role(), {fixed_key(1), fixed_key(2)},
                    [&](Outbox& outbox) -> std::unique_ptr<Protocol> {
                      return std::make_unique<Rep3>(recorded, pair_key(mesh.role()),
                                                    pair_key(next_role(mesh.role())), outbox);
                    });
    work(party);
  });
  return recordings;
}

}  // namespace polder::testing
