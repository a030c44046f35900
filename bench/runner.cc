#include "bench/runner.h"

#include <malloc.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <ctime>
#include <numeric>

#include "bench/identity.h"
#include "net/testing/direct_ring.h"

namespace polder::bench {
namespace {

/// The pool counts blocks of 64 KiB and more: with fewer bytes than this a ratio says nothing.
constexpr std::uint64_t min_counted = 1 << 20;

/// A row over one kind of connection.
struct Cell {
  const Row* row;
  std::size_t n;
  bool tls;
};

/// One node's turn of one cell.
struct Sample {
  std::int64_t start_ns = 0, end_ns = 0;
  std::int64_t cpu_ns = 0;  // of this process, in user and system mode
  std::uint64_t bytes_sent = 0, rounds = 0, peak_bytes = 0, share_bytes = 0;
};
using Turn = std::array<Sample, 3>;

/// Where the processes leave their samples for the first one: memory that all of them see.
class Board {
 public:
  Board(std::size_t cells, std::size_t turns)
      : turns_(turns), bytes_(cells * turns * sizeof(Turn)) {
    void* memory = mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) fail(Code::busy, "bench: no memory for the samples");
    first_ = static_cast<Turn*>(memory);
  }
  Board(const Board&) = delete;
  ~Board() { munmap(first_, bytes_); }

  std::span<Turn> turns(std::size_t cell) { return {first_ + cell * turns_, turns_}; }

 private:
  std::size_t turns_, bytes_;
  Turn* first_;
};

std::vector<Cell> cells_of(const std::vector<Row>& rows, const Options& options) {
  std::vector<Cell> cells;
  for (const Row& row : rows) {
    const bool on_connections = row.connections == Row::Connections::used;
    if (options.delay && on_connections && row.group == "calibration")
      continue;  // not the machine's
    const std::size_t n = row.size == Row::Size::any ? options.n.value_or(row.n) : row.n;
    const std::size_t kinds = on_connections ? options.tls.size() : 1;
    for (std::size_t i = 0; i < kinds; ++i) cells.push_back({&row, n, options.tls[i]});
  }
  return cells;
}

int repeats(const Options& options) { return options.repeats.value_or(7); }

std::int64_t now_ns() { return Clock::now().time_since_epoch().count(); }

std::int64_t cpu_ns() {
  timespec used{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return std::int64_t{used.tv_sec} * 1'000'000'000 + used.tv_nsec;
}

Sample timed(Node& node, const Job& job, std::size_t used_before) {
  reset_pool_peak();
  node.meet();
  const std::size_t inputs = pool_use().in_use_bytes - used_before;
  const Costs before = node.mpc().costs();
  Sample sample;
  sample.cpu_ns = -cpu_ns();
  sample.start_ns = now_ns();
  job.run();
  sample.end_ns = now_ns();
  sample.cpu_ns += cpu_ns();
  const Costs after = node.mpc().costs();
  sample.bytes_sent = after.bytes_sent - before.bytes_sent;
  sample.rounds = after.rounds - before.rounds + job.rounds;
  sample.peak_bytes = pool_use().peak_bytes - used_before;
  const std::size_t left = pool_use().in_use_bytes - used_before;
  sample.share_bytes = left + (job.inputs == Job::Inputs::consumed ? inputs : 0);
  return sample;
}

Sample turn(Node& node, const Cell& cell) try {
  const std::size_t used_before = pool_use().in_use_bytes;
  const Job job = cell.row->prepare(node, cell.n);
  const Sample sample = timed(node, job, used_before);
  job.verify();
  node.mesh().flush();  // the next turn may be on other connections, which would not push these
  return sample;
} catch (const Error& error) {
  fail(error.code(), "{}: {}", cell.row->name, error.what());
}

/// What the processes need to find each other, made before they part.
struct Meeting {
  Meeting(std::size_t rings, std::size_t lanes) : lanes_per_ring(lanes) {
    for (std::size_t i = 0; i < rings * lanes; ++i) {
      for (Socket& socket : listeners.emplace_back()) socket = listen_on({"127.0.0.1", 0});
    }
  }
  Socket& listener(std::size_t ring, std::size_t lane, int role) {
    return listeners[ring * lanes_per_ring + lane][static_cast<std::size_t>(role)];
  }

  std::size_t lanes_per_ring;
  std::vector<std::array<Socket, 3>> listeners;
  const Identities identities = make_identities();
  const BareRing bare;
};

/// A lane's connections, slowed down.
struct SlowConnections {
  SlowConnections(DirectRing& connections, Uplink& uplink)
      : next(connections.mesh().next(), uplink, connections.pump()),
        prev(connections.mesh().prev(), uplink, connections.pump()),
        mesh(connections.mesh().role(), next, prev) {}

  DelayingChannel next, prev;
  Mesh mesh;
};

/// Which of a run's rings, and whose place in it.
struct Place {
  std::size_t ring, lane;
  int role;
};

/// A node's connections of one kind, for one lane.
struct LaneConnections {
  LaneConnections(Meeting& meeting, Place place, const TlsContext* tls, Uplink* uplink,
                  CancellationToken& cancellation)
      : connections({.role = place.role,
                     .session = {static_cast<std::uint8_t>(place.ring),
                                 static_cast<std::uint8_t>(place.lane)},
                     .listener = std::move(meeting.listener(place.ring, place.lane, place.role)),
                     .next = {"127.0.0.1", local_port(meeting.listener(place.ring, place.lane,
                                                                       next_role(place.role)))},
                     .tls = tls},
                    cancellation),
        slow(uplink ? std::make_unique<SlowConnections>(connections, *uplink) : nullptr) {}

  Mesh& mesh() { return slow ? slow->mesh : connections.mesh(); }

  DirectRing connections;
  std::unique_ptr<SlowConnections> slow;
};

/// A node's connections of one kind.
struct Ring {
  Ring(Meeting& meeting, std::size_t ring, bool tls, int role, const Options& options,
       CancellationToken& cancellation)
      : context(tls_options(meeting.identities, role)),
        uplink(options.delay ? std::make_unique<Uplink>(*options.delay) : nullptr) {
    std::vector<Mesh*> meshes;
    for (std::size_t lane = 0; lane < options.lanes; ++lane) {
      lanes.push_back(std::make_unique<LaneConnections>(
          meeting, Place{ring, lane, role}, tls ? &context : nullptr, uplink.get(), cancellation));
      meshes.push_back(&lanes.back()->mesh());
    }
    node = std::make_unique<Node>(meshes, meeting.bare);
  }

  TlsContext context;
  std::unique_ptr<Uplink> uplink;  // of all lanes together
  std::vector<std::unique_ptr<LaneConnections>> lanes;
  std::unique_ptr<Node> node;
};

/// What one process does.
void be_node(int role, const std::vector<Cell>& cells, const Options& options, Meeting& meeting,
             Board& board) {
  mallopt(M_MMAP_THRESHOLD, 1 << 30);  // plain values are made for every turn: keep their pages
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
  CancellationToken cancellation({.silence = std::chrono::minutes(10)});
  std::vector<std::unique_ptr<Ring>> rings(2);  // bare, TLS
  for (std::size_t i = 0; i < options.tls.size(); ++i) {
    rings[options.tls[i]] =
        std::make_unique<Ring>(meeting, i, options.tls[i], role, options, cancellation);
  }
  for (int repeat = 0; repeat <= repeats(options); ++repeat) {
    for (std::size_t c = 0; c < cells.size(); ++c) {
      board.turns(c)[static_cast<std::size_t>(repeat)][static_cast<std::size_t>(role)] =
          turn(*rings[cells[c].tls]->node, cells[c]);
    }
  }
}

/// A process of its own for node `role`; it ends with this one.
template <typename Work>
pid_t start_node(int role, Work work) {
  const pid_t process = fork();
  if (process < 0) fail(Code::busy, "bench: cannot start a process");
  if (process > 0) return process;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  try {
    work();
    _exit(0);
  } catch (const std::exception& error) {
    fmt::print(stderr, "node {}: {}\n", role, error.what());
    _exit(1);
  }
}

bool ended_well(pid_t process) {
  int status = 0;
  return waitpid(process, &status, 0) == process && status == 0;
}

double seconds(const Turn& turn) {
  const auto start = std::ranges::min(turn, {}, &Sample::start_ns).start_ns;
  const auto end = std::ranges::max(turn, {}, &Sample::end_ns).end_ns;
  return static_cast<double>(end - start) * 1e-9;
}

double cpu_seconds(const Turn& turn) {
  std::int64_t total = 0;
  for (const Sample& sample : turn) total += sample.cpu_ns;
  return static_cast<double>(total) * 1e-9;
}

Result reduced(const Cell& cell, std::span<const Turn> turns) {
  Result result;
  result.name = cell.row->name;
  result.group = cell.row->group;
  result.n = cell.n;
  result.tls = cell.tls;
  const std::span<const Turn> warm = turns.size() == 1 ? turns : turns.subspan(1);
  for (const Turn& turn : warm) {
    result.seconds.push_back(seconds(turn));
    result.cpu_seconds.push_back(cpu_seconds(turn));
  }

  const Turn& last = warm.back();
  std::uint64_t bytes = 0;
  for (const Sample& sample : last) bytes += sample.bytes_sent;
  result.bytes_per_row = static_cast<double>(bytes) / 3 / static_cast<double>(cell.n);
  result.rounds = std::ranges::max(last, {}, &Sample::rounds).rounds;
  const Sample& largest = std::ranges::max(last, {}, &Sample::peak_bytes);
  result.peak_mb = static_cast<double>(largest.peak_bytes) / 1e6;
  if (largest.share_bytes >= min_counted)
    result.shares_mb = static_cast<double>(largest.share_bytes) / 1e6;
  return result;
}

}  // namespace

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return (values[values.size() / 2] + values[(values.size() - 1) / 2]) / 2;
}

std::vector<Result> run(const std::vector<Row>& rows, const Options& options) {
  const std::vector<Cell> cells = cells_of(rows, options);
  Board board(cells.size(), static_cast<std::size_t>(repeats(options)) + 1);
  Meeting meeting(options.tls.size(), options.lanes);

  std::array<pid_t, 3> processes;
  for (int role = 0; role < 3; ++role) {
    processes[static_cast<std::size_t>(role)] =
        start_node(role, [&] { be_node(role, cells, options, meeting, board); });
  }
  const auto good = std::ranges::count_if(processes, ended_well);
  if (good != 3) fail(Code::internal, "{} of the three nodes failed", 3 - good);

  std::vector<Result> results;
  for (std::size_t c = 0; c < cells.size(); ++c) {
    results.push_back(reduced(cells[c], board.turns(c)));
  }
  return results;
}

}  // namespace polder::bench
