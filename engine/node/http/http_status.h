// Errors as HTTP answers.
#pragma once

#include <string_view>

#include "base/error.h"
#include "node/http/http_server.h"

namespace boost::json {
class object;
}

namespace polder {

int http_status(Code code);

/// {"error":{"code":…,"message":…}} with the code's status.
HttpResponse error_answer(Code code, std::string_view message);
HttpResponse metrics_answer(std::string page);
HttpResponse json_answer(const boost::json::object& object, int status = 200);

}  // namespace polder
