#include "simulation/simulate.h"

#include <array>
#include <mutex>

#include "base/error.h"
#include "net/testing/memory_channel.h"
#include "protocol/cleartext/cleartext.h"
#include "protocol/registry.h"

namespace polder {
namespace {

class KeepingOutbox final : public Outbox {
 public:
  void deliver(const Recipient& to, const Arith& shares) override {
    sums.emplace(to.label, shares);
  }
  void deliver(const Recipient& to, const Bits& shares) override { bits.emplace(to.label, shares); }

  // By label: all recipients of a part get the same.
  std::map<std::string, Arith> sums;
  std::map<std::string, Bits> bits;
};

/// A party's shares of plain columns.
class Dealer {
 public:
  virtual ~Dealer() = default;
  virtual Arith arith(const Words& values) = 0;
  virtual Bits bits(const PlainBits& values) = 0;
};

class PlainDealer final : public Dealer {
 public:
  explicit PlainDealer(Protocol& mpc) : mpc_(mpc) {}
  Arith arith(const Words& values) override { return mpc_.constant(values); }
  Bits bits(const PlainBits& values) override { return mpc_.constant(values); }

 private:
  Protocol& mpc_;
};

/// Every party splits in the same way and takes its own components.
class SplittingDealer final : public Dealer {
 public:
  SplittingDealer(int role, const Seeds& seeds) : role_(role), seeds_(seeds) {}

  Arith arith(const Words& values) override {
    const std::string name = next_name();
    return node_arith(role_, values.size(), sent(split_arith(values, seeds_, name)), name);
  }
  Bits bits(const PlainBits& values) override {
    const std::string name = next_name();
    return node_bits(role_, values.shape(), sent(split_bits(values, seeds_, name)), name);
  }

 private:
  std::string next_name() { return std::to_string(columns_++); }
  Sent sent(Words data) {
    data_ = std::move(data);
    return {&seeds_.first, &seeds_.second, data_};
  }

  int role_;
  const Seeds& seeds_;
  Words data_;
  int columns_ = 0;
};

class PlainSource final : public TableSource {
 public:
  PlainSource(const PlainTables& tables, Dealer& dealer) : tables_(tables), dealer_(dealer) {}

  Frame read(const std::string& table_name, const std::string& owner,
             const std::vector<ColumnShape>& columns, std::uint64_t max_rows) override {
    const std::string name = owner.empty() ? table_name : table_name + "@" + owner;
    const auto table = tables_.find(name);
    if (table == tables_.end()) fail(Code::not_found, "there is no table '{}'", name);
    if (table->second.rows > max_rows) {
      fail(Code::bad_schema, "table '{}' has {} rows, more than the {} that the plan allows", name,
           table->second.rows, max_rows);
    }
    Frame frame{table->second.rows, {}, {}};
    for (const ColumnShape& wanted : columns)
      frame.columns.emplace_back(wanted.name,
                                 share(series(find(table->second, name, wanted), frame.rows)));
    return frame;
  }

 private:
  static const PlainColumn& find(const PlainTable& table, const std::string& name,
                                 const ColumnShape& wanted) {
    for (const PlainColumn& column : table.columns) {
      if (column.name != wanted.name) continue;
      if (column.type == wanted.type) return column;
      fail(Code::bad_schema, "table '{}': column '{}' is {}, and the plan wants {}", name,
           column.name, column.type.text(), wanted.type.text());
    }
    fail(Code::bad_schema, "table '{}' has no column '{}'", name, wanted.name);
  }

  /// Numbers in both forms, as they are uploaded.
  Series series(const PlainColumn& column, std::size_t rows) {
    Bits bits = dealer_.bits(PlainBits::of_rows(column.values, rows, column.type.width()));
    Series series = column.type.is_stored_number()
                        ? Series(column.type, dealer_.arith(column.values), std::move(bits))
                        : Series(column.type, std::move(bits));
    if (column.type.null) {
      Words missing(rows, 0);
      for (std::size_t row = 0; row < column.null.size(); ++row) missing[row] = column.null[row];
      series.set_null(dealer_.bits(PlainBits::of_rows(missing, rows, 1)));
    }
    return series;
  }

  const PlainTables& tables_;
  Dealer& dealer_;
};

void run_party(Protocol& mpc, Dealer& dealer, const Graph& plan, const PlainTables& tables,
               const Parameters& parameters, std::vector<Costs>* costs) {
  PlainSource source(tables, dealer);
  Execution execution(mpc, plan, source, parameters);
  execution.run();
  if (costs != nullptr) *costs = execution.costs();
}

std::vector<Result> results(const Graph& plan,
                            const std::function<Part(const std::string& label)>& part) {
  std::vector<Result> all;
  for (const StepId root : plan.roots()) all.push_back(result_of(plan, root, part));
  return all;
}

Words plain(const Arith& x) { return {x.component(0).begin(), x.component(0).end()}; }
PlainBits plain(const Bits& x) {
  return PlainBits(x.shape(), {x.component(0).begin(), x.component(0).end()});
}

}  // namespace

std::vector<Result> simulate(const Graph& plan, const PlainTables& tables,
                             const Parameters& parameters, std::string_view protocol,
                             std::vector<Costs>* costs) {
  require_sound(plan);
  for (const auto& [name, table] : tables) require_within_types(table);
  if (protocol == "cleartext") {
    KeepingOutbox outbox;
    Cleartext mpc(Key::random(), outbox);
    PlainDealer dealer(mpc);
    run_party(mpc, dealer, plan, tables, parameters, costs);
    return results(plan, [&](const std::string& label) -> Part {
      if (outbox.sums.contains(label)) return plain(outbox.sums.at(label));
      return plain(outbox.bits.at(label));
    });
  }
  const Seeds seeds{Key::random(), Key::random()};
  std::array<KeepingOutbox, node_count> outboxes;
  run_parties_on_lanes(1, [&](std::span<Mesh* const> meshes) {
    const int role = meshes[0]->role();
    const std::unique_ptr<Protocol> mpc =
        make_protocol(protocol, meshes, outboxes[static_cast<std::size_t>(role)]);
    SplittingDealer dealer(role, seeds);
    run_party(*mpc, dealer, plan, tables, parameters, role == 0 ? costs : nullptr);
  });
  auto& [first, second, third] = outboxes;
  return results(plan, [&](const std::string& label) -> Part {
    if (first.sums.contains(label))
      return reconstruct(
          std::array{first.sums.at(label), second.sums.at(label), third.sums.at(label)});
    return reconstruct(
        std::array{first.bits.at(label), second.bits.at(label), third.bits.at(label)});
  });
}

}  // namespace polder
