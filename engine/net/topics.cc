#include "net/topics.h"

#include <algorithm>

#include "crypto/hash.h"

namespace polder {

std::vector<std::uint8_t> digests_of(const std::vector<Topic>& topics, std::string_view session) {
  std::vector<std::uint8_t> frame;
  for (const Topic& topic : topics) {
    const Digest256 digest =
        Hasher<32>().add("polder agreement v1\n").add(session).add("\n").add(topic.text).finish();
    frame.insert(frame.end(), digest.begin(), digest.end());
  }
  return frame;
}

void compare_digests(const std::vector<Topic>& topics, std::span<const std::uint8_t> own,
                     std::span<const std::uint8_t> other, std::string_view peer) {
  require(own.size() == topics.size() * sizeof(Digest256) && own.size() == other.size(),
          "one digest a topic");
  for (std::size_t i = 0; i < topics.size(); ++i) {
    const auto of = [&](auto frame) { return frame.subspan(i * sizeof(Digest256), 32); };
    if (std::ranges::equal(of(own), of(other))) continue;
    fail(Code::forbidden, "session: {} differs between here and {}; nothing was run",
         topics[i].name, peer);
  }
}

}  // namespace polder
