// What a text looks like: its skeleton after Unicode Technical Standard 39, from a table of our
// own.
//
// The table (data/confusables.txt) is part of the program, so no update of the system's ICU changes
// which names look alike: servers of one cluster must agree on that for ever. Any thread; the table
// is built by the first call, which takes some 5 ms.
#pragma once

#include <unicode/unistr.h>

#include <string_view>

namespace yallchat {

// The text with each character replaced by the one that stands for all that look like it, in NFD.
// Two texts are confusable when their skeletons are equal. Covers the characters allowed in names;
// others stay.
icu::UnicodeString skeleton(const icu::UnicodeString& text);

// The table in the format of UTS 39: the file, embedded by the build.
extern const std::string_view confusables_table;

}  // namespace yallchat
