#include "admin/admin_service.h"

#include <spdlog/spdlog.h>

#include <optional>

#include "http/service.h"
#include "protocol/json.h"
#include "protocol/names.h"
#include "protocol/percent.h"

namespace yallchat {
namespace {

constexpr std::string_view kick_prefix = "/kick/";

// The names of a kick, raw; one that is missing is empty, and is told what a name is.
struct Kicked {
  std::string_view channel;
  std::string_view user;
};

std::optional<Kicked> parse_kick(std::string_view path) {
  if (!path.starts_with(kick_prefix)) return std::nullopt;
  path.remove_prefix(kick_prefix.size());
  if (path.ends_with('/')) path.remove_suffix(1);
  const std::size_t slash = path.find('/');
  if (slash == path.npos) return Kicked{path, ""};
  const std::string_view user = path.substr(slash + 1);
  if (user.find('/') != user.npos) return std::nullopt;
  return Kicked{path.substr(0, slash), user};
}

// parse: of the name, once it is decoded.
template <class Parse>
auto decoded(std::string_view segment, Parse parse) -> decltype(parse(segment)) {
  const auto name = percent_decode(segment);
  if (!name) return name.error();
  return parse(*name);
}

Failure not_allowed() {
  return {405, "method-not-allowed", "see the header Allow"};
}

Failure bad_name(const Error& error) {
  return {400, "bad-name", error.message};
}

}  // namespace

AdminService::AdminService(Options options)
    : o_(std::move(options)), start_(o_.clock.monotonic()) {}

void AdminService::handle(const Request& request, const Responder& respond) {
  const bool as_problem = request.accepts_problem();
  const Method method = request.method();
  // Said to who asks with OPTIONS, and to who used another one.
  const auto allow = [&](std::string_view methods) {
    Answer answer = failed(not_allowed(), as_problem);
    if (method == Method::options) {
      answer = Answer{};
      answer.status = 204;
    }
    answer.headers.emplace_back("Allow", methods);
    respond(answer);
  };
  if (method == Method::unknown)
    return respond(
        failed({501, "method-unknown", "the methods are GET, HEAD, PUT and OPTIONS"}, as_problem));
  if (request.path() == "/") {
    if (method != Method::get && method != Method::head) return allow("GET, HEAD, OPTIONS");
    return respond(status());
  }
  const auto kicked = parse_kick(request.path());
  if (!kicked)
    return respond(
        failed({404, "not-found", "there are / and /kick/{channel}/{user}"}, as_problem));
  if (method != Method::put) return allow("PUT, OPTIONS");
  kick(kicked->channel, kicked->user, as_problem, respond);
}

Answer AdminService::status() const {
  const Machine& machine = o_.replica.machine();
  const auto uptime =
      std::chrono::duration_cast<std::chrono::seconds>(o_.clock.monotonic() - start_);
  Answer answer;
  answer.body = "{\"server\":\"yallchatd\",\"version\":\"" YALLCHAT_VERSION "\",\"data\":" +
                json_string(o_.data) + ",\"uptime_s\":" + std::to_string(uptime.count()) +
                ",\"channels\":" + std::to_string(machine.channel_count()) +
                ",\"sessions\":" + std::to_string(machine.session_count()) +
                ",\"connections\":" + std::to_string(o_.clients.size()) +
                ",\"log_entry\":" + std::to_string(o_.replica.applied().value) +
                ",\"stored_entry\":" + std::to_string(o_.store.written().value) + "}";
  return answer;
}

void AdminService::kick(std::string_view channel, std::string_view user, bool as_problem,
                        const Responder& respond) {
  const auto room = decoded(channel, parse_channel);
  if (!room) return respond(failed(bad_name(room.error()), as_problem));
  const auto name = decoded(user, parse_user);
  if (!name) return respond(failed(bad_name(name.error()), as_problem));
  o_.replica.submit(Kick{room->key, name->key}, [this, respond, as_problem, channel = *room,
                                                 user = name->text](const Outcome& outcome) {
    const auto* refused = std::get_if<outcome::Refused>(&outcome);
    if (!refused) {
      spdlog::info("an operator kicked {} from {}", user, channel.text);
      return respond(yes());
    }
    if (refused->why != Refusal::no_user)
      return respond(failed(failure_of(refused->why), as_problem));
    if (!o_.replica.machine().find_channel(channel.key))
      return respond(
          failed({404, "no-channel", "there is no channel " + channel.text}, as_problem));
    respond(
        failed({404, "no-user", "nobody in " + channel.text + " is named " + user}, as_problem));
  });
}

}  // namespace yallchat
