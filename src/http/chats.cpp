// GET /chats and GET /chats/{channel}: what channels there are, for anybody.
#include "http/service.h"

namespace yallchat {

bool Service::may_list(const Call& call) {
  if (!options_.public_list)
    fail(call, {403, "not-public", "this server shows its channels to their members only"});
  return options_.public_list;
}

void Service::chats(Call& call) {
  if (!may_list(call)) return;
  call.respond(answer_of(list_.at(replica_.applied(), replica_.machine()), call.request));
}

void Service::chat(Call& call) {
  if (!may_list(call)) return;
  const Channel* channel = replica_.machine().find_channel(call.channel.key);
  if (!channel) return fail(call, no_channel());
  call.respond(answer_of(tagged(channel_json(*channel)), call.request));
}

}  // namespace yallchat
