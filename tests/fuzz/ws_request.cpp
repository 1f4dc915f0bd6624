// What a client asks for over a WebSocket: read as Boost.JSON's own tree of values has it, and
// answered in JSON of one line that brings the client's own number or string back.
#include "http/ws_request.h"

#include <boost/json.hpp>
#include <cmath>

#include "base/check.h"
#include "base/limits.h"
#include "fuzz.h"
#include "protocol/names.h"

namespace yallchat {
namespace {

namespace json = boost::json;

// Nothing where it is not JSON.
std::optional<json::value> tree_of(std::string_view text) {
  json::parse_options options;
  options.max_depth = limits::json_depth;
  json::error_code error;
  json::value value = json::parse(text, error, {}, options);
  if (error) return std::nullopt;
  return value;
}

// A member that is there and is not null.
const json::value* member(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && !value->is_null() ? value : nullptr;
}

std::string_view text(const json::object& object, std::string_view name) {
  const json::value* value = member(object, name);
  return value != nullptr && value->is_string() ? std::string_view(value->get_string())
                                                : std::string_view();
}

bool is_number_within_63_bits(const json::value& value) {
  return value.is_int64() && value.get_int64() >= 0;
}

void check_open(const ws::Open& open, const json::object& object) {
  CHECK(open.session == text(object, "session"), "one key");
  const json::value* from = member(object, "from");
  CHECK(open.from.has_value() == (from != nullptr), "a position where there is one");
  if (from != nullptr)
    CHECK(is_number_within_63_bits(*from) &&
              open.from->value == static_cast<std::uint64_t>(from->get_int64()),
          "one position");
}

void check_post(const ws::Post& post, const json::object& object) {
  CHECK(member(object, "body") != nullptr && post.body == text(object, "body"), "one text");
  CHECK(post.key.has_value() == (member(object, "key") != nullptr), "a key where there is one");
  CHECK(post.key.value_or("") == text(object, "key"), "one key");
  CHECK(post.origin == text(object, "origin"), "one origin");
}

void check_read(const ws::ClientRequest& request, const json::object& object) {
  const std::string_view type = text(object, "type");
  if (const auto* open = std::get_if<ws::Open>(&request.what)) {
    CHECK(type == "OPEN", "one type");
    check_open(*open, object);
  } else if (const auto* post = std::get_if<ws::Post>(&request.what)) {
    CHECK(type == "POST", "one type");
    check_post(*post, object);
  } else if (std::holds_alternative<ws::Close>(request.what)) {
    CHECK(type == "CLOSE", "one type");
  }
  if (request.channel) CHECK(*request.channel == text(object, "channel"), "one channel");
}

// Boost.JSON reads 0e400 as NaN, which equals nothing.
bool is_nan(const json::value& value) {
  return value.is_double() && std::isnan(value.get_double());
}

// The client's own comes back as it was; a number digit by digit.
void check_ref(const std::string& ref, std::string_view message, const json::object& object) {
  if (ref.empty()) return;
  const auto back = tree_of(ref);
  const json::value& given = object.at("ref");
  CHECK(back && (*back == given || (is_nan(*back) && is_nan(given))), "one ref");
  CHECK(given.is_string() || message.find(ref) != message.npos, "a number as it was written");
  CHECK(ref.size() <= limits::ref_bytes * 6 + 2, "and a short one");
}

void check_answer(const std::string& answer, const std::string& ref) {
  CHECK(is_utf8(answer) && is_one_line(answer), "an answer is one line of UTF-8");
  const auto tree = tree_of(answer);
  CHECK(tree && tree->is_object(), "an answer is JSON");
  CHECK(tree->get_object().contains("ref") == !ref.empty(), "with the ref that was given");
}

void check_request(std::string_view message) {
  const ws::ClientRequest request = ws::parse_request(message);
  const std::string channel = request.channel.value_or("octopus");
  check_answer(ws::posted_json(channel, Seqnr(message.size()), request.ref), request.ref);
  check_answer(ws::closed_json(channel, request.ref), request.ref);
  const auto* failure = std::get_if<Failure>(&request.what);
  if (failure != nullptr) {
    CHECK(failure->status == 400 && is_one_line(failure->detail), "what was wrong is told");
    const std::string answer = ws::error_json(channel, *failure, request.ref);
    check_answer(answer, request.ref);
    CHECK(answer.size() < limits::head_bytes, "and in short");
  }
  const auto tree = tree_of(message);
  const json::object* object = tree ? tree->if_object() : nullptr;
  if (object == nullptr) {
    CHECK(failure != nullptr && request.ref.empty(), "what is no object asks for nothing");
    return;
  }
  check_read(request, *object);
  check_ref(request.ref, message, *object);
}

}  // namespace
}  // namespace yallchat

int fuzz_ws_request(const std::uint8_t* data, std::size_t size) {
  yallchat::check_request(yallchat::text_of_input(data, size));
  return 0;
}
