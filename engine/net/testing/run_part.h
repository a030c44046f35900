// How one of several parties that run as threads of one process does its part.
#pragma once

#include "base/error.h"
#include "base/first_error.h"

namespace polder {

/// Runs one party's part on its connections (Mesh or Parties); one that throws tells the others
/// why.
template <typename Connections, typename Part>
void run_part(const Connections& connections, FirstError& first, const Part& part) {
  try {
    part();
    connections.flush();
  } catch (const Error& error) {
    first.keep(std::current_exception());
    connections.abort(error.code(), error.what());
  } catch (const std::exception& error) {
    first.keep(std::current_exception());
    connections.abort(Code::internal, error.what());
  }
}

}  // namespace polder
