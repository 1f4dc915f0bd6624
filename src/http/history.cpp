// GET /chats/{channel}/messages: pages of history. They move no cursor.
#include <algorithm>

#include "http/event_page.h"
#include "http/service.h"
#include "protocol/percent.h"

namespace yallchat {
namespace {

constexpr std::uint64_t default_limit = 100;

// What was asked for. The events of a page are those with the numbers from `from` on, `limit` of
// them or fewer.
struct Asked {
  std::optional<Seqnr> from;
  std::uint64_t limit = default_limit;
};

std::variant<Asked, Failure> asked_page(std::string_view query, std::optional<Seqnr> position) {
  Asked asked{position};
  if (const QueryValue from = query_value(query, "from"); from.count != 0) {
    asked.from = parse_seqnr(from.value);
    if (!asked.from || from.count > 1)
      return Failure{400, "bad-seqnr", "from is one whole number, 0 or more"};
  }
  if (const QueryValue limit = query_value(query, "limit"); limit.count != 0) {
    const auto number = parse_seqnr(limit.value);
    if (!number || *number == Seqnr(0) || limit.count > 1)
      return Failure{400, "bad-number", "limit is one whole number, 1 or more"};
    asked.limit = std::min<std::uint64_t>(number->value, limits::batch_messages);
  }
  return asked;
}

// RFC 8288. Where no message is kept there are no pages.
std::string links(const Channel& channel, Seqnr from, Seqnr next, std::uint64_t limit) {
  if (channel.head < channel.first) return "";
  const std::string path = "/chats/" + percent_encode_segment(channel.name.text) + "/messages";
  std::string out;
  const auto add = [&](std::uint64_t begin, std::uint64_t count, std::string_view relation) {
    out.append(out.empty() ? "<" : ", <").append(path);
    out.append("?from=").append(std::to_string(begin));
    out.append("&limit=").append(std::to_string(count));
    out.append(">; rel=\"").append(relation).append("\"");
  };
  const std::uint64_t first = channel.first.value;
  const std::uint64_t behind = channel.head.value + 1;
  const auto before = [&](std::uint64_t end) {
    return std::max(first, end - std::min(end, limit));
  };
  add(first, limit, "first");
  // Ends where this page begins: nothing is on both.
  const std::uint64_t begin = std::min(from.value, behind);
  if (begin > first) add(before(begin), begin - before(begin), "prev");
  if (next <= channel.head) add(next.value, limit, "next");
  add(before(behind), limit, "last");
  return out;
}

Answer answer_of(EventPage page, const Channel& channel, Seqnr from, std::uint64_t limit) {
  Answer answer;
  std::string link = links(channel, from, page.next(), limit);
  if (!link.empty()) answer.headers.emplace_back("Link", std::move(link));
  answer.body = std::move(page).json(channel.head);
  return answer;
}

}  // namespace

void Service::history(Call& call) {
  const auto asked = asked_page(call.request.query(), call.route.position);
  if (const auto* failure = std::get_if<Failure>(&asked)) return fail(call, *failure);
  const Session* session = authenticate(call);
  if (!session) return;
  const auto [wanted, limit] = std::get<Asked>(asked);
  if (query_value(call.request.query(), "q").count != 0)
    return search(call, *session, wanted ? std::max(Seqnr(1), *wanted) : Seqnr(0), limit);
  const Channel& channel = *replica_.machine().find_channel(session->channel);
  const std::uint64_t behind = channel.head.value + 1;
  const Seqnr newest = std::max(channel.first, Seqnr(behind - std::min(behind - 1, limit)));
  const Seqnr from = std::max(Seqnr(1), wanted.value_or(newest));
  EventPage page(channel.name.text, from);
  if (from < channel.first) page.skip_to(channel.first, false);
  if (page.next() > channel.head)
    return call.respond(answer_of(std::move(page), channel, from, limit));
  const Seqnr to(std::min(channel.head.value, page.next().value + limit - 1));
  const History::Range range{channel.id, page.next(), to, limits::batch_bytes};
  // A channel in which something was said is there for good; its floor may rise meanwhile.
  hub_.history().read(range, [this, respond = call.respond, id = channel.id, from, limit = limit,
                              page](const std::vector<HistoryItem>& items) mutable {
    const Channel& now = *replica_.machine().find_channel(id);
    page.add(items, now.first);
    respond(answer_of(std::move(page), now, from, limit));
  });
}

}  // namespace yallchat
