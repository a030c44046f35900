// One JSON line per event on standard error. Values are escaped by the serialiser, so nothing that
// a client sent can forge a line; secrets and free text from requests are never passed in, but what
// a plan says and who asked for it are.
#pragma once

#include <boost/json/object.hpp>
#include <string_view>

namespace polder {

/// {"time":…,"event":"…", fields…}. Thread-safe.
void log_event(std::string_view event, boost::json::object fields = {});

/// The same at level error: something that the operator should look at.
void log_trouble(std::string_view event, boost::json::object fields = {});

}  // namespace polder
