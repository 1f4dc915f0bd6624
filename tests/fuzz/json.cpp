// JSON: the body of a put in, and strings, directories and events out.
#include "protocol/json.h"

#include "base/check.h"
#include "fuzz.h"
#include "protocol/names.h"

namespace yallchat {
namespace {

void check_in(std::string_view json) {
  const auto text = text_of_json(json);
  if (!text) {
    CHECK(text.error().code == Errc::invalid && is_clean(text.error().message),
          "it can stand in a header");
    return;
  }
  CHECK(is_utf8(*text), "what JSON says is UTF-8");
  const auto again = text_of_json(json_string(*text));
  CHECK(again && *again == *text, "and can be said again");
  const auto member = text_of_json(R"({"other":[1,{}],"body":)" + json_string(*text) + "}");
  CHECK(member && *member == *text, "also as the member of an object");
}

void check_out(std::string_view bytes) {
  const std::string json = json_string(bytes);
  CHECK(is_utf8(json) && is_one_line(json), "JSON is UTF-8 and one line, whatever went in");
  const auto back = text_of_json(json);
  CHECK(back.has_value(), "it is JSON");
  CHECK(!is_utf8(bytes) || *back == bytes, "and says what went in");

  Message message;
  message.seqnr = Seqnr(bytes.size());
  message.time_ms = static_cast<std::int64_t>(bytes.size()) << (bytes.size() % 48);
  message.source = message.body = bytes;
  if (bytes.size() % 2 == 1) message.origin = bytes;
  const std::string event = event_json(bytes, message);
  CHECK(is_utf8(event) && is_one_line(event), "an event is one line");
  const auto body = text_of_json(event);
  CHECK(body && *body == *back, "an event is an object with its body");
  const std::string directory = directory_json({std::string(bytes), "paul"});
  CHECK(is_utf8(directory) && is_one_line(directory), "a directory is one line");
}

}  // namespace
}  // namespace yallchat

int fuzz_json(const std::uint8_t* data, std::size_t size) {
  yallchat::check_in(yallchat::text_of_input(data, size));
  yallchat::check_out(yallchat::text_of_input(data, size));
  return 0;
}
