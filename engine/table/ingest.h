// Whether what an owner sent is what its table's types say. Owners are not trusted: every proof
// that nothing overflows rests on bounds, and every comparison on the two forms of a number being
// one.
#pragma once

#include <string>

#include "table/answer.h"

namespace polder {

/// Checks every column: a number's two forms agree, values are within their bounds and labels, what
/// is missing holds zero, texts are filled up with zeros alone.  For a column of w bits about
/// 20 rounds and w + 97 B a row.  Reveals to the nodes one bit a column: whether all is as it
/// should be; of an honest owner that it is. A wrong value is missed with probability <= 2^-46.
/// Throws Error bad_schema, naming table and column.
void require_as_declared(Protocol& mpc, const Frame& frame, const std::string& table);

}  // namespace polder
