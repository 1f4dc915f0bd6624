// GET /chats/{channel}/events: one event, a batch, or a stream.
#include "http/event_page.h"
#include "http/event_stream.h"
#include "http/service.h"
#include "http/web_socket.h"
#include "http/ws_handshake.h"
#include "protocol/json.h"

namespace yallchat {
namespace {

// Header seqnr or query from=, which mean the same.
Result<std::optional<Seqnr>> asked_position(const Request& request) {
  const Error error{
      Errc::invalid,
      "seqnr and from are one whole number, 0 or more, and the same if both are given"};
  const QueryValue from = query_value(request.query(), "from");
  const std::size_t headers = request.header_count("seqnr");
  if (headers > 1 || from.count > 1) return error;
  std::optional<Seqnr> position;
  if (headers == 1) {
    position = parse_seqnr(request.header("seqnr"));
    if (!position) return error;
  }
  if (from.count == 1) {
    const auto other = parse_seqnr(from.value);
    if (!other || (position && position != other)) return error;
    position = other;
  }
  return position;
}

Answer answer_of(const poll::Event& event) {
  const Message& message = *event.message;
  Answer answer;
  answer.headers.emplace_back("type", "MSG");
  answer.headers.emplace_back("seqnr", std::to_string(message.seqnr.value));
  answer.headers.emplace_back("source", header_form(message.source));
  answer.headers.emplace_back("date-sent", rfc3339(message.time_ms));
  if (!message.origin.empty()) answer.headers.emplace_back("origin", message.origin);
  if (event.first_kept)
    answer.headers.emplace_back("first-seqnr", std::to_string(event.first_kept->value));
  answer.body = json_string(message.body);
  return answer;
}

Answer answer_of(const Directory& directory) {
  Answer answer;
  answer.headers.emplace_back("type", "DIR");
  answer.shared_body = directory.json;
  return answer;
}

Answer answer_of(const poll::Nothing&) {
  Answer answer;
  answer.status = 204;
  return answer;
}

Answer answer_of(const poll::Damaged& damaged, bool as_problem) {
  Answer answer = failed({500, "damaged-history",
                          "message " + std::to_string(damaged.seqnr.value) +
                              " is damaged on this server's disk; those after it can be read"},
                         as_problem);
  answer.headers.emplace_back("seqnr", std::to_string(damaged.seqnr.value));
  return answer;
}

Answer answer_of(const poll::TooMany&, bool as_problem) {
  return failed({429, "too-many-polls", "too many polls of this session wait; one is enough"},
                as_problem);
}

// What a poll is answered; of a batch, where the next one begins.
struct Given {
  Answer answer;
  std::optional<Seqnr> next = {};
};

Given answer_of(const poll::Batch& batch) {
  EventPage page(batch.channel, batch.from);
  if (batch.directory)
    page.begin_with(
        directory_event_json(batch.channel, Seqnr(batch.from.value - 1), *batch.directory->json));
  const Seqnr first = batch.items.empty() ? batch.next : batch.items.front().seqnr;
  if (first > batch.from) page.skip_to(first, false);
  page.add(batch.items);
  const Seqnr next = page.next();
  Answer answer;
  answer.body = std::move(page).json();
  return {std::move(answer), next};
}

Given to_answer(const poll::Answer& next, bool as_problem) {
  if (const auto* event = std::get_if<poll::Event>(&next)) return {answer_of(*event)};
  if (const auto* directory = std::get_if<Directory>(&next)) return {answer_of(*directory)};
  if (const auto* damaged = std::get_if<poll::Damaged>(&next))
    return {answer_of(*damaged, as_problem)};
  if (const auto* many = std::get_if<poll::TooMany>(&next)) return {answer_of(*many, as_problem)};
  if (const auto* nothing = std::get_if<poll::Nothing>(&next)) return {answer_of(*nothing)};
  if (const auto* batch = std::get_if<poll::Batch>(&next)) return answer_of(*batch);
  return {failed(failure_of(Refusal::no_session), as_problem)};
}

bool moves_the_cursor(const poll::Answer& next) {
  return std::holds_alternative<poll::Event>(next) || std::holds_alternative<Directory>(next) ||
         std::holds_alternative<poll::Damaged>(next) || std::holds_alternative<poll::Batch>(next);
}

// A number of the query; none: it is not there.
Result<std::optional<std::uint64_t>> query_number(const Request& request, std::string_view name) {
  const QueryValue given = query_value(request.query(), name);
  if (given.count == 0) return std::optional<std::uint64_t>();
  const auto number = parse_seqnr(given.value);
  if (given.count > 1 || !number)
    return Error{Errc::invalid, std::string(name) + " is one whole number, 0 or more"};
  return std::optional(number->value);
}

Result<Ask> asked(const Request& request, const Position& position) {
  Ask ask{.position = position};
  const auto wait = query_number(request, "wait");
  if (!wait) return wait.error();
  const auto limit = query_number(request, "limit");
  if (!limit) return limit.error();
  if (*limit == 0U) return Error{Errc::invalid, "limit is 1 or more"};
  constexpr std::uint64_t longest = limits::wait_ms_ceiling / 1000;
  ask.wait_ms = static_cast<std::int64_t>(std::min(wait->value_or(0), longest) * 1000);
  if (*limit) ask.batch = std::min<std::uint64_t>(**limit, limits::batch_messages);
  return ask;
}

// The stream that is asked for, if one is: of both the one that is preferred.
const EventFormat* asked_format(const Request& request) {
  if (request.method() != Method::get) return nullptr;
  const int events = request.preference(server_sent_events.content_type);
  const int lines = request.preference(ndjson.content_type);
  if (events == 0 && lines == 0) return nullptr;
  return lines > events ? &ndjson : &server_sent_events;
}

// Where a stream begins: after the event that its reader had last, or where a poll would.
Result<std::optional<Seqnr>> stream_start(const Request& request, const Position& position) {
  if (request.header_count("Last-Event-ID") == 0)
    return position.every_time ? position.every_time : position.once;
  const auto last = parse_seqnr(request.header("Last-Event-ID"));
  if (request.header_count("Last-Event-ID") > 1 || !last)
    return Error{Errc::invalid, "Last-Event-ID is one whole number, the seqnr of an event"};
  return std::optional(last->next());
}

}  // namespace

void Service::events(Call& call) {
  const auto asked_for = asked_position(call.request);
  if (!asked_for) return fail(call, {400, "bad-seqnr", asked_for.error().message});
  const Position position{*asked_for, call.route.position};
  if (ws::is_asked_for(call.request)) return web_socket(call, position);
  // A stream has no use for wait and limit, but what is no number is none there either.
  const auto ask = asked(call.request, position);
  if (!ask) return fail(call, {400, "bad-number", ask.error().message});
  if (const EventFormat* format = asked_format(call.request)) {
    const auto from = stream_start(call.request, position);
    if (!from) return fail(call, {400, "bad-seqnr", from.error().message});
    return stream(call, *from, *format);
  }
  const Session* session = authenticate(call);
  if (!session) return;
  const bool as_problem = call.request.accepts_problem();
  if (call.request.method() == Method::head) {
    return hub_.peek(*session, [respond = call.respond, as_problem](const poll::Answer& next) {
      respond(to_answer(next, as_problem).answer);
    });
  }
  const bool waits = ask->wait_ms != 0;
  hub_.poll(*session, *ask,
            [this, respond = call.respond, as_problem, waits,
             id = session->id](const poll::Answer& next) {
              const Given given = to_answer(next, as_problem);
              Responder::Written written;
              // While a poll waits there is time to go away, and what nobody gets must come again.
              const bool gone = waits && respond.may_have_lost_its_client();
              if (moves_the_cursor(next))
                written = [this, id, gone, from = given.next](bool sent) {
                  hub_.delivered(id, sent && !gone, from);
                };
              respond(given.answer, std::move(written));
            });
}

// No key is needed to begin: keys are in frames, for a browser cannot set headers here, and what is
// in a URL is logged by everybody.
void Service::web_socket(Call& call, const Position& position) {
  const Answer answer = ws::handshake(call.request, options_.cors_origins);
  if (answer.status != 101) return call.respond(answer);
  const auto from = stream_start(call.request, position);
  if (!from) return fail(call, {400, "bad-seqnr", from.error().message});
  call.respond.take_over(answer, [&](Connection& connection) {
    const WebSocket::Options options{hub_, replica_, posting_, options_.max_message, clock_};
    return std::make_unique<WebSocket>(connection, options, call.channel, *from);
  });
}

void Service::stream(Call& call, std::optional<Seqnr> from, const EventFormat& format) {
  const Session* session = authenticate(call);
  if (!session) return;
  if (hub_.streams().count(session->id) >= limits::streams_a_session)
    return fail(call, too_many_streams());
  call.respond.take_over(EventStream::head(format), [&](Connection& connection) {
    return std::make_unique<EventStream>(connection, hub_, *session, from, format);
  });
}

}  // namespace yallchat
