// What one entry of a room, or one line that waits to be sent, looks like: its rows at a width.
// Pure but for the time zone; any thread.
#pragma once

#include <vector>

#include "wechat/layout.h"
#include "wechat/room.h"
#include "wechat/style.h"

namespace yallchat::screen {

// With a line above the first that says what is before it, if that is known; with the day above it
// where that is another one than before, and the line above it that says how far was read. Of a
// text, limits::screen_message_bytes and screen_message_rows are shown.
std::vector<Spans> entry_rows(const Room& room, Room::Id id, int width, const Theme& theme);

// None where the message was read back already. Text for which there is no room ends with "…"; why
// the line failed stays.
std::vector<Spans> own_line_rows(const Room& room, const OwnLine& line, Size most,
                                 const Theme& theme);

// The same for the same name, whatever its case, everywhere and always.
int name_colour(std::string_view name, const Theme& theme);

}  // namespace yallchat::screen
