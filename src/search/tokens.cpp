#include "search/tokens.h"

#include <unicode/utf8.h>

#include <algorithm>

#include "base/limits.h"

namespace yallchat {
namespace {

// Neither byte is in any UTF-8. The first begins a channel's token, so that no text can have it.
constexpr char channel_mark = '\xFE';
constexpr char separator = '\xFF';

constexpr UChar32 first_that_may_stand_alone = 0x2190;
constexpr int bits = 21;  // of a code point: three of them are a number of 63 bits

void to_points(std::string_view text, std::vector<std::uint32_t>& points) {
  points.clear();
  for (std::size_t i = 0; i < text.size();) {
    UChar32 point;
    U8_NEXT_UNSAFE(text.data(), i, point);
    points.push_back(static_cast<std::uint32_t>(point));
  }
}

std::uint64_t token(const std::uint32_t* points, std::size_t count) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < count; ++i) value = value << bits | points[i];
  return value;
}

void append(std::uint64_t token, std::string& out) {
  for (int shift = 2 * bits; shift >= 0; shift -= bits) {
    const auto point = static_cast<UChar32>(token >> shift & ((1U << bits) - 1));
    if (point == 0) continue;
    char bytes[U8_MAX_LENGTH];
    std::size_t length = 0;
    U8_APPEND_UNSAFE(bytes, length, point);
    out.append(bytes, length);
  }
}

std::string channel_token(ChannelId channel) {
  return channel_mark + std::to_string(channel.value);
}

// Those of a term that every document with the term has.
void add_tokens_of_term(const std::string& term, std::vector<std::uint64_t>& tokens) {
  std::vector<std::uint32_t> points;
  to_points(term, points);
  for (std::size_t i = 0; i + 3 <= points.size(); ++i) tokens.push_back(token(&points[i], 3));
  if (points.size() >= 3) return;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (points[i] >= first_that_may_stand_alone) {
      tokens.push_back(token(&points[i], points.size() - i));
      return;
    }
  }
}

void append_quoted(std::string_view token, std::string& query) {
  query += '"';
  for (const char c : token) {
    if (c == '"') query += '"';
    query += c;
  }
  query += '"';
}

int no_state(void*, const char**, int, Fts5Tokenizer** out) {
  static char none;
  *out = reinterpret_cast<Fts5Tokenizer*>(&none);
  return SQLITE_OK;
}

void nothing_to_delete(Fts5Tokenizer*) {}

int split(Fts5Tokenizer*, void* context, int, const char* text, int size,
          int (*give)(void*, int, const char*, int, int, int)) {
  int begin = 0;
  for (int end = 0; end <= size; ++end) {
    if (end < size && text[end] != separator) continue;
    if (begin < end) {
      const int rc = give(context, 0, text + begin, end - begin, begin, end);
      if (rc != SQLITE_OK) return rc;
    }
    begin = end + 1;
  }
  return SQLITE_OK;
}

}  // namespace

void TokenSet::add(std::string_view folded_text) {
  to_points(folded_text, points_);
  const std::size_t count = points_.size();
  for (std::size_t i = 0; i < count; ++i) {
    if (i + 3 <= count) tokens_.push_back(token(&points_[i], 3));
    if (points_[i] < first_that_may_stand_alone) continue;
    tokens_.push_back(token(&points_[i], 1));
    if (i + 2 <= count) tokens_.push_back(token(&points_[i], 2));
  }
}

std::string_view TokenSet::document(ChannelId channel) {
  std::sort(tokens_.begin(), tokens_.end());
  tokens_.erase(std::unique(tokens_.begin(), tokens_.end()), tokens_.end());
  document_ = channel_token(channel);
  for (const std::uint64_t token : tokens_) {
    document_ += separator;
    append(token, document_);
  }
  return document_;
}

std::string token_query(ChannelId channel, const Terms& terms) {
  std::vector<std::uint64_t> tokens;
  for (const std::string& term : terms.all()) add_tokens_of_term(term, tokens);
  std::sort(tokens.begin(), tokens.end());
  tokens.erase(std::unique(tokens.begin(), tokens.end()), tokens.end());
  if (tokens.empty()) return {};
  std::string query;
  append_quoted(channel_token(channel), query);
  const std::size_t used = std::min(tokens.size(), limits::search_tokens);
  for (std::size_t i = 0; i < used; ++i) {
    std::string bytes;
    append(tokens[i * tokens.size() / used], bytes);
    query += " AND ";
    append_quoted(bytes, query);
  }
  return query;
}

int register_tokenizer(const SqliteConnection& connection) {
  sqlite3_stmt* statement = nullptr;
  fts5_api* api = nullptr;
  int rc = sqlite3_prepare_v2(connection.handle(), "SELECT fts5(?)", -1, &statement, nullptr);
  if (rc == SQLITE_OK) {
    sqlite3_bind_pointer(statement, 1, static_cast<void*>(&api), "fts5_api_ptr", nullptr);
    sqlite3_step(statement);
  }
  sqlite3_finalize(statement);
  if (api == nullptr) return rc == SQLITE_OK ? SQLITE_ERROR : rc;
  fts5_tokenizer tokenizer{no_state, nothing_to_delete, split};
  return api->xCreateTokenizer(api, "yallchat", nullptr, &tokenizer, nullptr);
}

}  // namespace yallchat
