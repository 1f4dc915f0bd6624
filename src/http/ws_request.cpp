#include "http/ws_request.h"

#include <algorithm>
#include <array>
#include <boost/json/basic_parser_impl.hpp>
#include <exception>

#include "base/limits.h"
#include "http/route.h"
#include "protocol/json.h"

namespace yallchat::ws {
namespace {

namespace json = boost::json;

// No name has more, before NFC or after (protocol/names.h).
constexpr std::size_t channel_bytes = limits::channel_code_points * 16;

Failure bad_frame(std::string detail) {
  return {400, "bad-frame", std::move(detail)};
}

// --- The members of the object ---

struct Member {
  enum class Kind { none, text, number, other };
  std::string_view name;
  Kind kind = Kind::none;
  std::string value{};  // of a text what it says, of a number what was written

  bool is(Kind other) const { return kind == other; }
};

// What Boost.JSON's parser calls: it keeps the members of the outermost object that are known, and
// passes over all else without keeping it. A number's text is kept, for as a double it might come
// back as another one.
class Members {
 public:
  static constexpr std::size_t max_object_size = -1;
  static constexpr std::size_t max_array_size = -1;
  static constexpr std::size_t max_key_size = -1;
  static constexpr std::size_t max_string_size = -1;
  using Error = json::error_code;
  using Text = json::string_view;

  Member type{"type"}, channel{"channel"}, session{"session"}, from{"from"};
  Member body{"body"}, key{"key"}, origin{"origin"}, ref{"ref"};
  bool is_object = false;

  bool on_document_begin(Error&) { return true; }
  bool on_document_end(Error&) { return true; }
  bool on_object_begin(Error&) {
    if (depth_ == 0) is_object = true;
    return begin();
  }
  bool on_object_end(std::size_t, Error&) { return end(); }
  bool on_array_begin(Error&) { return begin(); }
  bool on_array_end(std::size_t, Error&) { return end(); }
  bool on_key_part(Text part, std::size_t, Error&) { return keep_part(part); }
  bool on_key(Text part, std::size_t, Error&) {
    keep_part(part);
    if (depth_ == 1) current_ = find(part_);
    part_.clear();
    return true;
  }
  bool on_string_part(Text part, std::size_t, Error&) { return keep_part(part); }
  bool on_string(Text part, std::size_t, Error&) { return keep(Member::Kind::text, part); }
  bool on_number_part(Text part, Error&) { return keep_part(part); }
  bool on_int64(std::int64_t, Text part, Error&) { return keep(Member::Kind::number, part); }
  bool on_uint64(std::uint64_t, Text part, Error&) { return keep(Member::Kind::number, part); }
  bool on_double(double, Text part, Error&) { return keep(Member::Kind::number, part); }
  bool on_bool(bool, Error&) { return keep(Member::Kind::other, {}); }
  bool on_null(Error&) { return keep(Member::Kind::none, {}); }
  bool on_comment_part(Text, Error&) { return true; }
  bool on_comment(Text, Error&) { return true; }

 private:
  Member* find(std::string_view name) {
    const std::array<Member*, 8> known{&type, &channel, &session, &from,
                                       &body, &key,     &origin,  &ref};
    const auto found = std::find_if(known.begin(), known.end(),
                                    [&](const Member* member) { return member->name == name; });
    return found == known.end() ? nullptr : *found;
  }
  // An object or an array as a member is of no use to us.
  bool begin() {
    keep(Member::Kind::other, {});
    ++depth_;
    return true;
  }
  bool end() {
    --depth_;
    return true;
  }
  bool keep_part(Text part) {
    if (depth_ == 1) part_ += part;
    return true;
  }
  bool keep(Member::Kind kind, Text part) {
    keep_part(part);
    if (depth_ == 1 && current_ != nullptr) {
      current_->kind = kind;
      current_->value = std::move(part_);
    }
    part_.clear();
    return true;
  }

  std::size_t depth_ = 0;
  Member* current_ = nullptr;  // whose value comes next; null: nobody asks for it
  std::string part_;           // of the key or value that is being read
};

// Why the message is not a JSON object, if it is not.
std::optional<Failure> read(std::string_view message, Members& members) {
  constexpr std::string_view wanted = "; a frame is a JSON object";
  json::parse_options options;
  options.max_depth = limits::json_depth;
  // As in protocol/json.cpp: bad input is in the error code, sizes beyond its own bounds are
  // thrown.
  try {
    json::basic_parser<Members> parser(options);
    json::error_code error;
    const std::size_t size = parser.write_some(false, message.data(), message.size(), error);
    members = std::move(parser.handler());
    if (error == json::error::too_deep)
      return bad_frame("the JSON is nested deeper than " + std::to_string(limits::json_depth) +
                       " levels");
    if (error) return bad_frame("not JSON (" + error.message() + ")" + std::string(wanted));
    if (size != message.size())
      return bad_frame("something follows the JSON" + std::string(wanted));
  } catch (const std::exception& e) {
    return bad_frame(std::string("not JSON (") + e.what() + ")" + std::string(wanted));
  }
  if (!members.is_object) return bad_frame("JSON, but no object" + std::string(wanted));
  return std::nullopt;
}

// --- What they mean ---

std::string needs(std::string_view type, std::string_view member) {
  return std::string(type) + " needs \"" + std::string(member) + "\", a string";
}

// Every member that is known is of its type, whoever needs it.
std::optional<Failure> check_types(const Members& members) {
  for (const Member* member : {&members.type, &members.channel, &members.session, &members.body,
                               &members.key, &members.origin})
    if (!member->is(Member::Kind::none) && !member->is(Member::Kind::text))
      return bad_frame("\"" + std::string(member->name) + "\" is a string");
  const Member& ref = members.ref;
  if (ref.is(Member::Kind::other) || ref.value.size() > limits::ref_bytes)
    return bad_frame("\"ref\" is a number or a string of at most " +
                     std::to_string(limits::ref_bytes) + " bytes");
  return std::nullopt;
}

std::variant<Open, Post, Close, Failure> open(Members& members) {
  Open open{std::move(members.session.value), std::nullopt};
  if (members.from.is(Member::Kind::none)) return open;
  if (members.from.is(Member::Kind::number)) open.from = parse_seqnr(members.from.value);
  if (!open.from) return Failure{400, "bad-seqnr", "\"from\" is one whole number, 0 or more"};
  return open;
}

std::variant<Open, Post, Close, Failure> post(Members& members) {
  if (members.body.is(Member::Kind::none)) return bad_frame(needs("POST", "body"));
  Post post{std::move(members.body.value), std::nullopt, std::move(members.origin.value)};
  if (members.key.is(Member::Kind::text)) post.key = std::move(members.key.value);
  return post;
}

std::variant<Open, Post, Close, Failure> by_type(Members& members) {
  constexpr std::size_t quotable_bytes = 32;
  const std::string& type = members.type.value;
  if (type == "POST") return post(members);
  if (type == "OPEN") return open(members);
  if (type == "CLOSE") return Close{};
  const std::string known = "\"type\" is OPEN, POST or CLOSE";
  if (members.type.is(Member::Kind::none)) return bad_frame(known + ", and is missing");
  if (type.size() > quotable_bytes) return bad_frame(known);
  return bad_frame(known + ", not " + json_string(type));
}

std::string ref_of(const Member& ref) {
  const bool fits = ref.value.size() <= limits::ref_bytes;
  if (ref.is(Member::Kind::number) && fits) return ref.value;
  if (ref.is(Member::Kind::text) && fits) return json_string(ref.value);
  return {};
}

// --- Answers ---

void append_end(std::string& out, std::string_view ref) {
  if (!ref.empty()) out.append(R"(,"ref":)").append(ref);
  out += '}';
}

}  // namespace

ClientRequest parse_request(std::string_view message) {
  Members members;
  if (auto failure = read(message, members)) return {std::move(*failure), std::nullopt, {}};
  ClientRequest request;
  request.ref = ref_of(members.ref);
  // One that no channel has is not said again: an answer stays short.
  Member& channel = members.channel;
  if (channel.is(Member::Kind::text) && channel.value.size() > channel_bytes) {
    request.what = Failure{400, "bad-name", "the name is longer than a channel's may be"};
    return request;
  }
  if (channel.is(Member::Kind::text)) request.channel = std::move(channel.value);
  if (auto failure = check_types(members))
    request.what = std::move(*failure);
  else
    request.what = by_type(members);
  return request;
}

std::string posted_json(std::string_view channel, Seqnr seqnr, std::string_view ref) {
  std::string out = R"({"type":"POSTED","channel":)" + json_string(channel) + R"(,"seqnr":)" +
                    std::to_string(seqnr.value);
  append_end(out, ref);
  return out;
}

std::string closed_json(std::string_view channel, std::string_view ref) {
  std::string out = R"({"type":"CLOSED","channel":)" + json_string(channel);
  append_end(out, ref);
  return out;
}

std::string error_json(std::string_view channel, const Failure& failure, std::string_view ref) {
  std::string out = R"({"type":"ERROR")";
  if (!channel.empty()) out.append(R"(,"channel":)").append(json_string(channel));
  out.append(R"(,"status":)").append(std::to_string(failure.status));
  out.append(R"(,"reason":)").append(json_string(failure.reason));
  out.append(R"(,"detail":)").append(json_string(failure.detail));
  if (may_be_tried_again(failure))
    out.append(R"(,"retry-after":)").append(std::to_string(failure.retry_after));
  append_end(out, ref);
  return out;
}

}  // namespace yallchat::ws
