#include "peer/lookup/lookup.h"

#include <algorithm>

#include "base/error.h"
#include "base/text_file.h"
#include "crypto/files/own_folder.h"
#include "crypto/random.h"
#include "peer/greeting.h"
#include "peer/lookup/list_file.h"
#include "peer/message.h"
#include "peer/terms.h"

namespace polder {
namespace {

namespace fs = std::filesystem;

/// The secret from which the keys of all lists of this bank are made.
Secret<32> seed_in(const fs::path& folder) {
  const fs::path file = folder / "lookup.seed";
  if (!fs::exists(file)) write_new(file, Secret<32>::random().raw());
  refuse_readable_by_others(file);
  std::string text = read_text(file, 32);
  if (text.size() != 32) {
    fail(Code::bad_input, "{}: not a seed; remove it, and a new one is made", file.string());
  }
  Secret<32> seed = Secret<32>::filled([&](auto& raw) { std::ranges::copy(text, raw.begin()); });
  wipe(text.data(), text.size());
  return seed;
}

VoprfQuery blind(const std::vector<IdentifierHash>& identifiers) {
  VoprfQuery::Inputs inputs;
  for (const IdentifierHash& identifier : identifiers)
    inputs.emplace_back(identifier.begin(), identifier.end());
  return VoprfQuery(std::move(inputs));
}

/// What a register gives.
struct Given {
  std::vector<VoprfOutput> outputs;
  ListHead head;
  ListFile list;
  bool list_was_kept;
};

/// The connection ends when this returns.
Given ask_register(BankLinks& links, int bank, const HashedFor& hashed, const fs::path& file,
                   CancellationToken& cancellation) {
  LookupQuery query{.session = {}, .requester = links.self(), .blinded = {}};
  random_bytes(query.session);
  Greeting greeting(links.dial(bank, query.session, HandshakeKind::ask, cancellation),
                    links.ends(bank), cancellation);
  Channel& connection = greeting.channel();
  send_text(connection,
            key_query({.session = query.session, .requester = query.requester}, links.network()));
  const VoprfQuery blinded =
      blind(hashed(parse_key_answer(receive_message(connection, "answer"), links.shown(bank))));
  query.blinded = blinded.blinded();
  send_text(connection, to_text(query, links.network()));
  const LookupAnswer answer =
      parse_lookup_answer(receive_message(connection, "answer"), links.shown(bank));
  std::vector<VoprfOutput> outputs = blinded.outputs(answer.list.public_point, answer.evaluated);

  std::optional<ListFile> kept = ListFile::kept(file, answer.list);
  const std::uint64_t wanted = kept ? 0 : 1;
  connection.send_words({&wanted, 1});
  connection.flush();
  return {.outputs = std::move(outputs),
          .head = answer.list,
          .list = kept ? std::move(*kept) : ListFile::received(file, answer.list, connection),
          .list_was_kept = wanted == 0};
}

/// Where the list of a bank is kept.
fs::path file_in(const fs::path& lists, const BankCard& bank) {
  std::error_code error;
  fs::create_directories(lists, error);
  if (error) fail_on_file(lists, "cannot be made", error.value());
  return lists / (bank.name + ".list");
}

}  // namespace

LookupService::LookupService(const Options& options)
    : list_(publish(options.rows, bound_for(options.rows.identifiers.size(), options.bound),
                    seed_in(options.folder).raw())),
      key_(options.key),
      asked_(options.asked) {}

LookupAnswer LookupService::answer(const LookupQuery& query, const BankCard& requester) {
  // Before anything is given.
  asked_.take({.requester = requester.certificate,
               .kind = AskedRows::Kind::look_up,
               .count = query.blinded.size()});
  return {.evaluated = list_.key.answer(query.blinded), .list = list_.head};
}

void hand_out_list(Channel& to, const PublishedList& list) {
  std::uint64_t wanted = 0;
  to.receive_words({&wanted, 1});
  if (wanted == 0) return;
  // Lent piece by piece: however many banks read slowly, there is one list in memory.
  in_pieces(list.entries.size(), [&](std::uint64_t at, std::uint64_t size) {
    to.send_borrowed(std::span(list.entries).subspan(at, size));
    to.flush();
  });
}

LookedUp look_up(BankLinks& links, int bank, const HashedFor& hashed, const fs::path& lists,
                 CancellationToken& cancellation) {
  const fs::path file = file_in(lists, links.network().banks[static_cast<std::size_t>(bank)]);
  return naming(links.shown(bank), [&] {
    const Given given = ask_register(links, bank, hashed, file, cancellation);
    // That bank sees neither what is found nor how long the search takes: the connection has ended.
    LookedUp found{.reports = {}, .list = given.head, .list_was_kept = given.list_was_kept};
    for (const VoprfOutput& output : given.outputs)
      found.reports.push_back(given.list.find(output));
    return found;
  });
}

}  // namespace polder
