// For tests: a bank that has a register, and one that looks up in it.
#pragma once

#include <gtest/gtest.h>

#include "base/testing/test_folder.h"
#include "peer/lookup/lookup.h"
#include "peer/message.h"
#include "peer/testing/test_banks.h"

namespace polder::testing {

constexpr std::uint64_t register_rows = 5;  // the identifiers 0 to 4

/// The counts of a bank.
struct Asked : AskedRows {
  explicit Asked(const TestFolder& folder, std::uint64_t look_ups = 1000)
      : AskedRows(folder.path() / "asked.counts", {.rows = 100'000, .look_ups = look_ups}) {}
};

/// The service of a register in a folder of its own.
struct Register {
  explicit Register(const RegisterRows& rows_of_it = register_of(register_rows),
                    std::uint64_t limit = 1000)
      : asked(folder, limit),
        service({.rows = rows_of_it, .folder = folder.path(), .asked = asked}) {}

  const TestFolder folder;
  Asked asked;
  LookupService service;
};

/// Identifiers that were hashed beforehand, whatever the register's key is.
inline HashedFor as_they_are(std::vector<IdentifierHash> identifiers) {
  return [identifiers = std::move(identifiers)](const auto&) { return identifiers; };
}

/// The query that follows the one about the key, which is answered.
inline std::string query_on(Channel& connection) {
  EXPECT_TRUE(is_key_query(receive_message(connection, "question")));
  send_text(connection, to_text(std::vector<KeyColumn>{{.name = "client_id"}}));
  return receive_message(connection, "question");
}

/// Bank 0, which looks up at bank 1.
struct Requester {
  explicit Requester(TestBanks& banks, std::size_t bank = 0) : links(banks.options(bank)) {}

  LookedUp ask(const std::vector<std::uint64_t>& numbers) {
    std::vector<IdentifierHash> identifiers;
    for (const std::uint64_t number : numbers) identifiers.push_back(identifier(number));
    CancellationToken cancellation({.silence = ample});
    return look_up(links, 1, as_they_are(identifiers), folder.path() / "registers", cancellation);
  }

  BankLinks links;
  const TestFolder folder;
};

}  // namespace polder::testing
