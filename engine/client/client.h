// What an organisation does at the nodes of a network besides matching: see how they are, list,
// upload and remove tables, admit members.
#pragma once

#include <array>
#include <filesystem>
#include <string>
#include <vector>

#include "client/files/own_tables.h"
#include "client/keys.h"
#include "client/nodes/tables.h"
#include "client/nodes/three_nodes.h"
#include "client/progress.h"
#include "plan/plain_table.h"
#include "store/notice.h"

namespace polder {

/// How each node is, by role.
std::array<Readiness, 3> readiness(const Network& network, CancellationToken& cancellation);

/// What goes with a file that becomes a table.
struct FileUpload {
  std::string name;
  TableRule serves;
  const OrganisationKeys& owner;
  const OwnTables& own;  // where its identifiers are kept
};

/// Uploads a file that was read; an upload of the same contents that broke off is gone on with.
/// The identifiers are kept before the table is visible.
TableEntry upload_file(const Network& network, const PartyFile& file, const FileUpload& as,
                       CancellationToken& cancellation, const OnProgress& progress);

/// What goes with values that become a table for plans.
struct TypedUpload {
  std::string name;
  TableRule serves;
  const OrganisationKeys& owner;
};

/// Splits, uploads and publishes a typed table. If anything fails, nothing of it stays.
TableEntry upload_table(const Network& network, const PlainTable& table, const TypedUpload& as,
                        CancellationToken& cancellation, const OnProgress& progress);

/// Tells all three nodes, signed by `signer`. A node that is away hears it from another one when it
/// is back; those are returned, with why they did not take it. Throws what a node refuses, and
/// Error peer_lost if no node is there.
struct Told {
  std::vector<std::string> away;   // "node 1 'beta' (https://…): …"
  std::vector<std::string> alike;  // members whose names may be taken for the one it is about
};
Told tell(const Network& network, const Notice& notice, const SigningKey& signer,
          CancellationToken& cancellation);

/// Removes a table at all three nodes, also at those that are away now; where it is gone already
/// nothing is left to do. `signer` is its owner's key or an operator's.
Told remove_table(const Network& network, std::string_view handle, const SigningKey& signer,
                  CancellationToken& cancellation);

/// Takes a member out, with an operator's key: its requests are refused, its sessions end, its
/// tables are hidden.
Told expel(const Network& network, const std::string& member, const SigningKey& signer,
           CancellationToken& cancellation);

/// Gives a member new keys, with its present key or an operator's.
Told replace_keys(const Network& network, const Member& member, const SigningKey& signer,
                  CancellationToken& cancellation);

/// Who is known, and in which state at each node: "admitted", "expelled", or empty.
struct MemberPlaces {
  std::string name, fingerprint;
  std::array<std::string, 3> at;
};
std::vector<MemberPlaces> members_everywhere(ThreeNodes& nodes);

/// Admits, with an operator's key, those organisations that are not admitted yet.
Told admit(const Network& network, const std::vector<Member>& members, const SigningKey& signer,
           CancellationToken& cancellation);

}  // namespace polder
