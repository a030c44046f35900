#include "protocol/rep3/lanes.h"

#include <string>

#include "base/error.h"

namespace polder::rep3 {
namespace {

Key lane_key(const Key& key, std::size_t lane) {
  return key.derive("lane " + std::to_string(lane));
}

}  // namespace

Lanes::Lanes(std::span<Mesh* const> meshes, const Key& own, const Key& next)
    : workers_(meshes.size()) {
  for (std::size_t lane = 0; lane < meshes.size(); ++lane) {
    require(meshes[lane]->role() == meshes[0]->role(), "lanes of two different nodes");
    parties_.push_back(
        std::make_unique<Party>(*meshes[lane], lane_key(own, lane), lane_key(next, lane)));
  }
}

void Lanes::set_schedule(const Schedule& schedule) {
  for (const auto& party : parties_) party->schedule() = schedule;
}

void Lanes::draw_shares(std::span<std::uint64_t> first, std::span<std::uint64_t> second) {
  split_rows(first.size(), [&](Party& party, Range words) {
    party.own().share.fill(first.subspan(words.first, words.count));
    party.next().share.fill(second.subspan(words.first, words.count));
  });
}

Costs Lanes::costs() const {
  std::uint64_t bytes = 0;
  for (const auto& party : parties_) bytes += party->bytes_sent();
  return {rounds_, bytes};
}

}  // namespace polder::rep3
