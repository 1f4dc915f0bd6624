// The tokens of texts in the index: they say where to look, and Terms says what is found there.
//
// Tokens of a folded text are its trigrams: every three code points that follow each other. Where
// characters are words by themselves or in pairs (Chinese, Japanese, Korean, emoji: everything from
// U+2190 on), that character and it with the one behind it are tokens too, for a trigram cannot
// find a term that short. A token more says which channel the text is from. Any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "search/terms.h"
#include "store/sqlite.h"

namespace yallchat {

// The tokens of a few texts of one channel, each once.
class TokenSet {
 public:
  void clear() { tokens_.clear(); }
  void add(std::string_view folded_text);
  // All of them as FTS5 gets them, to be split by our tokenizer. Valid until the next call.
  std::string_view document(ChannelId channel);

 private:
  std::vector<std::uint64_t> tokens_;
  std::vector<std::uint32_t> points_;
  std::string document_;
};

// FTS5's expression for documents of the channel that may have all the terms: as many of their
// tokens as limits::search_tokens, from all of them. Empty when they have none, and the documents
// must be walked.
std::string token_query(ChannelId channel, const Terms& terms);

// Makes the tokenizer known to the connection, as "yallchat". SQLite's result code.
int register_tokenizer(const SqliteConnection& connection);

}  // namespace yallchat
