#include "node/session/agreement.h"

#include <algorithm>

#include "base/error.h"
#include "base/version.h"
#include "crypto/hash.h"
#include "crypto/random.h"
#include "net/topics.h"

namespace polder {
namespace {

using Frame = std::vector<std::uint8_t>;

std::string lines(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) all += text + "\n";
  return all;
}

std::vector<Topic> topics_of(const Terms& terms) {
  return {{"the plan", terms.plan},
          {"the one who asks", terms.requester},
          {"the tables", lines(terms.handles)},
          {"the protocol", terms.protocol},
          {"the version of Polder", std::string(version)}};
}

Frame received(Channel& from, std::size_t bytes) {
  Frame frame(bytes);
  from.receive(frame);
  return frame;
}

/// What a node says of lanes: how many it would have, and its part of their name.
Frame lanes_from(Channel& peer, int role) {
  Frame said = received(peer, 1 + sizeof(SessionId));
  if (said[0] >= 1 && said[0] <= max_lanes) return said;
  fail(Code::cheating, "session: node {} says that it has {} lanes, where 1 to {} are possible",
       role, said[0], max_lanes);
}

constexpr std::uint8_t wait = 0, go = 1;

/// The turn of this node: says every half second that it still waits, so that a broken connection
/// or an abort is noticed.
void take_turn(Mesh& mesh, Admission::Ticket& ticket) {
  std::uint8_t said = wait;
  while (said == wait) {
    said = ticket.wait_for(std::chrono::milliseconds(500)) ? go : wait;
    mesh.next().send({&said, 1});
    mesh.prev().send({&said, 1});
    received(mesh.next(), 1);
    received(mesh.prev(), 1);
  }
}

void watch_turn(Channel& of) {
  std::uint8_t heard = wait;
  while (heard != go) {
    of.receive({&heard, 1});
    of.send({&heard, 1});
  }
}

}  // namespace

void agree(Mesh& mesh, const Terms& terms) {
  const std::vector<Topic> topics = topics_of(terms);
  const Frame own = digests_of(topics, terms.session);
  mesh.next().send(own);
  mesh.prev().send(own);
  const Frame next = received(mesh.next(), own.size());
  const Frame prev = received(mesh.prev(), own.size());
  compare_digests(topics, own, next, fmt::format("node {}", next_role(mesh.role())));
  compare_digests(topics, own, prev, fmt::format("node {}", prev_role(mesh.role())));
}

LaneTerms agree_on_lanes(Mesh& mesh, std::uint8_t own) {
  std::array<Frame, 3> said;
  const auto of = [&](int role) -> Frame& { return said[static_cast<std::size_t>(role)]; };
  const int next = next_role(mesh.role()), prev = prev_role(mesh.role());
  of(mesh.role()) = Frame(1 + sizeof(SessionId), own);
  random_bytes(std::span(of(mesh.role())).subspan(1));
  mesh.next().send(of(mesh.role()));
  mesh.prev().send(of(mesh.role()));
  of(next) = lanes_from(mesh.next(), next);
  of(prev) = lanes_from(mesh.prev(), prev);

  Hasher<16> base;
  LaneTerms terms{max_lanes, {}};
  for (const Frame& frame : said) {
    terms.count = std::min(terms.count, frame[0]);
    base.add(frame);
  }
  terms.base = base.finish();
  return terms;
}

void admit(Mesh& mesh, Admission::Ticket& ticket) {
  for (int turn = 0; turn < 3; ++turn) {
    if (turn == mesh.role()) {
      take_turn(mesh, ticket);
    } else {
      watch_turn(turn == next_role(mesh.role()) ? mesh.next() : mesh.prev());
    }
  }
}

void finish_together(Mesh& mesh) {
  const std::uint8_t word = go;
  mesh.next().send({&word, 1});
  mesh.prev().send({&word, 1});
  received(mesh.next(), 1);
  received(mesh.prev(), 1);
}

}  // namespace polder
