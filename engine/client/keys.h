// An organisation's keys: one that signs what it uploads and asks for, one to which results are
// sealed. They are made on its own machine and the secret halves stay there.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "crypto/seal.h"
#include "crypto/sign.h"
#include "store/members.h"

namespace polder {

struct OrganisationKeys {
  std::string name;
  SigningKey sign;
  ReceivingKey receive;
};

/// Makes `folder`/NAME.key (mode 600) and NAME.pub; returns the path of the latter. Never
/// overwrites. Throws Error bad_input if there is a key of that name or the name cannot be a
/// file's.
std::filesystem::path make_keys(const std::filesystem::path& folder, std::string_view name);

/// Throws Error not_found, bad_input, or forbidden if others may read the file.
OrganisationKeys read_keys(const std::filesystem::path& file);

/// What everybody may know of an organisation, from its NAME.pub. Throws as read_keys; a file of
/// secret keys is refused by what it says that it is.
Member read_public_keys(const std::filesystem::path& file);

/// The public half of keys.
Member public_half(const OrganisationKeys& keys);

}  // namespace polder
