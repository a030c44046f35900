// What the ends of a line between nodes tell each other outside sessions:
//   dialler: hello (its network)   acceptor: welcome (the line is free; again after each session)
//   dialler: bind (the session that takes the line)   then the session's frames, then welcome
//   again. Instead of bind: ask (the dialler proposes a session), then what the two agreed to say;
//   beat (this end lives and is still in that session), over (its part ended well).
#pragma once

#include <optional>

#include "net/frame.h"
#include "net/transport.h"

namespace polder {

/// The id of a network: the first half of a hash of network.json.
using NetworkId = std::array<std::uint8_t, 16>;

enum class NoteKind : std::uint8_t {
  hello = 1,
  welcome = 2,
  bind = 3,
  ask = 4,
  beat = 5,
  over = 6
};

struct Note {
  NoteKind kind;
  std::array<std::uint8_t, 16> id;  // of the network (hello, welcome) or the session (bind)
};

struct Ends {
  Ends(std::uint8_t of_self, std::uint8_t of_peer, std::string name = {})
      : self(of_self), peer(of_peer), peer_name(std::move(name)) {}

  std::uint8_t self;
  std::uint8_t peer;
  std::string peer_name;  // for messages; empty: "node 1"

  std::string shown() const { return shown_peer(peer, peer_name); }
};

/// Sends a note; false if the line is broken or full (a line on which notes go is idle).
bool send_note(Transport& line, const Ends& ends, const Note& note);

/// What notes are bound to: no session.
Binding unbound(const Ends& ends);

/// Tells the peer of a line that no channel serves why it is closed, best effort.
void send_refusal(Transport& line, const Binding& binding, Code code,
                  std::string_view why) noexcept;

/// Collects one note as it arrives.
class NoteReader {
 public:
  /// The note once it is whole, else nothing yet.  Throws Error peer_lost (the line ended),
  /// cheating (something else came), peer_aborted (the peer says why not).
  std::optional<Note> read(Transport& line, const Ends& ends);
  /// The same where only one kind is due.
  std::optional<Note> read(Transport& line, const Ends& ends, NoteKind due);

 private:
  static constexpr std::size_t payload_bytes = 32;
  friend bool send_note(Transport& line, const Ends& ends, const Note& note);

  void fill(Transport& line, const Ends& ends, std::size_t bytes);

  std::array<std::uint8_t, header_bytes + max_abort_bytes> bytes_;
  std::size_t done_ = 0;
};

/// Throws Error cheating unless the note is of the kind that is due.
void check_kind(const Note& note, NoteKind due, const Ends& ends);

/// Throws Error forbidden, naming both, unless the peer's network is ours.
void check_network(const NetworkId& ours, const Note& note, const Ends& ends);

}  // namespace polder
