// What a WebSocket's client sends: it is read as strict_websocket.h reads it, however it is cut.
#include <algorithm>
#include <cstdint>

#include "base/check.h"
#include "fuzz.h"
#include "http/ws_reader.h"
#include "protocol/names.h"
#include "strict_websocket.h"

namespace yallchat {
namespace {

constexpr std::size_t max_message = 1'000;

using Kind = WebsocketHappening::Kind;
using Happenings = std::vector<WebsocketHappening>;

WebsocketHappening happening_of(ws::Event event) {
  switch (event.kind) {
    case ws::Event::Kind::text: return {Kind::text, std::move(event.payload), 0};
    case ws::Event::Kind::ping: return {Kind::ping, std::move(event.payload), 0};
    case ws::Event::Kind::pong: return {Kind::pong, std::move(event.payload), 0};
    case ws::Event::Kind::close: return {Kind::close, std::move(event.payload), event.code};
    default: return {Kind::failure, std::move(event.payload), event.code};
  }
}

// What is said of an event can be said to others.
void check_event(const ws::Event& event) {
  std::string answer;
  switch (event.kind) {
    case ws::Event::Kind::text:
      CHECK(is_utf8(event.payload) && event.payload.size() <= max_message, "a message is UTF-8");
      break;
    case ws::Event::Kind::ping: ws::append_pong(answer, event.payload); break;
    case ws::Event::Kind::close:
      CHECK(is_utf8(event.payload), "a reason is UTF-8");
      ws::append_close(answer, event.code);
      break;
    case ws::Event::Kind::broken:
      CHECK(!event.detail.empty() && is_clean(event.detail), "what was wrong is told");
      ws::append_close(answer, event.code, event.detail);
      break;
    default: break;
  }
}

// most: bytes a piece; their sizes are chosen by the seed.
Happenings read_in_pieces(std::string_view bytes, std::size_t most, std::uint32_t seed) {
  ws::Reader reader(max_message);
  Happenings happened;
  while (!bytes.empty()) {
    seed = seed * 1664525 + 1013904223;
    std::string_view piece = bytes.substr(0, (seed >> 16) % most + 1);
    bytes.remove_prefix(piece.size());
    while (!piece.empty()) {
      ws::Event event = reader.next(piece);
      check_event(event);
      if (event.kind == ws::Event::Kind::none)
        CHECK(piece.empty(), "all is taken where nothing happens");
      else
        happened.push_back(happening_of(std::move(event)));
    }
  }
  return happened;
}

void check_websocket(std::string_view bytes) {
  const Happenings strict = read_strict_websocket(bytes, max_message);
  const auto seed = static_cast<std::uint32_t>(bytes.size());
  for (const std::size_t most : {std::size_t{1}, std::size_t{7}, std::size_t{100}, bytes.size()})
    CHECK(read_in_pieces(bytes, most, seed) == strict, "one reading, however the bytes are cut");
}

}  // namespace
}  // namespace yallchat

int fuzz_websocket(const std::uint8_t* data, std::size_t size) {
  if (size > 0) yallchat::check_websocket(yallchat::text_of_input(data, size));
  return 0;
}
