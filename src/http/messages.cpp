// PUT or POST /chats/{channel}/messages
#include "http/service.h"
#include "protocol/json.h"
#include "protocol/percent.h"

namespace yallchat {
namespace {

// The type of a media type, without its parameters.
std::string_view media_type(std::string_view value) {
  return text::trim(value.substr(0, value.find(';')));
}

// Many HTTP libraries write headers in Latin-1, as RFC 2616 once had it.
std::string utf8_of_latin1(std::string_view text) {
  std::string utf8;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      utf8 += c;
    } else {
      utf8 += static_cast<char>(0xC0 | byte >> 6);
      utf8 += static_cast<char>(0x80 | (byte & 0x3F));
    }
  }
  return utf8;
}

// The name in the header source, percent-encoded or raw in UTF-8 or Latin-1, is the session's user.
bool is_source(const Request& request, const UserName& user) {
  if (request.header_count("source") == 0) return true;
  if (request.header_count("source") > 1) return false;
  const auto decoded = percent_decode(request.header("source"));
  if (!decoded) return false;
  const auto name = parse_user(is_utf8(*decoded) ? *decoded : utf8_of_latin1(*decoded));
  return name && name->key == user.key;
}

std::optional<Failure> unfit_media(const Request& request) {
  const auto is_coded = [](std::string_view coding) {
    return !coding.empty() && !text::equal_fold(coding, "identity");
  };
  if (request.any_header("Content-Encoding", is_coded))
    return Failure{415, "content-encoding", "send the text as it is, not compressed"};
  const auto is_multipart = [](std::string_view type) {
    return text::equal_fold(type.substr(0, 10), "multipart/");
  };
  if (request.any_header("Content-Type", is_multipart))
    return Failure{415, "media-type", "send the text itself, or application/json"};
  if (!request.framed())
    return Failure{411, "length-required", "send a Content-Length, or chunked"};
  return std::nullopt;
}

// The text of the body, whatever it says it is; only JSON is parsed.
std::variant<std::string, Failure> text_of(Request& request) {
  std::string text;
  if (text::equal_fold(media_type(request.header("Content-Type")), "application/json")) {
    auto parsed = text_of_json(request.body());
    if (!parsed) return Failure{400, "bad-json", parsed.error().message};
    text = std::move(*parsed);
  } else {
    text = request.take_body();
  }
  if (text.empty()) return Failure{400, "empty-text", "a message has at least one character"};
  if (text.find('\0') != text.npos)
    return Failure{400, "nul-in-text", "a message has no NUL in it"};
  if (!is_utf8(text)) return Failure{400, "bad-utf8", "a message is UTF-8"};
  return text;
}

// Hops of a bridged message: SERVER/CHANNEL/SEQNR[,...], kept as it is.
bool is_origin(std::string_view origin) {
  return origin.size() <= limits::origin_bytes &&
         std::all_of(origin.begin(), origin.end(), [](char c) { return c > 0x20 && c < 0x7F; });
}

}  // namespace

void Service::messages(Call& call) {
  const auto key = idempotency_key(call.request);
  if (!key) return fail(call, {400, "bad-idempotency-key", key.error().message});
  if (!is_origin(call.request.header("origin")))
    return fail(call, {400, "bad-origin",
                       "origin is SERVER/CHANNEL/SEQNR[,...] of at most 1024 characters"});
  const Session* session = authenticate(call);
  if (!session) return;
  if (!is_source(call.request, session->user))
    return fail(call, {403, "foreign-source", "source is the name that this session joined with"});
  if (const auto unfit = unfit_media(call.request)) return fail(call, *unfit);
  auto text = text_of(call.request);
  if (const auto* failure = std::get_if<Failure>(&text)) return fail(call, *failure);
  if (!call.peer.loopback || options_.limit_loopback) {
    if (const auto wait = posts_.take(session->id, clock_.monotonic()))
      return fail(call, {429, "too-many-posts", "too many messages of this session; wait", *wait});
  }
  Post post;
  post.session = session->id;
  post.body = std::move(std::get<std::string>(text));
  post.time_ms = clock_.wall_ms();
  post.origin = std::string(call.request.header("origin"));
  if (*key)
    post.keyed = Post::Keyed{idempotency_token(session->user.key, **key), body_digest(post.body)};
  const bool as_problem = call.request.accepts_problem();
  replica_.submit(std::move(post), [respond = call.respond, as_problem](const Outcome& outcome) {
    if (const auto* posted = std::get_if<outcome::Posted>(&outcome)) {
      Answer answer = yes();
      answer.headers.emplace_back("seqnr", std::to_string(posted->seqnr.value));
      respond(answer);
    } else {
      respond(failed(failure_of(std::get<outcome::Refused>(outcome).why), as_problem));
    }
  });
}

}  // namespace yallchat
