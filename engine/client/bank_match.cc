#include "client/bank_match.h"

#include <algorithm>
#include <boost/json/object.hpp>
#include <cstring>

#include "base/error.h"
#include "base/text_file.h"
#include "client/files/own_tables.h"
#include "crypto/hex.h"

namespace polder {

PeerTable peer_table(const PartyFile& file) {
  PeerTable table{.identifiers = std::vector<IdentifierHash>(file.size()),
                  .flagged = {file.flags.begin(), file.flags.end()}};
  for (std::size_t i = 0; i < file.size(); ++i) {
    std::memcpy(table.identifiers[i].data(), &file.hashes[2 * i], sizeof(IdentifierHash));
  }
  return table;
}

PartyFile read_bank_file(const std::string& path, PartyFileOptions columns,
                         const BankNetwork& network, const OnProgress& progress) {
  std::ranges::copy(network.matching_key, columns.matching_key.begin());
  const std::string stage = "reading " + std::filesystem::path(path).filename().string();
  columns.progress = [&](std::size_t done, std::size_t total) {
    report(progress, stage,
           static_cast<double>(done) / static_cast<double>(std::max<std::size_t>(total, 1)));
  };
  return read_party_file(path, columns);
}

BankMatch::BankMatch(const std::filesystem::path& network, const std::filesystem::path& folder)
    : network_(parse_bank_network(read_text(network))),
      identity_(read_identity(folder)),
      links_({.network = network_, .identity = identity_}),
      keys_({.folder = folder, .network = network_.id}) {}

const std::string& BankMatch::bank() const {
  return network_.banks[static_cast<std::size_t>(links_.self())].name;
}

const PartyFile& BankMatch::read(const std::string& file, const PartyFileOptions& columns,
                                 const OnProgress& progress) {
  file_ = read_bank_file(file, columns, network_, progress);
  return file_;
}

BankMatchOutcome BankMatch::run(Asking asking, const ResultPlace& out,
                                CancellationToken& cancellation, const OnProgress& progress) {
  if (asking.flags && !file_.has_flags) {
    fail(Code::bad_input, "{}: without a flag column only a match without flags can be asked for",
         file_.file);
  }
  check_results(out, {bank()});
  const PeerTable table = peer_table(file_);
  asking.keys = &keys_;
  asking.key = file_.key;
  AskedOutcome asked =
      ask(links_, asking, table, cancellation,
          [&](double done, std::string_view step) { report(progress, step, done); });

  const std::vector<bool>& rows = asked.outcome.answer.rows;
  require(rows.size() == file_.size(), "a protocol answers with one bit a row");
  ResultFiles files(out, to_hex(asked.session));
  const Learned learned{.opened = true,
                        .matches = static_cast<std::uint64_t>(std::ranges::count(rows, true)),
                        .identifiers = rows.size(),
                        .file = files.path(bank())};
  write_identifiers(files.add(bank()), file_.identifiers,
                    [&](std::size_t row) { return rows[row]; });
  files.finish({{"protocol", asking.protocol},
                {"parties", network_.banks.size()},
                {"threshold", asking.threshold},
                {"min_flags", asking.flags ? 1 : 0},
                {"recipients",
                 {{bank(), {{"matches", *learned.matches}, {"clients", *learned.identifiers}}}}}});
  return {.session = to_hex(asked.session),
          .bank = bank(),
          .learned = learned,
          .figures = std::move(asked.outcome)};
}

}  // namespace polder
