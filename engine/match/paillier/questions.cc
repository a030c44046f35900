#include "match/paillier/questions.h"

namespace polder {

Question nothing_differs(const PaillierSizes& sizes) {
  Question question(sizes.differing_range(), 0);
  question[0] = 1;
  return question;
}

Question enough_hold(const PaillierSizes& sizes) {
  Question question;
  for (std::uint64_t others = 0; others < sizes.holders_range(); ++others) {
    question.push_back(others + 1 >= sizes.threshold);
  }
  return question;
}

Question any_flags(const PaillierSizes& sizes) {
  Question question(sizes.flaggers_range(), 1);
  question[0] = 0;
  return question;
}

Question both_hold() { return {0, 0, 1}; }

std::vector<Question> joint_questions(const PaillierSizes& sizes) {
  if (!sizes.flags) return {enough_hold(sizes)};
  return {enough_hold(sizes), any_flags(sizes), both_hold()};
}

}  // namespace polder
