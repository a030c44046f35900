#include "net/testing/faulty_channel.h"

#include <thread>

namespace polder {

void FaultyChannel::send(std::span<const std::uint8_t> payload) {
  const Bytes copy(payload.begin(), payload.end());
  if (frames_++ == options_.at_frame) {
    send_wrong(copy);
  } else {
    inner_.send(payload);
  }
  last_ = copy;
}

void FaultyChannel::send_wrong(Bytes payload) {
  switch (options_.fault) {
    case Fault::skip:
      return;
    case Fault::flip:
      if (!payload.empty()) payload[payload.size() / 2] ^= 1;
      break;
    case Fault::replay: {
      const std::size_t size = payload.size();
      payload = last_;
      payload.resize(size, 0);
      break;
    }
    case Fault::shorten:
      if (payload.empty()) return;
      payload.pop_back();
      break;
    case Fault::lengthen:
      payload.push_back(0);
      break;
    case Fault::delay:
      std::this_thread::sleep_for(options_.delay);
      break;
    case Fault::hang_up:
      fail(Code::peer_lost, "a test made this node's connection break at frame {}",
           options_.at_frame);
  }
  inner_.send(payload);
}

}  // namespace polder
