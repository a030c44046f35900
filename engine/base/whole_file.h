// Files that are there whole, on disk and under their name, or not at all.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace polder {

enum class Rights { owner_only, everybody };  // modes 600 and 644, less the umask

/// Makes a folder and those above it; `check_folder` only says whether that would work.
/// Throw Error bad_input or forbidden, naming the folder that is in the way.
void make_folder(const std::filesystem::path& folder);
void check_folder(const std::filesystem::path& folder);

/// Text that grows in a file beside the final one, until `finish` gives it its name.
class WholeFile {
 public:
  enum class Existing { replace, refuse };

  /// Throws Error forbidden or busy, naming the file and the system's reason.
  WholeFile(std::filesystem::path file, Rights rights);
  WholeFile(const WholeFile&) = delete;
  WholeFile& operator=(const WholeFile&) = delete;
  /// Removes what was not finished.
  ~WholeFile();

  void write(std::string_view text);
  /// Brings all to disk. Nothing is visible yet.
  void flush();
  /// Gives the file its name. With `refuse`, throws Error bad_input if there is one already.
  void finish(Existing existing = Existing::replace);

 private:
  void put(std::string_view text);

  std::filesystem::path file_, beside_;
  int descriptor_;
  std::string buffer_;
};

}  // namespace polder
