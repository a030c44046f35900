// The module _polder: the C++ client as polder.native calls it. Values come back as JSON text,
// errors as the classes of polder.errors; every call can be stopped with Ctrl-C.
#include <nanobind/nanobind.h>
#include <nanobind/stl/map.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "banks.h"
#include "base/error.h"
#include "base/json.h"
#include "base/text_file.h"
#include "base/version.h"
#include "client/client.h"
#include "client/files/dialect.h"
#include "client/files/key_columns.h"
#include "client/files/prepared_table.h"
#include "client/files/result_files.h"
#include "client/identifiers/kinds.h"
#include "client/nodes/network_file.h"
#include "client/nodes/rule_options.h"
#include "client/nodes/runs.h"
#include "crypto/certificate.h"
#include "crypto/files/own_folder.h"
#include "governance.h"
#include "job.h"
#include "lookup.h"
#include "node/settings.h"
#include "plan_runs.h"
#include "raise.h"
#include "values.h"

namespace nb = nanobind;

namespace polder {
namespace {

using Names = std::vector<std::string>;
using Paths = std::map<std::string, std::string>;

PartyFileOptions columns(const Names& key, const std::string& flag, const std::string& attribute,
                         const std::string& report, bool strict, const std::string& kind,
                         bool keep_placeholders, const std::string& delimiter,
                         std::size_t header_row) {
  return {.key = key,
          .kind = std::string(kind_named(kind).name),
          .placeholders = keep_placeholders ? Placeholders::keep : Placeholders::leave_out,
          .flag = flag,
          .attribute = attribute,
          .report = report,
          .empty = strict ? EmptyIdentifiers::refuse : EmptyIdentifiers::skip,
          .delimiter = delimiter.empty() ? '\0' : delimiter_named(delimiter),
          .header_row = header_row};
}

/// What was not said is less than 0.
RuleOptions rules(const Names& uses, const Names& partners, std::int64_t threshold,
                  std::int64_t at_least, std::int64_t rows_per_day, std::uint64_t until,
                  bool approval) {
  const auto said = [](std::int64_t number) {
    return number < 0 ? std::optional<std::uint64_t>()
                      : std::optional(static_cast<std::uint64_t>(number));
  };
  return {.uses = uses,
          .partners = partners,
          .threshold = said(threshold),
          .at_least = said(at_least),
          .rows_per_day = said(rows_per_day),
          .until = until,
          .approval = approval};
}

std::string node_init(const std::string& folder, const std::string& called, const std::string& api,
                      const std::string& mesh, int days) {
  check_file_name(called, "node");
  const NodeCard card = make_node({.folder = folder,
                                   .name = called,
                                   .api = parse_address(api),
                                   .mesh = parse_address(mesh),
                                   .days = days});
  return folder + "/" + card.name + ".node.json";
}

std::string network_create(const Names& cards, const std::string& out) {
  if (cards.size() != 3) fail(Code::bad_input, "a network has three nodes, not {}", cards.size());
  std::array<NodeCard, 3> nodes;
  for (std::size_t role = 0; role < 3; ++role)
    nodes[role] = parse_node_card(read_text(cards[role]));
  const Network network = make_network(nodes);
  write_network(network, out);
  return network.id;
}

/// Results that lie elsewhere, by their recipients, as those of one run. Their paths afterwards.
Paths hand_over(const Paths& files, const std::string& folder, const Names& inputs, bool replace,
                const std::string& session, const std::string& summary) {
  ResultFiles results({.folder = folder, .inputs = inputs, .replace = replace}, session);
  Paths paths;
  for (const auto& [name, file] : files) {
    results.add(name).write(read_text(file, std::filesystem::file_size(file)));
    paths[name] = results.path(name).string();
  }
  results.finish(parse_object(summary, "summary"));
  return paths;
}

/// What of a file would travel to nodes 1 and 2 (node 0 gets seeds only): a new split each time.
nb::bytes split(const std::string& network, const std::string& file, const PartyFileOptions& of) {
  PartyFileOptions options = of;
  options.matching_key = matching_key_of(read_network(network));
  const PreparedTable table =
      prepare_table(read_party_file(file, options), {.name = "split", .owner = "nobody"},
                    TableSecrets::random(), 0);
  return nb::bytes(table.data.data(), table.manifest.data_bytes);
}

/// The nodes of one network.
class Client {
 public:
  explicit Client(const std::string& network) : network_(read_network(network)) {}

  std::string show() const { return to_text(network_, {}); }

  std::string status() const {
    std::array<Readiness, 3> found;
    run_job(nb::none(), [&](CancellationToken& cancellation, const OnProgress&) {
      found = readiness(network_, cancellation);
    });
    return to_text(network_, found);
  }

  int role_of(const std::string& folder) const {
    const std::string certificate = read_text(folder + "/node.crt");
    for (std::size_t role = 0; role < 3; ++role) {
      if (network_.nodes[role].certificate == certificate) return static_cast<int>(role);
    }
    fail(Code::bad_input, "{}: its node is not one of this network's three", folder);
  }

  std::string admit_members(const std::string& folder, const Names& members) const {
    std::vector<Member> keys;
    for (const std::string& member : members) keys.push_back(read_public_keys(member));
    return told(folder, [&](const SigningKey& signer, CancellationToken& cancellation) {
      return admit(network_, keys, signer, cancellation);
    });
  }

  std::string expel(const std::string& folder, const std::string& member) const {
    return told(folder, [&](const SigningKey& signer, CancellationToken& cancellation) {
      return polder::expel(network_, member, signer, cancellation);
    });
  }

  std::string replace(const std::string& signer, const std::string& member) const {
    const Member keys = read_public_keys(member);
    return told(signer, [&](const SigningKey& key, CancellationToken& cancellation) {
      return replace_keys(network_, keys, key, cancellation);
    });
  }

  std::string members(const std::string& signer) const {
    const SigningKey key = signer_of(signer);
    std::vector<MemberPlaces> list;
    run_job(nb::none(), [&](CancellationToken& cancellation, const OnProgress&) {
      ThreeNodes nodes(network_, cancellation, &key);
      list = members_everywhere(nodes);
    });
    return to_text(list);
  }

  std::string answer(const std::string& folder, const std::string& path) const {
    const SigningKey key = signer_of(folder);
    std::string page;
    run_job(nb::none(), [&](CancellationToken& cancellation, const OnProgress&) {
      NodeClient node({.network = network_,
                       .role = role_of(folder),
                       .cancellation = cancellation,
                       .signer = &key});
      page = node.get_bytes(path, std::size_t{16} << 20);
    });
    return page;
  }

  std::string tables(const std::string& signer) const {
    const SigningKey key = signer_of(signer);
    TablesEverywhere list;
    run_job(nb::none(), [&](CancellationToken& cancellation, const OnProgress&) {
      ThreeNodes nodes(network_, cancellation, &key);
      list = tables_everywhere(nodes);
    });
    return to_text(list);
  }

  std::string remove(const std::string& handle, const std::string& signer) const {
    return told(signer, [&](const SigningKey& key, CancellationToken& cancellation) {
      return remove_table(network_, handle, key, cancellation);
    });
  }

  std::string open(const std::string& session, const std::string& handle, const std::string& key,
                   const std::string& own, const std::string& out, bool replace) const {
    const OrganisationKeys recipient = read_keys(key);
    const OwnTables tables{own};
    Learned learned;
    run_job(nb::none(), [&](CancellationToken& cancellation, const OnProgress&) {
      ThreeNodes nodes(network_, cancellation, &recipient.sign);
      learned = open_result(nodes, {.session = session,
                                    .handle = handle,
                                    .recipient = recipient,
                                    .own = tables,
                                    .out = {.folder = out, .replace = replace}});
    });
    return to_text(learned);
  }

  std::string runs(const std::string& key, std::size_t most) const {
    const OrganisationKeys member = read_keys(key);
    std::vector<RunEntry> list;
    run_job(nb::none(), [&](CancellationToken& cancellation, const OnProgress&) {
      list = list_runs(network_, member, most, cancellation);
    });
    return to_text(list);
  }

  std::string upload(const std::string& file, const std::string& called, const std::string& key,
                     const PartyFileOptions& of, const RuleOptions& rules, const std::string& own,
                     const nb::object& progress) const {
    const OrganisationKeys owner = read_keys(key);
    const OwnTables tables{own};
    PartyFileOptions options = of;
    options.matching_key = matching_key_of(network_);
    PartyFile read;
    TableEntry table;
    run_job(progress, [&](CancellationToken& cancellation, const OnProgress& report) {
      read = read_party_file(file, options);
      table = upload_file(
          network_, read,
          {.name = called, .serves = rule_for(read, rules), .owner = owner, .own = tables},
          cancellation, report);
    });
    return to_text(table, read);
  }

 private:
  /// An organisation's key file, or a node's folder.
  static SigningKey signer_of(const std::string& where) {
    const std::filesystem::path path(where);
    if (!std::filesystem::is_directory(path)) return read_keys(path).sign;
    refuse_readable_by_others(path / "node.key");
    return parse_private_key(read_text(path / "node.key"));
  }

  template <typename Work>
  std::string told(const std::string& signer, Work work) const {
    const SigningKey key = signer_of(signer);
    Told told;
    run_job(nb::none(), [&](CancellationToken& cancellation, const OnProgress&) {
      told = work(key, cancellation);
    });
    return to_text(told);
  }

  Network network_;
};

MatchPlan::Show show_named(const std::string& show) {
  const std::map<std::string, MatchPlan::Show> known{{"rows", MatchPlan::Show::rows},
                                                     {"count", MatchPlan::Show::count},
                                                     {"union", MatchPlan::Show::union_size},
                                                     {"sum", MatchPlan::Show::sum},
                                                     {"mean", MatchPlan::Show::mean}};
  const auto found = known.find(show);
  if (found != known.end()) return found->second;
  fail(Code::bad_input, "show '{}' is not known; it is rows, count, union, sum or mean", show);
}

MatchMethod method_named(const std::string& method) {
  const std::map<std::string, MatchMethod> known{
      {"auto", MatchMethod::automatic}, {"sort", MatchMethod::sort}, {"bins", MatchMethod::bins}};
  const auto found = known.find(method);
  if (found != known.end()) return found->second;
  fail(Code::bad_input, "method '{}' is not known; it is auto, sort or bins", method);
}

/// One match, from its inputs to its files.
class MatchJob {
 public:
  MatchJob(const std::string& network, MatchOptions options)
      : options_(options), match_(read_network(network), std::move(options)) {}

  Names parties() const {
    Names names;
    for (const MatchInput& input : match_.parties()) names.push_back(input.name);
    return names;
  }

  std::string read(const nb::object& progress) {
    run_job(progress, [&](CancellationToken&, const OnProgress& report) { match_.read(report); });
    return to_text(match_.parties());
  }

  std::string run(const Paths& keys, const std::string& tables, const std::string& out,
                  bool replace, bool keep_uploads, const nb::object& progress) {
    const Match::Run how{.keys = {keys.begin(), keys.end()},
                         .tables = tables,
                         .out = out,
                         .replace = replace,
                         .afterwards = keep_uploads ? Match::Afterwards::keep_uploads
                                                    : Match::Afterwards::remove_uploads};
    MatchOutcome outcome;
    run_job(progress, [&](CancellationToken& cancellation, const OnProgress& report) {
      outcome = match_.run(how, cancellation, report);
    });
    return to_text(outcome, options_);
  }

 private:
  MatchOptions options_;
  Match match_;
};

void make_match(MatchJob* self, const std::string& network, const Names& inputs,
                const PartyFileOptions& of, std::uint64_t threshold, std::uint64_t min_flags,
                const Names& to, const std::string& show, std::uint64_t at_least,
                const std::string& method) {
  new (self) MatchJob(network, {.inputs = inputs,
                                .columns = of,
                                .threshold = threshold,
                                .min_flags = min_flags,
                                .to = to,
                                .show = show_named(show),
                                .at_least = at_least,
                                .method = method_named(method)});
}

}  // namespace
}  // namespace polder

NB_MODULE(_polder, m) {
  using namespace polder;
  nb::register_exception_translator(raise_in_python);
  nb::module_::import_("_polder_plans");  // which has the type of tables

  m.def("version", [] { return std::string(version); });
  m.def(
      "normalise",
      [](const std::string& cell, const std::string& kind) {
        return normal_form(kind_named(kind), cell).text;
      },
      nb::arg("identifier"), nb::arg("kind"));
  m.def("kinds", kind_names);
  m.def("node_init", node_init, nb::arg("folder"), nb::arg("name"), nb::arg("api"), nb::arg("mesh"),
        nb::arg("days"));
  m.def("network_create", network_create, nb::arg("cards"), nb::arg("out"));
  m.def(
      "key_new",
      [](const std::string& folder, const std::string& called) {
        return make_keys(folder, called).string();
      },
      nb::arg("folder"), nb::arg("name"));
  m.def(
      "key_show", [](const std::string& file) { return to_text(read_public_keys(file)); },
      nb::arg("public"));

  nb::class_<PartyFileOptions>(m, "Columns")
      .def(
          "__init__",
          [](PartyFileOptions* self, const Names& key, const std::string& flag,
             const std::string& attribute, const std::string& report, bool strict,
             const std::string& kind, bool keep_placeholders, const std::string& delimiter,
             std::size_t header_row) {
            new (self) PartyFileOptions(columns(key, flag, attribute, report, strict, kind,
                                                keep_placeholders, delimiter, header_row));
          },
          nb::kw_only(), nb::arg("key"), nb::arg("flag"), nb::arg("attribute"), nb::arg("report"),
          nb::arg("strict"), nb::arg("kind"), nb::arg("keep_placeholders"), nb::arg("delimiter"),
          nb::arg("header_row"));

  m.def("key_columns", key_columns, nb::arg("said"), nb::arg("files"));
  m.def(
      "check_results",
      [](const std::string& folder, const Names& names, const Names& inputs, bool replace) {
        check_results({.folder = folder, .inputs = inputs, .replace = replace}, names);
      },
      nb::kw_only(), nb::arg("folder"), nb::arg("names"), nb::arg("inputs"), nb::arg("replace"));
  m.def("hand_over", hand_over, nb::kw_only(), nb::arg("files"), nb::arg("folder"),
        nb::arg("inputs"), nb::arg("replace"), nb::arg("session"), nb::arg("summary"));

  nb::class_<RuleOptions>(m, "Rules")
      .def(
          "__init__",
          [](RuleOptions* self, const Names& uses, const Names& partners, std::int64_t threshold,
             std::int64_t at_least, std::int64_t rows_per_day, std::uint64_t until, bool approval) {
            new (self) RuleOptions(
                rules(uses, partners, threshold, at_least, rows_per_day, until, approval));
          },
          nb::kw_only(), nb::arg("uses"), nb::arg("partners"), nb::arg("threshold"),
          nb::arg("at_least"), nb::arg("rows_a_day"), nb::arg("until"), nb::arg("approval"));

  m.def("split", split, nb::arg("network"), nb::arg("file"), nb::arg("columns"));

  add_banks(m);
  add_lookup(m);
  add_governance(m);
  add_plan_runs(m);

  nb::class_<Client>(m, "Client")
      .def(nb::init<const std::string&>(), nb::arg("network"))
      .def("show", &Client::show)
      .def("status", &Client::status)
      .def("role_of", &Client::role_of, nb::arg("node_folder"))
      .def("admit", &Client::admit_members, nb::arg("node_folder"), nb::arg("members"))
      .def("expel", &Client::expel, nb::arg("node_folder"), nb::arg("member"))
      .def("replace", &Client::replace, nb::arg("signer"), nb::arg("member"))
      .def("members", &Client::members, nb::arg("signer"))
      .def("answer", &Client::answer, nb::arg("node_folder"), nb::arg("path"))
      .def("tables", &Client::tables, nb::arg("signer"))
      .def("remove_table", &Client::remove, nb::arg("handle"), nb::arg("signer"))
      .def("open_result", &Client::open, nb::kw_only(), nb::arg("session"), nb::arg("handle"),
           nb::arg("key"), nb::arg("tables"), nb::arg("out"), nb::arg("replace"))
      .def("runs", &Client::runs, nb::arg("key"), nb::arg("most"))
      .def("upload", &Client::upload, nb::kw_only(), nb::arg("file"), nb::arg("name"),
           nb::arg("key"), nb::arg("columns"), nb::arg("rules"), nb::arg("tables"),
           nb::arg("progress").none());

  nb::class_<MatchJob>(m, "Match")
      .def("__init__", make_match, nb::kw_only(), nb::arg("network"), nb::arg("inputs"),
           nb::arg("columns"), nb::arg("threshold"), nb::arg("min_flags"), nb::arg("to"),
           nb::arg("show"), nb::arg("at_least"), nb::arg("method"))
      .def("parties", &MatchJob::parties)
      .def("read", &MatchJob::read, nb::arg("progress").none())
      .def("run", &MatchJob::run, nb::kw_only(), nb::arg("keys"), nb::arg("tables"), nb::arg("out"),
           nb::arg("replace"), nb::arg("keep_uploads"), nb::arg("progress").none());
}
