// GET /chats/{channel}/directory
#include "http/service.h"

namespace yallchat {

void Service::directory(Call& call) {
  const Session* session = authenticate(call);
  if (!session) return;
  const Directory directory = hub_.directory(*replica_.machine().find_channel(session->channel));
  // A channel that was forgotten and made anew has another id, so the tag never names two
  // directories.
  const std::string tag = "\"" + std::to_string(session->channel.value) + "-" +
                          std::to_string(directory.version) + "\"";
  Answer answer;
  answer.headers.emplace_back("type", "DIR");
  answer.headers.emplace_back("ETag", tag);
  answer.shared_body = directory.json;
  if (is_known(call.request, tag)) answer.status = 304;
  if (call.request.method() == Method::head) return call.respond(answer);
  call.respond(answer, [this, id = session->id, version = directory.version](bool sent) {
    if (const Session* still = replica_.machine().find_session(id); still && sent)
      hub_.saw_directory(*still, version);
  });
}

}  // namespace yallchat
