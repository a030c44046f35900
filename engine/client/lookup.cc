#include "client/lookup.h"

#include <algorithm>
#include <cstring>

#include "base/error.h"
#include "base/json.h"
#include "base/wall_clock.h"
#include "client/files/header.h"
#include "client/files/prepared_table.h"
#include "client/files/text.h"
#include "client/identifiers/fold.h"
#include "client/learned.h"
#include "client/nodes/network_file.h"
#include "client/nodes/result.h"
#include "client/nodes/rule_options.h"
#include "client/nodes/tables.h"
#include "client/nodes/upload.h"
#include "client/queries.h"
#include "match/delegated/lookup.h"

namespace polder {
namespace {

namespace fs = std::filesystem;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// For each column of the register's key, which cell of a query it is.
std::vector<std::size_t> asked_order(const QueryForm& form) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < form.key.size(); ++i) {
    const KeyColumn& column = form.key[i];
    const auto asked = std::ranges::find_if(form.written, [&](const std::string& item) {
      return key_column_in(item, column.kind) == column;
    });
    if (!form.written.empty() && asked == form.written.end()) break;
    order.push_back(form.written.empty() ? i
                                         : static_cast<std::size_t>(asked - form.written.begin()));
  }
  if (order.size() == form.key.size() &&
      (form.written.empty() || form.written.size() == form.key.size()))
    return order;
  fail(
      Code::bad_schema,
      "the register's key is {}; name these columns in the order in which you write them, or leave "
      "--id out",
      shown(form.key));
}

struct QueryAt {
  std::size_t number;  // from 1
  const QueryForm& form;
};

/// Throws Error bad_input naming the identifier by its number, and its part.
void take_query(KeyForm& key, std::span<const std::string_view> parts, const QueryAt& at) {
  const auto refuse = [&](std::size_t part, std::string_view what) {
    fail(Code::bad_input, "identifier {} to look up, '{}': {}", at.number, at.form.key[part].name,
         what);
  };
  try {
    const auto missing = key.take(parts);
    if (!missing) return;
    refuse(missing->part, missing->state == NormalForm::State::empty
                              ? "it is empty; write what to look up"
                              : "it is a word for no value; write what to look up, or add "
                                "--keep-placeholders if the register was read with that");
  } catch (const KeyFault& fault) {
    refuse(fault.part(), fault.what());
  }
}

/// What is done between the register read and the replies.
class Work {
 public:
  Work(const Network& network, const LookupOptions& options, const Lookup::Run& run,
       CancellationToken& cancellation, const OnProgress& progress)
      : network_(network),
        options_(options),
        run_(run),
        cancellation_(cancellation),
        progress_(progress),
        requester_(keys_of(options.requester)),
        uploaded_(network) {
    if (run.keep_uploads) uploaded_.keep();
  }

  LookupOutcome look_up(const std::optional<PartyFile>& file, const std::string& owner) {
    const auto start = Clock::now();
    PartyFile asked;
    asked.key = file ? file->key : find_register();
    identifiers_ = options_.identifiers;
    if (identifiers_.empty()) identifiers_ = queries_in(options_.input, asked.key);
    check_queries(identifiers_);
    asked.hashes = hashed_queries({.matching_key = options_.columns.matching_key,
                                   .key = asked.key,
                                   .written = options_.columns.key,
                                   .placeholders = options_.columns.placeholders},
                                  identifiers_);
    if (file) {
      owner_ = keys_of(owner);
      TableRule rule = rule_for_run(session_, options_.deadline);
      rule.uses = {TableRule::Use::lookup};
      rule.partners = {requester_.name};
      incidents_ = upload_table(*file, "register", std::move(rule), *owner_);
    }
    return ask(asked, owner, start);
  }

 private:
  OrganisationKeys keys_of(const std::string& name) const {
    const auto found = run_.keys.find(name);
    if (found == run_.keys.end()) {
      fail(Code::forbidden, "the key of '{}' is not here; make it with polder key new", name);
    }
    return read_keys(found->second);
  }

  /// Notes its handle. Its key.
  std::vector<KeyColumn> find_register() {
    NodeClient node({.network = network_,
                     .role = 0,
                     .cancellation = cancellation_,
                     .signer = &requester_.sign});
    const TableEntry table = find_table(node, options_.incidents);
    incidents_ = table.handle;
    if (options_.columns.report.empty()) return table.manifest.key;
    std::vector<std::string> given;
    for (const ColumnSpec& column : table.manifest.columns) {
      if (column.type == report_type) given.push_back(column.name);
    }
    if (std::ranges::find(given, options_.columns.report) != given.end()) return table.manifest.key;
    fail(Code::bad_schema, "{} gives no report '{}'; {}", options_.incidents,
         options_.columns.report,
         given.empty() ? "its owner approved none" : "it gives " + quoted_list(given));
  }

  std::string upload_table(const PartyFile& rows, const std::string& name, TableRule serves,
                           const OrganisationKeys& owner) {
    const TableHead head{.name = name, .owner = owner.name, .serves = std::move(serves)};
    const PreparedTable table =
        prepare_table(rows, head, TableSecrets::random(), static_cast<std::uint64_t>(now_ms()));
    uploaded_.add(owner, table.handle());
    ThreeNodes nodes(network_, cancellation_, &owner.sign);
    return upload(nodes, table, owner.sign, progress_);
  }

  LookupOutcome ask(const PartyFile& asked, const std::string& owner, Clock::time_point start) {
    TableRule rule = rule_for_run(session_, options_.deadline);
    rule.uses = {TableRule::Use::queries};
    rule.partners = {owner};
    rule.with = {incidents_};
    const std::string handle = upload_table(asked, "questions", std::move(rule), requester_);
    LookupOutcome outcome{
        .session = session_, .replies = {}, .upload_seconds = seconds_since(start)};
    const LookupPlan plan{.tables = {handle, incidents_},
                          .parties = {requester_.name, owner},
                          .to = {requester_.name},
                          .report = options_.columns.report};
    const auto begun = Clock::now();
    ThreeNodes nodes(network_, cancellation_, &requester_.sign);
    outcome.figures = run_session(nodes, outcome.session, plan, options_.deadline, progress_);
    const auto sealed = fetch_results(nodes, outcome.session, std::span(&requester_.name, 1));
    outcome.compute_seconds = seconds_since(begun);
    const std::string run = run_text(plan, requester_.name);
    outcome.run = run_digest(run);
    read_replies(values_of(open(sealed[0], outcome.session, requester_.receive), run), outcome);
    return outcome;
  }

  void read_replies(const Opened& opened, LookupOutcome& outcome) const {
    const std::size_t n = identifiers_.size();
    const PlainBits& found = opened_bits(opened, "found", n);
    const bool reports = !options_.columns.report.empty();
    const Words words = reports ? opened_words(opened, "report") : Words();
    if (words.size() % n != 0) fail(Code::cheating, "the nodes' reports do not fit the queries");
    const std::size_t each = words.size() / n;
    for (std::size_t i = 0; i < n; ++i) {
      LookupReply reply{.identifier = identifiers_[i], .found = found.flag(i)};
      if (reports && reply.found)
        reply.report = report_text(bytes_of(std::span(words).subspan(i * each, each)));
      outcome.replies.push_back(std::move(reply));
    }
  }

  const Network& network_;
  const LookupOptions& options_;
  const Lookup::Run& run_;
  CancellationToken& cancellation_;
  const OnProgress& progress_;
  const OrganisationKeys requester_;
  const std::string session_ = new_session_id();  // what is uploaded serves it alone
  std::optional<OrganisationKeys> owner_;         // of a file
  std::string incidents_;                         // the register's handle
  std::vector<std::string> identifiers_;          // that are asked about
  TablesForRun uploaded_;
};

}  // namespace

Words hashed_queries(const QueryForm& form, const std::vector<std::string>& identifiers) {
  const std::vector<std::size_t> order = asked_order(form);
  KeyForm key = form_of(form.key, form.placeholders);
  Words hashes;
  for (std::size_t i = 0; i < identifiers.size(); ++i) {
    const std::vector<std::string> cells = query_cells(identifiers[i], order.size());
    if (cells.size() != order.size()) {
      fail(Code::bad_input,
           "identifier {} to look up has {} parts, the register's key has {}: {}; write commas "
           "between them, and quotes around one that holds a comma",
           i + 1, cells.size(), order.size(), shown(form.key));
    }
    std::vector<std::string_view> parts;
    for (const std::size_t at : order) parts.emplace_back(cells[at]);
    take_query(key, parts, {.number = i + 1, .form = form});
    const Digest128 hash = identifier_hash(form.matching_key, key.bytes());
    hashes.resize(hashes.size() + 2);
    std::memcpy(&hashes[hashes.size() - 2], hash.data(), hash.size());
  }
  return hashes;
}

void check_queries(const std::vector<std::string>& identifiers) {
  if (identifiers.empty() || identifiers.size() > max_queries) {
    fail(Code::bad_input, "{} identifiers to look up; one look-up takes 1 to {}",
         identifiers.size(), max_queries);
  }
  for (std::size_t i = 0; i < identifiers.size(); ++i) {
    const auto visible = [](char c) { return !is_blank(static_cast<unsigned char>(c)); };
    if (std::ranges::any_of(identifiers[i], visible)) continue;
    fail(Code::bad_input, "identifier {} to look up is empty; write what to look up", i + 1);
  }
}

std::string report_text(std::span<const std::uint8_t> bytes) {
  const auto end = std::ranges::find(bytes, std::uint8_t{0});
  const bool rest_is_empty = std::all_of(end, bytes.end(), [](auto byte) { return byte == 0; });
  const std::span text(bytes.begin(), end);
  TextCheck check;
  if (!rest_is_empty || check.feed(text) || check.unfinished()) {
    fail(Code::cheating, "a report is no text; its owner uploaded what no client of Polder makes");
  }
  return std::string(text.begin(), text.end());
}

Lookup::Lookup(Network network, LookupOptions options)
    : network_(std::move(network)), options_(std::move(options)) {
  if (options_.input.empty()) check_queries(options_.identifiers);
  options_.columns.matching_key = matching_key_of(network_);
  const std::string& incidents = options_.incidents;
  owner_ = is_table(incidents) ? incidents.substr(incidents.find('@') + 1)
                               : fs::path(incidents).stem().string();
  check_file_name(owner_, fmt::format("owner of {}", incidents));
}

const std::optional<PartyFile>& Lookup::read(const OnProgress& progress) {
  if (is_table(options_.incidents)) return file_;
  PartyFileOptions columns = options_.columns;
  columns.progress = [&](std::size_t done, std::size_t total) {
    report(progress, "reading the register",
           static_cast<double>(done) / static_cast<double>(std::max<std::size_t>(total, 1)));
  };
  file_ = read_party_file(options_.incidents, columns);
  return file_;
}

LookupOutcome Lookup::run(const Run& run, CancellationToken& cancellation,
                          const OnProgress& progress) {
  return Work(network_, options_, run, cancellation, progress).look_up(file_, owner_);
}

}  // namespace polder
