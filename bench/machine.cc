#include "bench/machine.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <hwy/targets.h>

#include <cstdio>
#include <fstream>
#include <memory>
#include <sstream>
#include <string_view>
#include <thread>

#include "base/error.h"

namespace polder::bench {
namespace {

/// A field of the first processor in /proc/cpuinfo.
std::string processor(std::string_view field) {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with(field)) return line.substr(line.find(':') + 2);
  }
  return "?";
}

/// Of the processor's instructions, those that our kernels choose by.
std::string instructions() {
  std::istringstream words(processor("flags"));
  std::string chosen;
  for (std::string word; words >> word;) {
    for (const std::string_view wanted : {"aes", "avx2", "avx512f", "gfni", "vaes"}) {
      if (word == wanted) chosen += " " + word;
    }
  }
  return chosen;
}

std::string first_line_of(const char* command) {
  const std::unique_ptr<FILE, int (*)(FILE*)> output(popen(command, "r"), pclose);
  std::string line;
  for (int c; output && (c = std::fgetc(output.get())) != EOF && c != '\n';)
    line += static_cast<char>(c);
  return line.empty() ? "unknown" : line;
}

}  // namespace

std::string machine() {
  return fmt::format(
      "{}, {} cores,{}\ncommit {}, {:%Y-%m-%d %H:%M}\n", processor("model name"),
      std::thread::hardware_concurrency(), instructions(),
      first_line_of("git -C " POLDER_SOURCE " describe --always --dirty 2>/dev/null"),
      fmt::localtime(std::time(nullptr)));
}

void use_only(const std::string& instructions) {
  std::string known;
  for (std::int64_t left = hwy::SupportedTargets(); left != 0; left &= left - 1) {
    const std::int64_t target = left & -left;
    known += fmt::format(" {}", hwy::TargetName(target));
    if (instructions != hwy::TargetName(target)) continue;
    hwy::SetSupportedTargetsForTest(target);
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
    return;
  }
  fail(Code::bad_input, "--instructions wants one of{}, not '{}'", known, instructions);
}

}  // namespace polder::bench
