// What the machine does today, measured between the operators: it drifts by a fifth and more.
#include <algorithm>
#include <array>

#include "bench/row.h"
#include "protocol/registry.h"

namespace polder::bench {
namespace {

constexpr std::size_t piece = 256 << 10, ahead = 4 * piece;  // of loopback_bytes

bool always_right(bool) { return true; }

/// One 64-bit word a row from memory to memory, at node 0 while the others sleep.
Job memory_copy(Node& node, std::size_t n) {
  const auto from = std::make_shared<Values>(n, 1), to = std::make_shared<Values>(n, 2);
  return job(
      [from, to, active = node.role() == 0] {
        if (active) std::ranges::copy(*from, to->begin());
        return true;
      },
      always_right);
}

/// One random word a row into a buffer in cache, at node 0 while the others sleep.
Job aes_stream(Node& node, std::size_t n) {
  const auto stream = std::make_shared<Stream>(Key::random());
  return job(
      [stream, n, active = node.role() == 0] {
        std::array<std::uint64_t, 2048> words;
        for (std::size_t done = 0; active && done < n; done += words.size()) stream->fill(words);
        return true;
      },
      always_right);
}

/// One byte a row from each node to the previous, in frames of 256 KB, four on their way.
Job loopback_bytes(Node& node, std::size_t n) {
  const auto out = std::make_shared<Bytes>(n, std::uint8_t{7}), in = std::make_shared<Bytes>(n);
  return job(
      [out, in, n, &mesh = node.mesh()] {
        const auto part = [&](Bytes& bytes, std::size_t from) {
          return std::span(bytes).subspan(from, std::min(piece, n - from));
        };
        for (std::size_t from = 0; from < n + ahead; from += piece) {
          if (from < n) mesh.prev().send(part(*out, from));
          if (from >= ahead && from - ahead < n) mesh.next().receive(part(*in, from - ahead));
        }
        return true;
      },
      [in](bool) { return std::ranges::all_of(*in, [](std::uint8_t byte) { return byte == 7; }); });
}

/// A row is a round of 64 bytes by the bare system calls, on TCP: the least that one can cost.
Job bare_round(Node& node, std::size_t n) {
  return job(
      [n, &node] {
        std::array<std::uint64_t, 8> out{}, in{};
        for (std::size_t i = 0; i < n; ++i) {
          node.bare().pass(node.role(), bytes_of(std::span<const std::uint64_t>(out)),
                           bytes_of(std::span<std::uint64_t>(in)));
        }
        return true;
      },
      always_right);
}

/// A row is a round: 64 bytes to the previous node, 64 from the next.
Job one_round(Node& node, std::size_t n) {
  Job rounds = job(
      [n, &mesh = node.mesh()] {
        std::array<std::uint64_t, 8> out{}, in{};
        for (std::size_t i = 0; i < n; ++i) {
          exchange(mesh.prev(), std::span<const std::uint64_t>(out), mesh.next(), std::span(in));
        }
        return true;
      },
      always_right);
  rounds.rounds = n;
  return rounds;
}

}  // namespace

std::vector<Row> calibration() {
  using enum Row::Size;
  using enum Row::Connections;
  return {{"memory_copy", "calibration", 1 << 23, memory_copy, fixed, unused},
          {"aes_stream", "calibration", 1 << 23, aes_stream, fixed, unused},
          {"bare_round", "calibration", 1000, bare_round, fixed, unused},
          {"loopback_bytes", "calibration", 1 << 23, loopback_bytes, fixed},
          {"one_round", "calibration", 1000, one_round, fixed}};
}

}  // namespace polder::bench
