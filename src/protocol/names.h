// Names of users and channels: which are allowed, and which are the same.
//
// Rules (docs/protocol.md, "Names"): UTF-8; letters, marks, digits of Unicode 15.0 and _ - . @ ~;
// 1 to 32 code points for a user, 1 to 64 for a channel, counted after NFC; never "." or "..". Two
// user names are one when their case folded NFKC forms are equal, or, where either is not ASCII,
// when any of their confusable skeletons (UTS 39) are equal. Two channel names are one when their
// case folded NFC forms are. Default-ignorable characters are refused, and user names whose key
// would break these rules (U+FDFA stands for several words, with spaces).
//
// Only front ends call this: they put the keys into the command, and the machine compares their
// bytes. So the tables may never differ between servers of one cluster, nor change with a system
// update: characters newer than Unicode 15.0 are refused and the confusables come from a file of
// ours. Any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace yallchat {

struct UserName {
  std::string text;  // NFC, what people see
  std::string key;   // case folded NFKC
  // How the text and the key look to one who does not mind case; sorted, unique. Never empty.
  std::vector<std::string> skeletons;
  bool ascii = true;  // the text is ASCII only

  bool operator==(const UserName&) const = default;
};

struct ChannelName {
  std::string text;  // NFC
  std::string key;   // case folded NFC

  bool operator==(const ChannelName&) const = default;
};

// name: percent-decoded bytes of one path segment, or of a header. Error: invalid, naming the
// character or the rule that was broken and what is allowed. parse_user costs 1 to 3 us, for the
// skeletons (the very first call 5 ms more); parse_channel, which every request calls, some 40 ns
// when the name is ASCII.
Result<UserName> parse_user(std::string_view name);
Result<ChannelName> parse_channel(std::string_view name);

// A name as a header's value: bytes beyond ASCII percent-encoded (% is not allowed in names, so
// this can be undone).
std::string header_form(std::string_view name);

// Whether text is well-formed UTF-8 (no overlong forms, no surrogates, at most U+10FFFF).
bool is_utf8(std::string_view text);

// Whether the names may not both be held in one channel.
bool same_user(const UserName& a, const UserName& b);

}  // namespace yallchat
