#include "http/service.h"

#include <spdlog/spdlog.h>

#include <utility>

#include "base/limits.h"
#include "http/openapi.h"
#include "protocol/percent.h"

namespace yallchat {
namespace {

// Whether the request reads from a place that the hub has nothing to do with, or finds in its turn.
bool is_read(const Route& route, Method method) {
  const bool write = method == Method::put || method == Method::post;
  return route.resource == Resource::events || (route.resource == Resource::messages && !write);
}

}  // namespace

Service::Service(Options options, Parts parts)
    : options_(std::move(options)),
      replica_(parts.replica),
      hub_(parts.hub),
      search_(parts.search),
      clock_(parts.clock),
      random_(parts.random),
      post_to_loop_(std::move(parts.post_to_loop)),
      joins_({options_.joins_an_address_a_second, options_.joins_an_address_a_second,
              limits::rate_limited_addresses}),
      posting_(options_.posting, replica_, clock_),
      openapi_(tagged(std::string(openapi_document()))) {}

void Service::fail(const Call& call, const Failure& failure) {
  call.respond(failed(failure, call.request.accepts_problem()));
}

void Service::handle(Request& request, const Peer& peer, Responder respond) {
  Call call{request, peer, std::move(respond), {}, {}};
  if (spdlog::should_log(spdlog::level::debug))
    spdlog::debug("{} asks {} {}", peer.address, request.method_name(),
                  percent_encode_non_ascii(request.path()));
  if (request.method() == Method::unknown)
    return fail(call, {501, "method-unknown", "the methods are GET, HEAD, PUT, POST and OPTIONS"});
  auto routed = route(request.path());
  if (const auto* failure = std::get_if<Failure>(&routed)) return fail(call, *failure);
  call.route = std::move(std::get<Route>(routed));
  const Resource resource = call.route.resource;
  if (!is_allowed(resource, request.method()) || request.method() == Method::options) {
    const bool asked = request.method() == Method::options;
    Answer answer =
        failed({405, "method-not-allowed", "see the header Allow"}, request.accepts_problem());
    if (asked) {
      answer = Answer{};
      answer.status = 204;
    }
    answer.headers.emplace_back("Allow", allowed_methods(resource));
    return call.respond(answer);
  }
  if (request.expects_more())
    return fail(call, {417, "expectation", "the only expectation is 100-continue"});
  if (call.route.malformed) return fail(call, *call.route.malformed);
  switch (resource) {
    case Resource::root: return root(call);
    case Resource::openapi: return openapi(call);
    case Resource::chats: return chats(call);
    default: break;
  }
  const auto channel = parse_channel(call.route.channel);
  if (!channel) return fail(call, {400, "bad-name", channel.error().message});
  call.channel = *channel;
  switch (resource) {
    case Resource::join: return join(call);
    case Resource::leave: return leave(call);
    case Resource::events: return events(call);
    case Resource::directory: return directory(call);
    case Resource::chat: return chat(call);
    default: return is_read(call.route, request.method()) ? history(call) : messages(call);
  }
}

// None, malformed, unknown, expired, doubled: one answer by one path.
const Session* Service::authenticate(Call& call) {
  const Request& request = call.request;
  const std::string_view key =
      request.header_count("session") == 1 ? request.header("session") : std::string_view();
  const auto found = find_session(replica_.machine(), key, call.channel);
  if (const auto* failure = std::get_if<Failure>(&found)) {
    fail(call, *failure);
    return nullptr;
  }
  const Session* session = std::get<const Session*>(found);
  // Whatever becomes of the request, the session lives. A poll is positioned in its turn, by the
  // hub.
  const bool read = is_read(call.route, call.request.method());
  hub_.note_request(*session, {std::nullopt, read ? std::nullopt : call.route.position});
  return session;
}

std::variant<std::optional<std::string>, Failure> idempotency_key(const Request& request) {
  const std::size_t count = request.header_count("Idempotency-Key");
  if (count == 0) return std::nullopt;
  if (count > 1) return Failure{400, "bad-idempotency-key", "an Idempotency-Key is given once"};
  const std::string_view key = request.header("Idempotency-Key");
  if (auto unfit = unfit_idempotency_key(key)) return std::move(*unfit);
  return std::string(key);
}

}  // namespace yallchat
