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
  if (auto unfit = unfit_text(text)) return std::move(*unfit);
  return text;
}

// The origin of a bridged message, or none: a page's browser sends its own under the same name.
std::string_view bridge_origin(const Request& request) {
  const std::string_view origin = request.header("origin");
  return is_browser_origin(origin) ? std::string_view() : origin;
}

}  // namespace

void Service::messages(Call& call) {
  const auto key = idempotency_key(call.request);
  if (const auto* failure = std::get_if<Failure>(&key)) return fail(call, *failure);
  if (const auto unfit = unfit_origin(bridge_origin(call.request))) return fail(call, *unfit);
  const Session* session = authenticate(call);
  if (!session) return;
  if (!is_source(call.request, session->user))
    return fail(call, {403, "foreign-source", "source is the name that this session joined with"});
  if (const auto unfit = unfit_media(call.request)) return fail(call, *unfit);
  auto text = text_of(call.request);
  if (const auto* failure = std::get_if<Failure>(&text)) return fail(call, *failure);
  const bool as_problem = call.request.accepts_problem();
  posting_.post(*session, call.peer,
                {std::move(std::get<std::string>(text)), std::get<std::optional<std::string>>(key),
                 std::string(bridge_origin(call.request))},
                [respond = call.respond, as_problem](const std::variant<Seqnr, Failure>& done) {
                  if (const auto* failure = std::get_if<Failure>(&done))
                    return respond(failed(*failure, as_problem));
                  Answer answer = yes();
                  answer.headers.emplace_back("seqnr", std::to_string(std::get<Seqnr>(done).value));
                  respond(answer);
                });
}

}  // namespace yallchat
