// Bytes that requests and answers hold, for all callers together and for each: no single one gets
// more than a quarter, unless it holds nothing else.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>

namespace polder {

/// For one thread.
class FairShare {
 public:
  explicit FairShare(std::size_t most) : most_(most) {}

  /// Held until it goes.
  class Held {
   public:
    Held(FairShare& share, std::string account, std::size_t amount)
        : share_(&share), account_(std::move(account)), amount_(amount) {}
    Held(Held&& other) noexcept
        : share_(other.share_), account_(std::move(other.account_)), amount_(other.amount_) {
      other.share_ = nullptr;
    }
    Held& operator=(Held&&) = delete;
    ~Held() {
      if (share_ != nullptr) share_->give_back(account_, amount_);
    }

   private:
    FairShare* share_;
    std::string account_;
    std::size_t amount_;
  };

  /// None if there is no room, or not for this account.
  std::optional<Held> take(const std::string& account, std::size_t amount) {
    const auto found = of_account_.find(account);
    const std::size_t own = found == of_account_.end() ? 0 : found->second;
    if (amount > most_ - in_use_ || (own > 0 && own + amount > most_ / 4)) return std::nullopt;
    if (amount > 0) {
      in_use_ += amount;
      of_account_[account] += amount;
    }
    return std::optional<Held>(std::in_place, *this, account, amount);
  }

 private:
  void give_back(const std::string& account, std::size_t amount) {
    if (amount == 0) return;
    in_use_ -= amount;
    const auto found = of_account_.find(account);
    found->second -= amount;
    if (found->second == 0) of_account_.erase(found);
  }

  const std::size_t most_;
  std::size_t in_use_ = 0;
  std::map<std::string, std::size_t, std::less<>> of_account_;
};

}  // namespace polder
