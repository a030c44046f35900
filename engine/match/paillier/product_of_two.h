// Joint products of two parties alone, where shares would hide nothing: the leader encrypts its
// factors under a key of its own, the other multiplies what is encrypted.
// Source: Gilboa, "Two party RSA key generation", CRYPTO 1999.
#pragma once

#include <memory>

#include "match/paillier/joint_product.h"

namespace polder {

/// The leader draws its key and sends the public part.
std::unique_ptr<JointProducts> products_of_two(Parties& parties, const JointRoles& roles,
                                               const JointProducts::Bits& bits);

}  // namespace polder
