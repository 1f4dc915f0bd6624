// GET /chats/{channel}/messages?q=: full-text search.
#include "search/search.h"

#include "http/service.h"
#include "protocol/json.h"
#include "protocol/percent.h"

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

// What was asked, to be asked again for older messages.
struct Asked {
  std::string channel;
  std::string words;
  std::uint64_t limit;
};

// RFC 8288; none where the query would be longer than a target may be.
std::string link_to_next(const Asked& asked, Seqnr next) {
  std::string target = "/chats/" + percent_encode_segment(asked.channel) +
                       "/messages?q=" + percent_encode_segment(asked.words) +
                       "&from=" + std::to_string(next.value) +
                       "&limit=" + std::to_string(asked.limit);
  if (target.size() > limits::target_bytes) return "";
  return "<" + std::move(target) + ">; rel=\"next\"";
}

Answer answer_of(const Asked& asked, const Result<SearchFound>& found, bool as_problem) {
  if (!found) return failed({503, "no-search", found.error().message}, as_problem);
  Answer answer;
  if (found->next != Seqnr(0))
    if (std::string link = link_to_next(asked, found->next); !link.empty())
      answer.headers.emplace_back("Link", std::move(link));
  answer.body = json_of(asked.channel, *found);
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
  Asked asked{channel.name.text, words.value, limit};
  const auto searching =
      search_.find(std::move(query), [post = post_to_loop_, respond = call.respond, as_problem,
                                      asked = std::move(asked)](Result<SearchFound> found) {
        post([respond, as_problem, asked, found = std::move(found)] {
          respond(answer_of(asked, found, as_problem));
        });
      });
  if (searching) return;
  if (searching.error().code == Errc::invalid)
    return fail(call, {400, "bad-query", searching.error().message});
  fail(call, {503, "search-busy", "too many searches wait; try again"});
}

}  // namespace yallchat
