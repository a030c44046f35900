// Runs one piece of code under every protocol in one process, as all parties at once, and gives
// what was opened: the frame of every operator's test.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "protocol/protocol.h"

namespace polder::testing {

/// Keeps what one party delivers, by recipient and label.
class KeepingOutbox final : public Outbox {
 public:
  void deliver(const Recipient& to, const Arith& shares) override { sums.emplace(key(to), shares); }
  void deliver(const Recipient& to, const Bits& shares) override { bits.emplace(key(to), shares); }
  static std::string key(const Recipient& to) { return to.name + "/" + to.label; }

  std::map<std::string, Arith> sums;
  std::map<std::string, Bits> bits;
};

/// What one party's side of `work` runs with. Inputs are split by a dealer all parties agree with
/// (a seed), as an owner would.
class Party {
 public:
  virtual ~Party() = default;
  virtual Protocol& mpc() = 0;
  /// Shares of values that a test knows.
  virtual Arith input(std::span<const std::uint64_t> values) = 0;
  virtual Bits input_bits(std::span<const std::uint64_t> rows, std::size_t n, int width) = 0;
  Bits input_bits(const std::vector<std::uint64_t>& values, int width) {
    return input_bits(values, values.size(), width);
  }
  /// 0, 1 or 2; 0 for a protocol with one party.
  virtual int role() const = 0;
  virtual KeepingOutbox& outbox() = 0;
};

/// Names of all protocols, for parametrised tests.
std::vector<std::string> every_protocol();

/// The name of rep3 with so many lanes a node. A column is split in blocks of rows, so one of n
/// rows is on ceil(n / 32768) of them.
std::string rep3_on_lanes(std::size_t lanes);

/// What was delivered to recipients, put together, by "name/label".
struct Delivered {
  std::map<std::string, Words> sums;
  std::map<std::string, PlainBits> bits;
  std::vector<Costs> costs;  // one a party
};

/// Runs `work` as every party of `protocol`; throws what the first failing party threw.
Delivered run(const std::string& protocol, const std::function<void(Party&)>& work);

}  // namespace polder::testing
