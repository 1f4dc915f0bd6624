// The full screen of wechat, whatever others say, at any size.
//
// The input is the width, the height, how far is scrolled, and texts with NUL between them: in
// turns names, messages, and what is typed.
#include <string>
#include <vector>

#include "base/check.h"
#include "fuzz.h"
#include "wechat/cluster.h"
#include "wechat/completion.h"
#include "wechat/layout.h"
#include "wechat/terminal_text.h"

namespace yallchat::screen {
namespace {

std::vector<std::string> parts(std::string_view text) {
  std::vector<std::string> all;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\0'), text.size());
    all.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return all;
}

void fill(Room& room, const std::vector<std::string>& texts) {
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const std::string& text = texts[i];
    Event event;
    event.seqnr = Seqnr(i + 1);
    event.source = i == 0 ? "" : texts[i - 1];
    event.body = event.time = text;
    switch (i % 5) {
      case 0: room.names.push_back(text); break;
      case 1: room.message(event); break;
      case 2: room.editor.insert(text); break;
      case 3: room.say(text, "key"); break;
      default: room.warning(text);
    }
  }
  room.failed(1, texts.empty() ? "" : texts.back());
}

void check(const Frame& frame, Size size) {
  CHECK(frame.rows.size() == static_cast<std::size_t>(size.height), "as high as asked");
  CHECK(frame.cursor_row < size.height && frame.cursor_column < size.width, "the cursor is on it");
  for (const Row& row : frame.rows) {
    int behind = 0;
    for (const Piece& piece : row) {
      CHECK(piece.column >= behind, "no piece over another");
      CHECK(terminal_text(piece.span.text) == piece.span.text, "nothing does anything");
      behind = piece.column + text_width(piece.span.text);
    }
    CHECK(behind <= size.width, "no wider than asked");
  }
}

}  // namespace
}  // namespace yallchat::screen

int fuzz_screen(const std::uint8_t* data, std::size_t size) {
  using namespace yallchat::screen;
  if (size < 3) return 0;
  const Size of{data[0] + 1, data[1] % 50 + 1};
  const std::vector<std::string> texts = parts(yallchat::text_of_input(data + 3, size - 3));
  const Mentions mentions({texts.empty() ? "" : texts.front(), "ringo"});
  Room room(texts.empty() ? "octopus" : texts.back(), "server", "ringo", mentions);
  fill(room, texts);
  View view;
  view.rooms = {&room};
  check(lay_out(view, of), of);
  room.place = scrolled(view, of, data[2]);
  check(lay_out(view, of), of);
  room.place = scrolled(view, of, -(data[2] / 2));
  check(lay_out(view, of), of);
  const Completion::Sources sources{.names = texts, .channels = texts};
  Completion().complete(room.editor, sources);
  while (room.editor.cursor() > 0) room.editor.left();
  check(lay_out(view, of), of);
  return 0;
}
