// Which columns lie over the same rows.
#pragma once

#include "table/answer.h"

namespace polder {

/// Complains unless the series `of` can stand beside the frame or series `beside`: over its rows,
/// filtered no more than it; or a value.
void require_rows_of(const Inference& in, std::size_t of, std::size_t beside);

/// The input over whose rows all inputs can stand: the series that is filtered most, else a value.
/// Complains if two do not fit.
std::size_t common_rows(const Inference& in);

/// The series, or the value in every one of n rows.  No rounds.  Reveals nothing.
Series over_rows(Protocol& mpc, const Answer& answer, std::size_t n);

}  // namespace polder
