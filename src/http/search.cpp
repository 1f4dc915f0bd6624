// GET /chats/{channel}/messages?q=: full-text search.
#include "search/search.h"

#include "http/service.h"
#include "protocol/json.h"

namespace yallchat {
namespace {

// The event, with where the words are in its body.
std::string found_json(const std::string& channel, const SearchFound::Item& item) {
  std::string json = event_json(channel, *item.message);
  json.back() = ',';
  json += "\"hits\":[";
  for (const Hit& hit : item.hits) {
    if (json.back() != '[') json += ',';
    json.append("[").append(std::to_string(hit.from)).append(",");
    json.append(std::to_string(hit.to)).append("]");
  }
  return json += "]}";
}

std::string json_of(const std::string& channel, const SearchFound& found) {
  std::string json = "{\"events\":[";
  for (const SearchFound::Item& item : found.items) {
    if (json.back() != '[') json += ',';
    json += found_json(channel, item);
  }
  json.append("],\"indexed-to\":").append(std::to_string(found.indexed_to.value));
  json.append(",\"next\":");
  json.append(found.next == Seqnr(0) ? "null" : std::to_string(found.next.value));
  return json += "}";
}

Answer answer_of(const std::string& channel, const Result<SearchFound>& found, bool as_problem) {
  if (!found) return failed({503, "no-search", found.error().message}, as_problem);
  Answer answer;
  answer.body = json_of(channel, *found);
  return answer;
}

}  // namespace

void Service::search(Call& call, const Session& session, Seqnr upto, std::uint64_t limit) {
  const QueryValue words = query_value(call.request.query(), "q");
  if (words.count > 1) return fail(call, {400, "bad-query", "q is given once"});
  if (words.malformed)
    return fail(call, {400, "bad-query", "in q a % is followed by two hexadecimal digits"});
  const Channel& channel = *replica_.machine().find_channel(session.channel);
  SearchQuery query{channel.id, words.value, upto, channel.first, limit};
  const bool as_problem = call.request.accepts_problem();
  const auto searching =
      search_.find(std::move(query), [post = post_to_loop_, respond = call.respond, as_problem,
                                      name = channel.name.text](Result<SearchFound> found) {
        post([respond, as_problem, name, found = std::move(found)] {
          respond(answer_of(name, found, as_problem));
        });
      });
  if (searching) return;
  if (searching.error().code == Errc::invalid)
    return fail(call, {400, "bad-query", searching.error().message});
  fail(call, {503, "search-busy", "too many searches wait; try again"});
}

}  // namespace yallchat
