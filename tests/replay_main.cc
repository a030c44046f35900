// polder_replay CASE record FOLDER: runs a case as three nodes and writes down what each received.
// polder_replay CASE ROLE FOLDER: runs it again as that node alone; under callgrind, the
// instructions of each part are written down (tests/instructions_test.py); under memcheck, whatever
// branches or addresses depend on shares or received bytes is named (tests/secrets_test.py).
//
// Cases: operators-ROWS, every operator once; NAME-ROWS, one that sorts; sorts-SHARING-VALID, all
// of those on alike rows of which so many of 8 are shared and valid; match-SHARING-FLAGGING, a
// match of alike scenarios in which so many of 8 rows are shared and flagged; bins-CLIENTS, a match
// in bins of banks that draw their clients from so many; matches-ROWS, a match and one in bins of
// banks that have so many rows in all; lookup-FOUND, a look-up of three questions of which so many
// are in the register; encrypt-MESSAGE, Paillier encryptions of that number; branch and index,
// which do what they must not. far-CASE: as nodes do that are 10 ms apart.
#include <fmt/format.h>
#include <valgrind/callgrind.h>
#include <valgrind/memcheck.h>

#include <fstream>

#include "base/error.h"
#include "crypto/paillier/paillier.h"
#include "match/delegated/lookup.h"
#include "match/paillier/trial_modulus.h"
#include "match/testing/alike_scenarios.h"
#include "ops/order/sorting_table_fixture.h"
#include "protocol/testing/recorded_run.h"

namespace polder {
namespace {

using namespace testing;

constexpr unsigned keys = 1;

/// Begins and ends what callgrind counts; without callgrind nothing happens.
class Counted {
 public:
  explicit Counted(std::string name) : name_(std::move(name)) {
    CALLGRIND_START_INSTRUMENTATION;
    CALLGRIND_ZERO_STATS;
  }
  ~Counted() {
    CALLGRIND_DUMP_STATS_AT(name_.c_str());
    CALLGRIND_STOP_INSTRUMENTATION;
  }

 private:
  const std::string name_;
};

/// For memcheck these words are undefined from now on, as is all that is computed from them.
void make_secret(std::span<const std::uint8_t> bytes) {
  VALGRIND_MAKE_MEM_UNDEFINED(bytes.data(), bytes.size());
}
template <typename ColumnType>
void make_secret(const ColumnType& column) {
  for (int c = 0; c < column.components(); ++c) make_secret(bytes_of(column.component(c)));
}

PlainOperands some_operands(std::size_t rows) {
  Values order(rows);
  std::iota(order.begin(), order.end(), 0);
  return {sample(rows, 64, 1), sample(rows, 64, 2), sample(rows, 1, 3), order};
}

Operands secret_operands(Party& party, const PlainOperands& plain) {
  const Operands operands(party, plain);
  for (const Arith* column : {&operands.x, &operands.y, &operands.order}) make_secret(*column);
  for (const Bits* column : {&operands.a, &operands.b, &operands.flag}) make_secret(*column);
  return operands;
}

void run_operators(Party& party, std::size_t rows) {
  const Operands operands = secret_operands(party, some_operands(rows));
  for (const OperatorRow& row : operator_table()) {
    const Counted counted(row.name);
    row.run(party.mpc(), operands);
  }
}

void run_sorting(Party& party, const OperatorRow& row, std::size_t rows) {
  const Operands operands = secret_operands(party, some_operands(rows));
  const Counted counted(row.name);
  row.run(party.mpc(), operands);
}

void run_sorts(Party& party, unsigned sharing, unsigned valid) {
  constexpr std::size_t rows = 300;  // enough for a sample
  const Operands operands =
      secret_operands(party, alike_operands(rows, sharing + valid, sharing, valid));
  const Counted counted("sorts");
  for (const OperatorRow& row : sorting_table()) row.run(party.mpc(), operands);
}

void run_match(Party& party, const std::vector<Bank>& banks) {
  auto parties = match_parties(party, banks, true, Identifiers::as_they_are);
  for (const MatchParty& each : parties) {
    make_secret(each.identifier);
    make_secret(each.flag);
  }
  const Counted counted("match");
  match(party.mpc(), alike_request(2, 1), std::move(parties), [](double, std::string_view) {});
}

void run_bins(Party& party, const std::vector<Bank>& banks) {
  const BinnedBanks binned = binned_banks(party, banks, 0, true);
  std::vector<const BinnedTable*> tables{&binned.requester};
  for (const BinnedTable& other : binned.others) tables.push_back(&other);
  for (const BinnedTable* table : tables) {
    make_secret(table->identifier);
    make_secret(table->flag);
  }
  const Counted counted("bins");
  match_for_one(party.mpc(), {.threshold = 2, .min_flags = 1, .recipients = {bank_name(0)}},
                binned.requester, binned.others, [](double, std::string_view) {});
}

void run_matches(Party& party, std::size_t rows) {
  const auto banks = random_banks(alike_banks, rows / alike_banks, 2 * rows / alike_banks, 1);
  run_match(party, banks);
  run_bins(party, banks);
}

void run_lookup(Party& party, unsigned found) {
  constexpr std::size_t rows = 100, queries = 3;
  const Values known = sample(2 * rows, 64, 1), reports = sample(2 * rows, 64, 2);
  Values asked;
  for (std::size_t i = 0; i < 2 * queries; ++i) {
    const std::size_t query = i / 2;
    asked.push_back(known[14 * query + i % 2] ^ (query < found ? 0 : 1));
  }
  const IncidentRegister incidents{.identifier = party.input_bits(known, rows, identifier_width),
                                   .report = party.input(reports)};
  const Bits query = party.input_bits(asked, queries, identifier_width);
  make_secret(incidents.identifier);
  make_secret(*incidents.report);
  make_secret(query);
  const Counted counted("lookup");
  look_up(party.mpc(), query, incidents, "asker", [](double, std::string_view) {});
}

void run_encrypt(std::uint64_t message) {
  const auto group = std::make_shared<const PaillierGroup>(trial_modulus(512));
  const PaillierKey key(group, {group->public_part(PaillierShare::random())});
  const Words messages(8, message);  // so few that one thread does it all
  make_secret(bytes_of(std::span<const std::uint64_t>(messages)));
  const Counted counted("encrypt");
  key.encrypt(messages.size(), messages);
}

/// The faults that memcheck must find.
void branch_on_secret(Party& party) {
  const Operands operands = secret_operands(party, some_operands(10));
  if (operands.x.component(0)[3] % 2 == 0) std::puts("even");
}
void index_by_secret(Party& party) {
  static const std::array<char, 2> letters{'a', 'b'};
  const Operands operands = secret_operands(party, some_operands(10));
  const volatile char* const begin = letters.data();
  [[maybe_unused]] const char letter = begin[operands.x.component(0)[3] % 2];
}

using Work = std::function<void(Party&)>;

Work work_of(const std::string& name) {
  unsigned first = 0, second = 0;
  if (std::sscanf(name.c_str(), "operators-%u", &first) == 1) {
    return [=](Party& party) { run_operators(party, first); };
  }
  for (const OperatorRow& row : sorting_table()) {
    if (std::sscanf(name.c_str(), (row.name + "-%u").c_str(), &first) == 1)
      return [=](Party& party) { run_sorting(party, row, first); };
  }
  if (std::sscanf(name.c_str(), "sorts-%u-%u", &first, &second) == 2) {
    return [=](Party& party) { run_sorts(party, first, second); };
  }
  if (std::sscanf(name.c_str(), "matches-%u", &first) == 1) {
    return [=](Party& party) { run_matches(party, first); };
  }
  if (std::sscanf(name.c_str(), "match-%u-%u", &first, &second) == 2) {
    return [=](Party& party) { run_match(party, alike_scenario(first + second, first, second)); };
  }
  if (std::sscanf(name.c_str(), "bins-%u", &first) == 1) {
    return [=](Party& party) { run_bins(party, random_banks(5, 60, first, first)); };
  }
  if (std::sscanf(name.c_str(), "lookup-%u", &first) == 1) {
    return [=](Party& party) { run_lookup(party, first); };
  }
  if (std::sscanf(name.c_str(), "encrypt-%u", &first) == 1) {
    return [=](Party&) { run_encrypt(first); };
  }
  if (name == "branch") return branch_on_secret;
  if (name == "index") return index_by_secret;
  fail(Code::bad_input, "there is no case '{}'", name);
}

std::string file_of(const std::string& folder, int role) {
  return fmt::format("{}/received.{}", folder, role);
}

void write_recordings(const Work& work, const rep3::Schedule& schedule, const std::string& folder) {
  const auto recordings = record(keys, Recording::Keep::bytes, work, schedule);
  for (int role = 0; role < 3; ++role) {
    const auto& bytes =
        recordings[static_cast<std::size_t>(role)].bytes(Recording::Direction::received);
    std::ofstream(file_of(folder, role), std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
  }
}

void replay_recording(const Work& work, const rep3::Schedule& schedule, const std::string& folder,
                      int role) {
  std::ifstream file(file_of(folder, role), std::ios::binary);
  const std::string content{std::istreambuf_iterator<char>(file), {}};
  make_secret(bytes_of(content));
  replay(keys, role, bytes_of(content), work, schedule);
}

void run(const std::string& name, const std::string& what, const std::string& folder) {
  const bool wan = name.starts_with("wan-");
  const Work work = work_of(wan ? name.substr(4) : name);
  const rep3::Schedule schedule = rep3::schedule_for(std::chrono::milliseconds(wan ? 10 : 0));
  if (what == "record") {
    write_recordings(work, schedule, folder);
  } else {
    replay_recording(work, schedule, folder, std::stoi(what));
  }
}

}  // namespace
}  // namespace polder

int main(int count, char** values) try {
  if (count != 4) polder::fail(polder::Code::bad_input, "polder_replay CASE record|ROLE FOLDER");
  polder::run(values[1], values[2], values[3]);
  return 0;
} catch (const std::exception& error) {
  fmt::print(stderr, "polder_replay: {}\n", error.what());
  return 1;
}
