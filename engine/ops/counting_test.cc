// A protocol of sizes alone adds up what rep3 sends: exactly for every operator whose frames follow
// from sizes, within a twentieth where they follow an order that is opened.
#include "protocol/counting/counting.h"

#include "ops/order/sorting_table_fixture.h"
#include "protocol/testing/written_costs.h"

namespace polder {
namespace {

using namespace testing;

class SizesParty final : public Party {
 public:
  Counting& mpc() override { return mpc_; }
  Arith input(std::span<const std::uint64_t> values) override { return mpc_.constant(values); }
  Bits input_bits(std::span<const std::uint64_t>, std::size_t n, int width) override {
    return Bits(0, n, width);
  }
  int role() const override { return 0; }
  KeepingOutbox& outbox() override { return outbox_; }

 private:
  KeepingOutbox outbox_;
  Counting mpc_;
};

std::array<Costs, 3> counted(const OperatorRow& row, std::size_t n) {
  SizesParty party;
  row.run(party.mpc(), Operands(party, {Values(n), Values(n), Values(n), Values(n)}));
  return {party.mpc().costs(0), party.mpc().costs(1), party.mpc().costs(2)};
}

TEST(Counting, AddsUpWhatRep3Sends) {
  std::vector<std::string> lines;
  for (const std::size_t n : {1000ul, 65'536ul}) {
    for (const OperatorRow& row : operator_table())
      lines.push_back(cost_line(row.name, n, counted(row, n)));
  }
  const std::string differences = differs_from_written("operators", lines);
  EXPECT_TRUE(differences.empty()) << differences;
}

TEST(Counting, IsNearWhereAnOrderIsOpened) {
  for (const std::size_t n : {1000ul, 65'537ul}) {
    const PlainOperands plain{sample(n, 64, 1), sample(n, 64, 2), sample(n, 1, 3),
                              sample(n, 64, 4)};
    for (const OperatorRow& row : sorting_table()) {
      const Costs written = written_costs("sorts", row.name, n);
      const Costs costs = counted(row, n)[0];
      EXPECT_NEAR(double(costs.bytes_sent), double(written.bytes_sent),
                  0.05 * double(written.bytes_sent))
          << row.name << " " << n;
      EXPECT_NEAR(double(costs.rounds), double(written.rounds), 0.15 * double(written.rounds))
          << row.name << " " << n;
    }
  }
}

}  // namespace
}  // namespace polder
