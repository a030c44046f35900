#include "client/match_work.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <set>

#include "base/error.h"
#include "base/wall_clock.h"
#include "client/files/key_columns.h"
#include "client/nodes/each_of.h"
#include "client/nodes/rule_options.h"
#include "client/nodes/tables.h"
#include "client/nodes/upload.h"
#include "match/delegated/bins.h"

namespace polder {
namespace {

namespace json = boost::json;
using Show = MatchPlan::Show;

constexpr std::size_t rows_at_once = std::size_t{1} << 19, max_at_once = 8;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

}  // namespace

MatchWork::MatchWork(const Parts& parts)
    : parts_(parts), at_least_(parts.options.at_least), uploaded_(parts.network) {
  if (parts.run.afterwards == Match::Afterwards::keep_uploads) uploaded_.keep();
  for (const auto& [name, file] : parts.run.keys) {
    OrganisationKeys keys = read_keys(file);
    if (keys.name != name)
      fail(Code::bad_input, "{} is the key of '{}', not of '{}'; name the file after its owner",
           file.string(), keys.name, name);
    keys_.emplace(name, std::move(keys));
  }
  for (const MatchInput& party : parts.parties) {
    const OrganisationKeys* keys = keys_of(party.name);
    if (requester_ == nullptr) requester_ = keys;
    if (keys == nullptr && party.file)
      fail(Code::forbidden,
           "{} cannot be uploaded: the key of '{}' is not here; make it with polder key new",
           party.input, party.name);
  }
  if (requester_ == nullptr)
    fail(Code::forbidden, "none of the parties' keys is here; a match is asked for by one of them");
}

const OrganisationKeys* MatchWork::keys_of(const std::string& name) const {
  const auto found = keys_.find(name);
  return found == keys_.end() ? nullptr : &found->second;
}

MatchOutcome MatchWork::run() {
  if (parts_.options.show == Show::rows) check_results(place(), parts_.options.to);
  find_tables();
  find_identifiers();
  MatchOutcome outcome{.session = session_, .at_least = at_least_, .recipients = {}};

  const auto upload_start = Clock::now();
  bins_ = bins_if_better(parts_.options, parts_.parties, round_trip());
  upload_files();
  outcome.upload_seconds = seconds_since(upload_start);

  outcome.warnings = warnings_;
  const std::vector<Opened> opened = compute(outcome);
  for (std::size_t i = 0; i < opened.size(); ++i) {
    const std::string& name = parts_.options.to[i];
    const bool here = keys_of(name) != nullptr;
    outcome.recipients.emplace_back(name,
                                    here ? learn(opened[i], identifiers_of(name)) : Learned());
  }
  if (parts_.options.show == Show::rows) write_files(outcome, opened);
  return outcome;
}

/// A number is asked for as the tables' owners allow: of as many matches or more.
void MatchWork::find_tables() {
  NodeClient node({.network = parts_.network,
                   .role = 0,
                   .cancellation = parts_.cancellation,
                   .signer = &requester_->sign});
  for (MatchInput& party : parts_.parties) {
    if (party.file) continue;
    const TableEntry table = find_table(node, party.input);
    party.handle = table.handle;
    party.table_key = table.manifest.key;
    if (parts_.options.show != Show::rows)
      at_least_ = std::max(at_least_, table.manifest.serves.at_least);
  }
  check_keys();
}

/// Tables may call their columns differently, as their owners know them; that is remarked on.
void MatchWork::check_keys() {
  std::vector<KeyOf> keys;
  for (const MatchInput& party : parts_.parties) {
    keys.push_back(
        {.file = party.input, .columns = party.file ? party.file->key : party.table_key});
  }
  check_keys_agree(keys, KeyNames::may_differ);
  const bool of_files = std::ranges::all_of(
      parts_.parties, [](const MatchInput& party) { return party.file.has_value(); });
  if (!of_files) warnings_ = name_warnings(keys);
}

/// Before anything is sent: an answer that nobody here could read is not asked for.
void MatchWork::find_identifiers() {
  if (parts_.options.show != Show::rows) return;
  for (MatchInput& party : parts_.parties) {
    const bool learns = std::ranges::find(parts_.options.to, party.name) != parts_.options.to.end();
    if (!learns || keys_of(party.name) == nullptr) continue;
    identifiers_[party.name] = party.file ? std::move(party.file->identifiers)
                                          : OwnTables(parts_.run.tables).read(party.handle);
  }
}

/// Between the nodes that are farthest apart, as far as they know.
std::chrono::microseconds MatchWork::round_trip() const {
  std::array<std::int64_t, 3> seen{};
  ThreeNodes(parts_.network, parts_.cancellation).each([&](NodeClient& node) {
    const auto info = node.get("/v1/info");
    const auto* const known = info.if_contains("round_trip_us");
    if (known != nullptr && known->is_int64())
      seen[static_cast<std::size_t>(node.role())] = known->get_int64();
  });
  return std::chrono::microseconds(std::ranges::max(seen));
}

/// Small tables several at a time: most of their time goes into waiting for disks.
void MatchWork::upload_files() {
  std::vector<std::size_t> files;
  std::size_t max_rows = 1;
  for (std::size_t i = 0; i < parts_.parties.size(); ++i) {
    if (!parts_.parties[i].file) continue;
    files.push_back(i);
    const std::size_t rows = bins_ ? bins_->slots[i].size() : parts_.parties[i].file->size();
    max_rows = std::max(max_rows, rows);
    rows_to_upload_ += rows;
  }
  const std::size_t at_once = std::clamp<std::size_t>(rows_at_once / max_rows, 1, max_at_once);
  each_of(files.size(), at_once, [&](std::size_t i) { upload_file(files[i]); });
}

/// Files serve this run alone, on the terms that it is asked for with.
TableRule MatchWork::rule_for_files() const {
  TableRule rule = rule_for_run(session_, parts_.options.deadline);
  rule.uses = {TableRule::Use::match};
  rule.threshold = parts_.options.threshold;
  rule.at_least = at_least_;
  std::set<std::string> names(parts_.options.to.begin(), parts_.options.to.end());
  for (const MatchInput& party : parts_.parties) names.insert(party.name);
  rule.partners.assign(names.begin(), names.end());
  return rule;
}

PreparedTable MatchWork::prepared(std::size_t i) const {
  const MatchInput& party = parts_.parties[i];
  const TableHead head{
      .name = parts_.run.table_name, .owner = party.name, .serves = rule_for_files()};
  TableSecrets secrets = TableSecrets::random();
  const auto now = static_cast<std::uint64_t>(now_ms());
  if (!bins_) return prepare_table(*party.file, head, std::move(secrets), now);
  const std::string type(i == bins_->requester ? one_slot_type : all_slots_type);
  return prepare_table(in_slots(*party.file, bins_->salt, bins_->slots[i]), head,
                       std::move(secrets), now, {.name = type, .width = bins_->width});
}

void MatchWork::upload_file(std::size_t i) {
  MatchInput& party = parts_.parties[i];
  const OrganisationKeys* owner = keys_of(party.name);
  const PreparedTable table = prepared(i);
  party.handle = table.handle();
  party.file.reset();
  uploaded_.add(*owner, party.handle);
  ThreeNodes nodes(parts_.network, parts_.cancellation, &owner->sign);
  double before = 0;
  upload(nodes, table, owner->sign, [&](std::string_view stage, double done) {
    const std::lock_guard lock(mutex_);
    uploaded_rows_ += (done - before) * static_cast<double>(table.manifest.rows);
    before = done;
    report(parts_.progress, stage, uploaded_rows_ / static_cast<double>(rows_to_upload_));
  });
}

MatchPlan MatchWork::plan() const {
  MatchPlan plan{.tables = {},
                 .parties = {},
                 .threshold = parts_.options.threshold,
                 .min_flags = parts_.options.min_flags,
                 .to = parts_.options.to,
                 .show = parts_.options.show,
                 .attribute = parts_.options.columns.attribute,
                 .at_least = at_least_};
  for (const MatchInput& party : parts_.parties) {
    plan.tables.push_back(party.handle);
    plan.parties.push_back(party.name);
  }
  return plan;
}

/// What each recipient whose key is here was sent, in the order of recipients; empty for others.
std::vector<Opened> MatchWork::compute(MatchOutcome& outcome) {
  std::vector<std::string> here;
  for (const std::string& name : parts_.options.to) {
    if (keys_of(name) != nullptr) here.push_back(name);
  }
  const auto start = Clock::now();
  ThreeNodes nodes(parts_.network, parts_.cancellation, &requester_->sign);
  outcome.figures =
      run_session(nodes, outcome.session, plan(), parts_.options.deadline, parts_.progress);
  const std::vector<SealedResult> sealed = fetch_results(nodes, outcome.session, here);
  outcome.compute_seconds = seconds_since(start);

  const std::string run = run_text(plan(), requester_->name);
  outcome.run = run_digest(run);
  std::vector<Opened> opened;
  std::size_t next = 0;
  for (const std::string& name : parts_.options.to) {
    const OrganisationKeys* keys = keys_of(name);
    opened.push_back(keys == nullptr
                         ? Opened()
                         : values_of(open(sealed[next++], outcome.session, keys->receive), run));
  }
  if (bins_ && shows_rows(opened[0])) {
    const std::size_t rows = identifiers_of(parts_.options.to[0])->spellings.size();
    opened[0] = by_row(opened[0], bins_->slots[bins_->requester], rows);
  }
  return opened;
}

const Identifiers* MatchWork::identifiers_of(const std::string& name) const {
  const auto found = identifiers_.find(name);
  return found == identifiers_.end() ? nullptr : &found->second;
}

ResultPlace MatchWork::place() const {
  return {.folder = parts_.run.out, .inputs = parts_.options.inputs, .replace = parts_.run.replace};
}

/// All files are written beside their names before the first one gets its own.
void MatchWork::write_files(MatchOutcome& outcome, const std::vector<Opened>& opened) const {
  ResultFiles files(place(), outcome.session);
  json::object recipients;
  for (std::size_t i = 0; i < opened.size(); ++i) {
    auto& [name, learned] = outcome.recipients[i];
    if (!learned.opened) continue;
    write_matches(files.add(name), opened[i], *identifiers_of(name));
    learned.file = files.path(name);
    recipients[name] = {{"matches", *learned.matches}, {"clients", *learned.identifiers}};
  }
  json::array parties;
  for (const MatchInput& party : parts_.parties)
    parties.push_back({{"name", party.name}, {"input", party.input}});
  files.finish({{"protocol", "delegated"},
                {"parties", std::move(parties)},
                {"threshold", parts_.options.threshold},
                {"min_flags", parts_.options.min_flags},
                {"at_least", parts_.options.at_least},
                {"recipients", std::move(recipients)}});
}

}  // namespace polder
