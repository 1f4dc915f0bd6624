// GET /chats/{channel}/events: one event, or nothing new.
#include "http/service.h"
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

Answer to_answer(const poll::Answer& next, bool as_problem) {
  if (const auto* event = std::get_if<poll::Event>(&next)) return answer_of(*event);
  if (const auto* directory = std::get_if<Directory>(&next)) return answer_of(*directory);
  if (const auto* damaged = std::get_if<poll::Damaged>(&next))
    return answer_of(*damaged, as_problem);
  if (const auto* many = std::get_if<poll::TooMany>(&next)) return answer_of(*many, as_problem);
  if (const auto* nothing = std::get_if<poll::Nothing>(&next)) return answer_of(*nothing);
  return failed(failure_of(Refusal::no_session), as_problem);
}

bool moves_the_cursor(const poll::Answer& next) {
  return std::holds_alternative<poll::Event>(next) || std::holds_alternative<Directory>(next) ||
         std::holds_alternative<poll::Damaged>(next);
}

// What asks for more than the base is a number too, or a mistake that is better told than ignored.
Result<void> check_numbers(const Request& request) {
  for (const std::string_view name : {"limit", "wait"}) {
    const QueryValue given = query_value(request.query(), name);
    if (given.count > 1 || (given.count == 1 && !parse_seqnr(given.value)))
      return Error{Errc::invalid, std::string(name) + " is one whole number, 0 or more"};
  }
  return {};
}

}  // namespace

void Service::events(Call& call) {
  if (const auto numbers = check_numbers(call.request); !numbers)
    return fail(call, {400, "bad-number", numbers.error().message});
  const auto asked = asked_position(call.request);
  if (!asked) return fail(call, {400, "bad-seqnr", asked.error().message});
  const Session* session = authenticate(call);
  if (!session) return;
  const bool as_problem = call.request.accepts_problem();
  if (call.request.method() == Method::head) {
    return hub_.peek(*session, [respond = call.respond, as_problem](const poll::Answer& next) {
      respond(to_answer(next, as_problem));
    });
  }
  hub_.poll(*session, {*asked, call.route.position},
            [this, respond = call.respond, as_problem, id = session->id](const poll::Answer& next) {
              Responder::Written written;
              if (moves_the_cursor(next))
                written = [this, id](bool sent) { hub_.delivered(id, sent); };
              respond(to_answer(next, as_problem), std::move(written));
            });
}

}  // namespace yallchat
