// Letters that look like those of another script.
#pragma once

#include <string_view>

namespace polder {

enum class Letters {
  plain,      // Latin, or none
  foreign,    // of other scripts
  mixed,      // of scripts with letters that look alike: Latin and Cyrillic, Greek and Latin, …
  lookalike,  // of another script, but all of them look like ASCII: АВ123 in Cyrillic
};

/// Of a cell as it is written.  Source: UTS 39 (confusable detection).
Letters letters_of(std::string_view cell);

}  // namespace polder
