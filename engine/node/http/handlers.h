// One function per route; each file answers for one resource. They throw Error, which becomes the
// answer.
#pragma once

#include "node/http/routes.h"

namespace polder {

// info_api.cc
HttpResponse read_health(Services& node, const Call& call);
HttpResponse read_ready(Services& node, const Call& call);
HttpResponse read_metrics(Services& node, const Call& call);
HttpResponse read_info(Services& node, const Call& call);

// members_api.cc
HttpResponse list_members(Services& node, const Call& call);
HttpResponse take_notice(Services& node, const Call& call);

// uploads_api.cc
HttpResponse begin_upload(Services& node, const Call& call);
HttpResponse read_upload(Services& node, const Call& call);
HttpResponse put_seeds(Services& node, const Call& call);
HttpResponse put_chunk(Services& node, const Call& call);
HttpResponse finish_upload(Services& node, const Call& call);
HttpResponse publish_upload(Services& node, const Call& call);
HttpResponse delete_upload(Services& node, const Call& call);

// tables_api.cc
HttpResponse list_tables(Services& node, const Call& call);
HttpResponse read_table(Services& node, const Call& call);
HttpResponse delete_table(Services& node, const Call& call);

// plans_api.cc
HttpResponse put_plan(Services& node, const Call& call);
HttpResponse read_plan(Services& node, const Call& call);

// statements_api.cc
HttpResponse take_statement(Services& node, const Call& call);
HttpResponse list_submissions(Services& node, const Call& call);
HttpResponse read_approvals(Services& node, const Call& call);

// audit_api.cc
HttpResponse read_audit(Services& node, const Call& call);

// sessions_api.cc
HttpResponse list_sessions(Services& node, const Call& call);
HttpResponse start_session(Services& node, const Call& call);
HttpResponse read_session(Services& node, const Call& call);
HttpResponse cancel_session(Services& node, const Call& call);
HttpResponse read_result(Services& node, const Call& call);

}  // namespace polder
