// E-mail addresses.
#pragma once

#include <string>
#include <string_view>

namespace polder {

/// name@domain, the domain as it stands in DNS (xn--…), without "mailto:" and <>. Dots and what
/// stands behind a + in the name stay: whose they are is their provider's to say.  Throws Error
/// bad_input if it is no address. Source: RFC 5321, UTS 46.
std::string email_form(std::string_view folded);

}  // namespace polder
