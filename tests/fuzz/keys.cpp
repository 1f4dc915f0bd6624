// What a terminal sends to the full screen of wechat: keys, and pastes of anything.
#include <vector>

#include "base/check.h"
#include "fuzz.h"
#include "protocol/names.h"
#include "wechat/key_reader.h"

namespace yallchat::screen {
namespace {

struct Pressed {
  Key key;
  std::string paste;

  bool operator==(const Pressed&) const = default;
};

void check_paste(const std::string& paste) {
  CHECK(is_utf8(paste), "a paste is text");
  for (const char c : paste)
    CHECK(c == '\n' || c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F),
          "and nothing else");
}

std::vector<Pressed> take_all(KeyReader& reader) {
  std::vector<Pressed> all;
  while (const auto pressed = reader.next()) {
    if (pressed->paste) check_paste(*pressed->paste);
    const char32_t c = pressed->key.character;
    CHECK(c >= 0x20 || c == 0, "a character is none of control");
    CHECK((c < 0x7F || c >= 0xA0) && c <= 0x10FFFF && (c < 0xD800 || c > 0xDFFF), "and is one");
    all.push_back({pressed->key, pressed->paste.value_or("")});
  }
  return all;
}

}  // namespace
}  // namespace yallchat::screen

int fuzz_keys(const std::uint8_t* data, std::size_t size) {
  using namespace yallchat::screen;
  const std::string_view bytes = yallchat::text_of_input(data, size);
  KeyReader whole;
  whole.feed(bytes);
  std::vector<Pressed> keys = take_all(whole);
  KeyReader pieces;
  std::vector<Pressed> same;
  for (const char byte : bytes) {
    pieces.feed({&byte, 1});
    for (Pressed& pressed : take_all(pieces)) same.push_back(std::move(pressed));
  }
  CHECK(keys == same, "keys are keys however their bytes come");
  for (KeyReader* const reader : {&whole, &pieces}) {
    reader->time_is_up();
    take_all(*reader);
    CHECK(!reader->waits(), "nothing waits for ever");
  }
  return 0;
}
