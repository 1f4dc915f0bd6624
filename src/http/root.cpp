// GET /: what this is and where to begin. GET /openapi.json: the same for machines, at length.
#include "http/service.h"

namespace yallchat {

void Service::root(Call& call) {
  Answer answer;
  answer.body =
      "{\"server\":\"yallchatd\",\"version\":\"" YALLCHAT_VERSION
      "\",\"protocol\":\"WeChat, and Y'allChat on top of it\","
      "\"begin\":\"PUT /chats/{channel}/join/{user}; send the header session that you get with all "
      "that follows\","
      "\"calls\":["
      "\"PUT /chats/{channel}/join/{user}\","
      "\"PUT /chats/{channel}/leave/\","
      "\"GET /chats/{channel}/events\","
      "\"GET /chats/{channel}/directory\","
      "\"PUT /chats/{channel}/messages\","
      "\"GET /chats/{channel}/messages\","
      "\"GET /chats/{channel}\","
      "\"GET /chats\"],"
      "\"openapi\":\"/openapi.json\"}";
  call.respond(answer);
}

void Service::openapi(Call& call) {
  call.respond(answer_of(openapi_, call.request));
}

}  // namespace yallchat
