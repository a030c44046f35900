// How a column of bits is read as a number.
#pragma once

namespace polder {

enum class Sign { without, with };  // unsigned numbers, or two's complement

}  // namespace polder
