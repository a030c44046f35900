// All that is wrong with a plan, each with what to do about it.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "plan/shape.h"

namespace polder {

enum class Problem { name, type, overflow, order, bound, opening, parameter };
/// As programs see it, "overflow".
std::string_view name(Problem problem);

struct Complaint {
  Problem problem;
  std::string message;
};

class Complaints {
 public:
  template <typename... Args>
  void add(Problem problem, fmt::format_string<Args...> format, Args&&... args) {
    all_.push_back({problem, fmt::format(format, std::forward<Args>(args)...)});
  }
  const std::vector<Complaint>& all() const { return all_; }
  bool empty() const { return all_.empty(); }

 private:
  std::vector<Complaint> all_;
};

}  // namespace polder
