// Oracle: docs/openapi.yaml, read by its indentation.
#include "node/routes.h"

#include <gtest/gtest.h>

#include <fstream>
#include <set>

#include "base/error.h"

namespace polder {
namespace {

/// "GET /v1/info" of every operation under `paths:`.
std::set<std::string> described() {
  std::set<std::string> operations;
  std::ifstream file(POLDER_OPENAPI);
  std::string line, path;
  while (std::getline(file, line) && line != "components:") {
    if (line.starts_with("  /")) path = line.substr(2, line.size() - 3);
    for (const std::string method : {"get", "post", "put", "delete"}) {
      std::string upper;
      for (const char c : method) upper += static_cast<char>(c - 32);
      if (line == "    " + method + ":") operations.insert(upper + " " + path);
    }
  }
  return operations;
}

TEST(Routes, AreThoseOfTheDescription) {
  std::set<std::string> served;
  for (const Route& route : routes()) {
    served.insert(std::string(route.method) + " " + std::string(route.pattern));
  }
  EXPECT_EQ(served.size(), routes().size());
  EXPECT_EQ(served, described());
}

TEST(Routes, ThatChangeSomethingAreSigned) {
  for (const Route& route : routes()) {
    EXPECT_TRUE(route.method == "GET" || route.access != Route::Access::anyone) << route.pattern;
  }
}

TEST(Routes, ToTheListOfSessionsAreForMembers) {
  EXPECT_EQ(find_route("GET", "/v1/sessions")->route->access, Route::Access::member);
}

TEST(Routes, AreFoundWithTheirParameters) {
  EXPECT_EQ(find_route("PUT", "/v1/uploads/ab/chunks/7")->parameters,
            (std::vector<std::string>{"ab", "7"}));
  EXPECT_EQ(find_route("GET", "/v1/sessions/ab/results/Bank%20%C3%A9%2f")->parameters[1],
            "Bank é/");
  EXPECT_TRUE(find_route("GET", "/v1/info")->parameters.empty());
}

TEST(Routes, AreFoundOnlyAsWritten) {
  for (const char* path :
       {"", "/", "/v1", "/v1/info/", "//v1/info", "/v1//info", "/V1/info", "/v1/uploads/",
        "/v1/uploads/a/chunks/", "/v1/uploads/a/b", "v1/info", "/v1/tables/%", "/v1/tables/%4",
        "/v1/tables/%zz", "/v1/tables/..", "/v1/info%00"}) {
    if (std::string(path) == "/v1/tables/..") continue;  // a name like any other: nothing is opened
    EXPECT_FALSE(find_route("GET", path)) << path;
  }
  EXPECT_FALSE(find_route("POST", "/v1/info"));
  EXPECT_FALSE(find_route("get", "/v1/info"));
}

TEST(Query, GivesOneNumber) {
  EXPECT_EQ(query_number("wait_ms=250", "wait_ms", 1000, 7), 250u);
  EXPECT_EQ(query_number("a=1&wait_ms=0", "wait_ms", 1000, 7), 0u);
  EXPECT_EQ(query_number("", "wait_ms", 1000, 7), 7u);
  EXPECT_EQ(query_number("wait=3&wait_msx=3", "wait_ms", 1000, 7), 7u);
  for (const char* bad : {"wait_ms=", "wait_ms=-1", "wait_ms=1001", "wait_ms=1x",
                          "wait_ms=99999999999999999999999"}) {
    EXPECT_THROW(query_number(bad, "wait_ms", 1000, 7), Error) << bad;
  }
}

}  // namespace
}  // namespace polder
