// PUT /chats/{channel}/leave/
#include "http/service.h"

namespace yallchat {

void Service::leave(Call& call) {
  const Session* session = authenticate(call);
  if (!session) return;
  const bool as_problem = call.request.accepts_problem();
  replica_.submit(Leave{session->id}, [respond = call.respond, as_problem](const Outcome& outcome) {
    if (const auto* refused = std::get_if<outcome::Refused>(&outcome))
      respond(failed(failure_of(refused->why), as_problem));
    else
      respond(yes());
  });
}

}  // namespace yallchat
