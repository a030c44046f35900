// The keys of a session: each component's is known to its two holders and made of a part of either,
// so that it is random to the third as long as one of the two draws well.
#pragma once

#include "crypto/stream.h"
#include "net/mesh.h"

namespace polder::rep3 {

/// What a node draws for the two keys that it will hold.
struct KeyParts {
  Secret<16> own = Secret<16>::random();   // of component `role`'s, which the previous node shares
  Secret<16> next = Secret<16>::random();  // of component role + 1's, which the next node shares
};

struct SessionKeys {
  Key own, next;
};

/// Node i's key of component i is a hash of its own part and node i - 1's.  1 round, 16 bytes to
/// each neighbour.
SessionKeys agree_on_keys(Mesh& mesh, const KeyParts& parts = {});

}  // namespace polder::rep3
