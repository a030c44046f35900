#include "client/files/result_files.h"

#include <fmt/chrono.h>
#include <sys/stat.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <ctime>
#include <optional>
#include <set>

#include "base/error.h"
#include "base/json.h"
#include "base/text_file.h"

namespace polder {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr std::string_view summary_name = "summary.json";
constexpr std::size_t max_files = 10'000;

std::optional<struct stat> status_of(const fs::path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return {};
  return status;
}

/// The input that this file is, under whatever name.
std::optional<std::string> input_at(const struct stat& file,
                                    const std::vector<std::string>& inputs) {
  for (const std::string& input : inputs) {
    const auto other = status_of(input);
    if (other && other->st_dev == file.st_dev && other->st_ino == file.st_ino) return input;
  }
  return {};
}

/// What summary.json says of the run that wrote here.
struct Earlier {
  std::string session;
  std::vector<std::string> files;
};

Earlier earlier_in(const fs::path& folder) {
  const fs::path file = folder / summary_name;
  if (!fs::is_regular_file(file)) return {};
  try {
    const json::object summary = parse_object(read_text(file), file.string());
    Fields fields(summary, file.string());
    return {.session = fields.text("session"), .files = fields.texts("files", max_files)};
  } catch (const Error&) {
    return {};  // somebody else's file: it is replaced only if that was said
  }
}

std::string csv_name(const std::string& name) { return name + ".csv"; }

void check_file(const ResultPlace& place, const std::string& name, bool may_be_there) {
  const fs::path file = place.folder / name;
  const auto status = status_of(file);
  if (!status) return;
  if (const auto input = input_at(*status, place.inputs)) {
    fail(Code::bad_input,
         "{}: the result would overwrite the input {}; choose another folder with --out",
         file.string(), *input);
  }
  if (S_ISDIR(status->st_mode)) {
    fail(Code::bad_input, "{}: is a folder where a result goes; choose another folder with --out",
         file.string());
  }
  if (may_be_there || place.replace) return;
  fail(Code::bad_input,
       "{}: is there already and is not replaced; choose another folder with --out, or say --force",
       file.string());
}

std::string now() { return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr))); }

}  // namespace

void check_results(const ResultPlace& place, const std::vector<std::string>& names,
                   std::string_view session) {
  check_folder(place.folder);
  const Earlier earlier = earlier_in(place.folder);
  const bool same_run = !session.empty() && earlier.session == session;
  for (const std::string& name : names) {
    check_file(place, csv_name(name),
               same_run && std::ranges::find(earlier.files, csv_name(name)) != earlier.files.end());
  }
  check_file(place, std::string(summary_name), same_run);
}

ResultFiles::ResultFiles(ResultPlace place, std::string session)
    : place_(std::move(place)), session_(std::move(session)) {}

std::vector<std::string> ResultFiles::names() const {
  std::vector<std::string> names;
  for (const auto& [name, file] : files_) names.push_back(name);
  return names;
}

fs::path ResultFiles::path(const std::string& name) const { return place_.folder / csv_name(name); }

WholeFile& ResultFiles::add(const std::string& name) {
  check_results(place_, {name}, session_);
  make_folder(place_.folder);
  auto& file = files_[name];
  file = std::make_unique<WholeFile>(path(name), Rights::owner_only);
  return *file;
}

void ResultFiles::finish(json::object summary) {
  check_results(place_, names(), session_);  // much may have happened since the run began
  const Earlier earlier = earlier_in(place_.folder);
  std::set<std::string> written;
  for (const std::string& name : names()) written.insert(csv_name(name));
  std::set<std::string> all = written;
  if (earlier.session == session_) all.insert(earlier.files.begin(), earlier.files.end());

  summary["session"] = session_;
  summary["time"] = now();
  summary["files"] = json::array(all.begin(), all.end());
  WholeFile described(place_.folder / summary_name, Rights::owner_only);
  described.write(json::serialize(summary) + "\n");
  described.flush();
  for (const auto& [name, file] : files_) file->flush();

  for (const auto& [name, file] : files_) file->finish();
  for (const std::string& old : earlier.files) {
    const fs::path file = place_.folder / fs::path(old).filename();
    const auto status = status_of(file);
    if (all.contains(old) || !status || input_at(*status, place_.inputs)) continue;
    if (file.extension() == ".csv" && S_ISREG(status->st_mode)) fs::remove(file);
  }
  described.finish();
}

}  // namespace polder
