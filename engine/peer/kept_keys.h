// What a bank keeps of the keys that the banks of a network make together, so that their next run
// need not make them: for each protocol a file PROTOCOL.key in the bank's folder. It holds numbers
// that all these banks know, and nothing that decrypts; docs/protocols/paillier.md says why these
// may be used again, and what may not. It is for one network, protocol and version of Polder.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

#include "base/memory.h"
#include "crypto/hash.h"

namespace polder {

/// Whose key it is.
struct KeyUse {
  std::string network;  // its id, a hash of all banks and certificates in their order
  std::string protocol;
};

struct KeptKey {
  Words words = {};  // as the protocol gave them; none: no key
  std::chrono::sys_seconds made = {};
  Digest256 fingerprint = {};  // of words and use: the same at all banks that hold it
};

/// The file.
std::string to_text(const KeptKey& key, const KeyUse& use);
/// Throws Error bad_input: damaged, of another format or use.
KeptKey parse_kept_key(std::string_view text, const KeyUse& use);

/// Thread-safe, and other processes may use the folder, too.
class KeptKeys {
 public:
  /// After that a key is made anew: whoever finds out what a key hides learns that much at most.
  static constexpr std::chrono::days lifetime{90};

  struct Options {
    std::filesystem::path folder;
    std::string network;                                 // its id
    std::function<std::chrono::sys_seconds()> now = {};  // for tests
  };
  explicit KeptKeys(Options options);

  std::filesystem::path file(std::string_view protocol) const;

  /// Throws Error not_found, or bad_input: a file of no use, named with what is wrong with it.
  KeptKey read(std::string_view protocol) const;

  /// The same for a run: no key instead of an error, as the run then makes one that replaces it.
  KeptKey find(std::string_view protocol) const;

  /// Replaces the file, by a whole one.  Throws Error busy or forbidden naming it.
  void keep(std::string_view protocol, const Words& words);

 private:
  KeyUse use(std::string_view protocol) const;
  std::chrono::sys_seconds now() const;

  const Options options_;
  std::mutex writing_;
};

}  // namespace polder
