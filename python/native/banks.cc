#include "banks.h"

#include <fmt/chrono.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <thread>

#include "base/text_file.h"
#include "base/whole_file.h"
#include "client/bank_match.h"
#include "crypto/hex.h"
#include "job.h"
#include "peer/kept_keys.h"
#include "peer/protocols.h"
#include "values.h"

namespace nb = nanobind;
namespace json = boost::json;

namespace polder {
namespace {

using Names = std::vector<std::string>;

std::string bank_init(const std::string& folder, const std::string& called,
                      const std::string& address, int days) {
  const BankCard card = make_bank(
      {.folder = folder, .name = called, .address = parse_address(address), .days = days});
  return folder + "/" + card.name + ".peer.toml";
}

std::string bank_network_create(const Names& cards, const std::string& out) {
  std::vector<BankCard> banks;
  for (const std::string& card : cards) banks.push_back(parse_bank_card(read_text(card)));
  const BankNetwork network = make_bank_network(std::move(banks));
  WholeFile file(out, Rights::owner_only);  // it holds the key under which identifiers are hashed
  file.write(to_text(network));
  file.finish(WholeFile::Existing::refuse);
  return network.id;
}

/// A bank's view of the others: who can be reached.
class Neighbours {
 public:
  Neighbours(const std::string& network, const std::string& folder)
      : network_(parse_bank_network(read_text(network))),
        identity_(read_identity(folder)),
        keys_({.folder = folder, .network = network_.id}) {}

  std::string status() const {
    std::vector<std::string> why(network_.banks.size());
    int self = 0;
    run_job(nb::none(), [&](CancellationToken& cancellation, const OnProgress&) {
      BankLinks links(
          {.network = network_, .identity = identity_, .dial_limit = std::chrono::seconds(3)});
      self = links.self();
      std::vector<std::jthread> threads;
      for (int bank = 0; bank < links.count(); ++bank) {
        if (bank == self) continue;
        threads.emplace_back(
            [&links, &cancellation, &text = why[static_cast<std::size_t>(bank)], bank] {
              try {
                links.warm(bank, cancellation);
              } catch (const Error& error) {
                text = error.what();
              }
            });
      }
    });
    return to_text(why, static_cast<std::size_t>(self));
  }

 private:
  std::string to_text(const std::vector<std::string>& why, std::size_t self) const {
    json::array banks;
    for (std::size_t i = 0; i < network_.banks.size(); ++i) {
      const BankCard& card = network_.banks[i];
      json::object bank{{"name", card.name},
                        {"address", polder::to_text(card.address)},
                        {"state", i == self        ? "self"
                                  : why[i].empty() ? "ready"
                                                   : "down"}};
      if (!why[i].empty()) bank["why"] = why[i];
      banks.push_back(std::move(bank));
    }
    return json::serialize(
        json::object{{"network", network_.id}, {"banks", std::move(banks)}, {"keys", kept_keys()}});
  }

  json::array kept_keys() const {
    json::array keys;
    for (const std::string& protocol : peer_protocols()) {
      try {
        const KeptKey key = keys_.read(protocol);
        keys.push_back({{"protocol", protocol},
                        {"bits", 64 * key.words.size()},
                        {"banks", network_.banks.size()},
                        {"made", fmt::format("{:%Y-%m-%d %H:%M} UTC",
                                             fmt::gmtime(key.made.time_since_epoch().count()))},
                        {"fingerprint", to_hex(key.fingerprint)}});
      } catch (const Error& error) {
        if (error.code() == Code::not_found) continue;
        keys.push_back({{"protocol", protocol}, {"why", error.what()}});
      }
    }
    return keys;
  }

  const BankNetwork network_;
  const BankIdentity identity_;
  const KeptKeys keys_;
};

/// A bank that asks, from its file to its result.
class BankJob {
 public:
  BankJob(const std::string& network, const std::string& folder) : match_(network, folder) {}

  std::string bank() const { return match_.bank(); }

  std::string read(const std::string& file, const PartyFileOptions& columns,
                   const nb::object& progress) {
    file_ = file;
    std::string text;
    run_job(progress, [&](CancellationToken&, const OnProgress& report) {
      text = to_text(match_.read(file, columns, report), match_.bank());
    });
    return text;
  }

  std::string run(const std::string& protocol, std::uint64_t threshold, bool flags,
                  std::uint64_t bound, bool new_key, const std::string& out, bool replace,
                  const nb::object& progress) {
    Asking asking;
    asking.protocol = protocol;
    asking.threshold = threshold;
    asking.flags = flags;
    asking.bound = bound;
    asking.new_key = new_key;
    BankMatchOutcome outcome;
    run_job(progress, [&](CancellationToken& cancellation, const OnProgress& report) {
      const ResultPlace place{.folder = out, .inputs = {file_}, .replace = replace};
      outcome = match_.run(asking, place, cancellation, report);
    });
    return to_text(outcome, asking);
  }

 private:
  BankMatch match_;
  std::string file_;
};

}  // namespace

void add_banks(nb::module_& m) {
  m.def("bank_init", bank_init, nb::arg("folder"), nb::arg("name"), nb::arg("address"),
        nb::arg("days"));
  m.def("bank_network_create", bank_network_create, nb::arg("cards"), nb::arg("out"));
  m.def("peer_protocols", peer_protocols);

  nb::class_<Neighbours>(m, "BankNetwork")
      .def(nb::init<const std::string&, const std::string&>(), nb::arg("network"),
           nb::arg("folder"))
      .def("status", &Neighbours::status);

  nb::class_<BankJob>(m, "BankMatch")
      .def(nb::init<const std::string&, const std::string&>(), nb::arg("network"),
           nb::arg("folder"))
      .def("bank", &BankJob::bank)
      .def("read", &BankJob::read, nb::kw_only(), nb::arg("file"), nb::arg("columns"),
           nb::arg("progress").none())
      .def("run", &BankJob::run, nb::kw_only(), nb::arg("protocol"), nb::arg("threshold"),
           nb::arg("flags"), nb::arg("bound"), nb::arg("new_key"), nb::arg("out"),
           nb::arg("replace"), nb::arg("progress").none());
}

}  // namespace polder
