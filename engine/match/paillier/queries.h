// The queries that a run's tables answer, in the order in which they are asked.
#pragma once

#include <vector>

#include "match/paillier/sizes.h"
#include "match/paillier/tables.h"

namespace polder {

/// Do no bits differ?
Query nothing_differs(const PaillierSizes& sizes);
/// With so many other banks holding the row, are there enough?
Query enough_hold(const PaillierSizes& sizes);
/// Does any bank flag it?
Query any_flags(const PaillierSizes& sizes);
/// Are both conditions fulfilled?
Query both_hold();

/// Those whose tables all holders turn.
std::vector<Query> joint_queries(const PaillierSizes& sizes);

}  // namespace polder
