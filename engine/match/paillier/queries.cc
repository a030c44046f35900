#include "match/paillier/queries.h"

namespace polder {

Query nothing_differs(const PaillierSizes& sizes) {
  Query query(sizes.differing_range(), 0);
  query[0] = 1;
  return query;
}

Query enough_hold(const PaillierSizes& sizes) {
  Query query;
  for (std::uint64_t others = 0; others < sizes.holders_range(); ++others) {
    query.push_back(others + 1 >= sizes.threshold);
  }
  return query;
}

Query any_flags(const PaillierSizes& sizes) {
  Query query(sizes.flaggers_range(), 1);
  query[0] = 0;
  return query;
}

Query both_hold() { return {0, 0, 1}; }

std::vector<Query> joint_queries(const PaillierSizes& sizes) {
  if (!sizes.flags) return {enough_hold(sizes)};
  return {enough_hold(sizes), any_flags(sizes), both_hold()};
}

}  // namespace polder
