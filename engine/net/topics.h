// Texts that all ends of a session must have alike before it starts. Only their hashes travel, one
// a topic, so that a difference can be named.
#pragma once

#include <string>
#include <vector>

#include "net/channel.h"

namespace polder {

struct Topic {
  std::string_view name;  // for messages: "the plan"
  std::string text;
};

/// What is sent to the others: 32 bytes a topic, bound to the session (its id in hex).
std::vector<std::uint8_t> digests_of(const std::vector<Topic>& topics, std::string_view session);

/// Throws Error forbidden naming the first topic whose digest at `peer` is not ours.
void compare_digests(const std::vector<Topic>& topics, std::span<const std::uint8_t> own,
                     std::span<const std::uint8_t> other, std::string_view peer);

}  // namespace polder
