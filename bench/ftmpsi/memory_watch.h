// How much more memory this process held at a moment's peak than when the watch began. Linux only.
#pragma once

namespace polder::bench {

class MemoryWatch {
 public:
  MemoryWatch();
  double peak_bytes() const;

 private:
  double before_;
};

}  // namespace polder::bench
