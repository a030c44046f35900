#include "table/execution.h"

namespace polder {

void Execution::run(const Progress& progress) {
  std::vector<std::size_t> uses_left(plan_.size(), 0);
  for (const Step& node : plan_.steps()) {
    for (const StepId input : node.of) ++uses_left[input];
  }
  answers_.resize(plan_.size());
  for (current_ = 0; current_ < plan_.size(); ++current_) {
    const Step& node = plan_.at(current_);
    if (progress)
      progress(static_cast<double>(current_) / static_cast<double>(plan_.size()), node.op->name);
    std::vector<AnswerPointer> of;
    for (const StepId input : node.of) of.push_back(answers_[input]);
    costs_.push_back(
        cost_of(mpc_, [&] { answers_[current_] = node.op->lower(*this, node.fields, of); }));
    for (const StepId input : node.of) {
      if (--uses_left[input] > 0) continue;
      std::erase_if(groupings_,
                    [&](const auto& known) { return known.first.first == answers_[input].get(); });
      answers_[input] = nullptr;
    }
  }
  mpc_.check();
}

std::shared_ptr<const Grouping> Execution::grouping(const AnswerPointer& frame, const Names& by) {
  std::shared_ptr<const Grouping>& known = groupings_[{frame.get(), by}];
  if (known == nullptr)
    known = std::make_shared<const Grouping>(group_rows_by(mpc_, frame->frame, by));
  return known;
}

}  // namespace polder
