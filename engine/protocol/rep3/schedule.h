// How much work is under way at once: little where nodes are in a LAN, so that it stays in the
// cache; more the longer a message takes, so that the lines stay full.
#pragma once

#include <chrono>
#include <cstddef>

#include "net/mesh.h"

namespace polder::rep3 {

/// Batches of rows that go through a circuit's rounds.
struct Flight {
  std::size_t batches = 2;  // under way at once
  std::size_t starts = 2;  // of them in one turn: then the others are further on, with less to send
};

/// Depends on public figures only and is the same at the three nodes.
struct Schedule {
  std::size_t piece_words = 1 << 16;  // of a plain product that go in one frame
  std::size_t pieces_in_flight = 4;
  Flight blocks;                // of a column
  Flight inquiries;             // of open_order
  double rows_per_round = 200;  // Protocol::rows_per_round, of nodes side by side

  /// More batches are under way than the cache holds: their memory adds up.
  bool many_wait() const { return inquiries.batches > 2; }
};

/// What suits nodes whose messages take so long.
Schedule schedule_for(std::chrono::microseconds one_way);

/// Measures how long a message takes, the least of the means that the nodes see.  5 rounds, up to
/// 25 where it cannot be told from a busy machine's.
Schedule agree_on_schedule(Mesh& mesh);

}  // namespace polder::rep3
