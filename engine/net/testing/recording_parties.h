// All connections of one party, recorded.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "net/parties.h"
#include "net/testing/recording_channel.h"

namespace polder {

/// Notes into `recording` what passes on any of the party's connections, each by its peer's number.
class RecordingParties {
 public:
  RecordingParties(Parties& inner, Recording& recording)
      : parties_(inner.self(), connections(inner, recording)) {}

  Parties& parties() { return parties_; }

 private:
  std::vector<Channel*> connections(Parties& inner, Recording& recording) {
    std::vector<Channel*> all;
    for (int peer = 0; peer < inner.count(); ++peer) {
      all.push_back(nullptr);
      if (peer == inner.self()) continue;
      recorded_.push_back(
          std::make_unique<RecordingChannel>(inner.to(peer), std::to_string(peer), recording));
      all.back() = recorded_.back().get();
    }
    return all;
  }

  std::vector<std::unique_ptr<RecordingChannel>> recorded_;
  Parties parties_;
};

}  // namespace polder
