// What was read of a file and what was done with its rows, as programs are told.
#pragma once

#include <boost/json/object.hpp>

#include "client/files/party_file.h"

namespace polder {

boost::json::object reading_json(const PartyFile& file);

}  // namespace polder
