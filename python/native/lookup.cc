#include "lookup.h"

#include <nanobind/stl/map.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "client/bank_lookup.h"
#include "client/nodes/network_file.h"
#include "job.h"
#include "values.h"

namespace nb = nanobind;

namespace polder {
namespace {

using Names = std::vector<std::string>;
using Paths = std::map<std::string, std::string>;

/// One look-up at the three nodes, from its identifiers to its replies.
class LookupJob {
 public:
  LookupJob(const std::string& network, LookupOptions options)
      : lookup_(read_network(network), std::move(options)) {}

  std::string owner() const { return lookup_.owner(); }

  std::string read(const nb::object& progress) {
    std::string text = "null";
    run_job(progress, [&](CancellationToken&, const OnProgress& report) {
      if (const auto& file = lookup_.read(report)) text = to_text(*file, lookup_.owner());
    });
    return text;
  }

  std::string run(const Paths& keys, bool keep_uploads, const nb::object& progress) {
    const Lookup::Run how{.keys = {keys.begin(), keys.end()}, .keep_uploads = keep_uploads};
    LookupOutcome outcome;
    run_job(progress, [&](CancellationToken& cancellation, const OnProgress& report) {
      outcome = lookup_.run(how, cancellation, report);
    });
    return to_text(outcome);
  }

 private:
  Lookup lookup_;
};

void make_lookup(LookupJob* self, const std::string& network, const Names& identifiers,
                 const nb::bytes& input, const std::string& incidents,
                 const PartyFileOptions& columns, const std::string& requester) {
  new (self) LookupJob(network, {.identifiers = identifiers,
                                 .input = {input.c_str(), input.size()},
                                 .incidents = incidents,
                                 .columns = columns,
                                 .requester = requester});
}

std::string bank_lookup(const std::string& network, const std::string& folder,
                        const Names& identifiers, const nb::bytes& input, const std::string& bank,
                        const Names& key, bool keep_placeholders, const std::string& fingerprint) {
  const BankLookupOptions options{
      .identifiers = identifiers,
      .input = {input.c_str(), input.size()},
      .bank = bank,
      .key = key,
      .placeholders = keep_placeholders ? Placeholders::keep : Placeholders::leave_out,
      .fingerprint = fingerprint};
  BankLookupOutcome outcome;
  run_job(nb::none(), [&](CancellationToken& cancellation, const OnProgress&) {
    outcome = look_up_at_bank(network, folder, options, cancellation);
  });
  return to_text(outcome);
}

}  // namespace

void add_lookup(nb::module_& m) {
  m.def("bank_lookup", bank_lookup, nb::kw_only(), nb::arg("network"), nb::arg("folder"),
        nb::arg("identifiers"), nb::arg("input"), nb::arg("bank"), nb::arg("key"),
        nb::arg("keep_placeholders"), nb::arg("fingerprint"));

  nb::class_<LookupJob>(m, "Lookup")
      .def("__init__", make_lookup, nb::kw_only(), nb::arg("network"), nb::arg("identifiers"),
           nb::arg("input"), nb::arg("register"), nb::arg("columns"), nb::arg("requester"))
      .def("owner", &LookupJob::owner)
      .def("read", &LookupJob::read, nb::arg("progress").none())
      .def("run", &LookupJob::run, nb::kw_only(), nb::arg("keys"), nb::arg("keep_uploads"),
           nb::arg("progress").none());
}

}  // namespace polder
