// The files of a log, made by a program of bytes, and a second reader of what is in them.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "base/ids.h"

namespace yallchat {

using LogFiles = std::map<std::string, std::string>;  // by their names in the directory

struct LogScript {
  LogFiles files;
  Index opened_after;
  bool sound = true;  // as a server writes it, and nothing happened to it
};

// Any bytes are a program. The first: 0xFF, then the rest is the first segment as it is; else the
// store's position. Then operations, one byte each, with what they take behind them:
//
//   0 n         a frame of n + 1 bytes, in order
//   1 n a b     one with its number + a and the synced one + b
//   2 n a b     one whose byte a is changed by b
//   3 n ...     n bytes as they follow
//   4 n         a frame whose last n bytes are missing
//   5 n         a frame of another segment
//   6 n         n + 1 words of zeros
//   7 n         a frame of 300 bytes; if n is 7, the first of 300,000
//   8 a         a new segment, whose first number is + a
//   9           a new segment that begins with a copy of the last entry
//   10 f 0 a b c  the byte at a * 256 + b of the file f is changed by c
//   10 f 1 a b    the file f is cut at a * 256 + b
//   10 f 2        the file f is removed
//
// Operations are taken modulo 11, files modulo their count.
LogScript read_log_script(std::string_view bytes);

// All frames that stand anywhere in a segment whose header is right, and have the checksum of that
// segment: number and payload.
using FrameSet = std::set<std::pair<std::uint64_t, std::string>>;
FrameSet frames_in(const LogFiles& files);

}  // namespace yallchat
