#include "store/history_reader.h"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "base/limits.h"
#include "store/history_chunk.h"
#include "store/schema.h"

namespace yallchat {

// The items gathered so far, which seqnr is next, and where they end: at the channel's last
// message, whatever a damaged row claims. Every step adds an item or ends the page.
class HistoryReader::Page {
 public:
  Page(ChannelId channel, Seqnr from, Seqnr last, std::size_t limit)
      : channel_(channel), next_(from), last_(last), limit_(limit) {}

  bool full() const {
    return next_ > last_ || items_.size() >= limit_ || bytes_ >= limits::history_page_bytes;
  }
  Seqnr next() const { return next_; }
  Seqnr last() const { return last_; }

  void add(MessagePtr message) {
    const std::size_t bytes = bytes_ + message->bytes();
    if (items_.empty() || bytes <= limits::history_page_bytes) {
      items_.push_back({next_, std::move(message)});
      next_ = next_.next();
    }
    bytes_ = bytes;
  }

  // All from next() to last (which may be below next()), as far as they fit.
  void add_damaged_through(Seqnr last, std::string_view why) {
    const Seqnr begin = next_;
    for (; next_ <= last && !full(); next_ = next_.next()) items_.push_back({next_, nullptr});
    if (begin < next_) {
      spdlog::error("store: history of channel {}, seqnr {} to {}: damaged: {}", channel_.value,
                    begin.value, next_.value - 1, why);
    }
  }
  void add_damaged(std::string_view why) { add_damaged_through(next_, why); }

  std::vector<HistoryItem> take() { return std::move(items_); }

 private:
  ChannelId channel_;
  Seqnr next_;
  Seqnr last_;
  std::size_t limit_;
  std::size_t bytes_ = 0;
  std::vector<HistoryItem> items_;
};

Result<void> HistoryReader::open(const std::filesystem::path& file) {
  if (connection_.open(file, SQLITE_OPEN_READONLY) != SQLITE_OK) {
    return connection_.error_of("opening to read");
  }
  if (const auto ready = prepare_reader(connection_); ready.has_error()) return ready;
  const std::pair<Statement*, std::string_view> statements[] = {
      {&begin_, "BEGIN"},
      {&end_, "COMMIT"},
      {&extent_, "SELECT first, last, checksum FROM channels WHERE id = ?"},
      {&before_,
       "SELECT first FROM history INDEXED BY history_by_channel "
       "WHERE channel = ? AND first <= ? ORDER BY first DESC LIMIT 1"},
      {&chunks_,
       "SELECT first, id FROM history INDEXED BY history_by_channel "
       "WHERE channel = ? AND first >= ? ORDER BY first"},
      {&records_, "SELECT records FROM history WHERE id = ?"},
  };
  for (const auto& [statement, sql] : statements) {
    if (statement->prepare(connection_, sql) != SQLITE_OK) return connection_.error_of(sql);
  }
  if (floor_.prepare(connection_) != SQLITE_OK) return connection_.error_of("preparing statements");
  return {};
}

std::vector<HistoryItem> HistoryReader::page(ChannelId channel, Seqnr from, std::size_t limit) {
  begin_.run();
  const Extent extent = extent_of(channel, from);
  Page page(channel, std::max(from, extent.first), extent.last, limit);
  if (!page.full()) read_chunks(page, channel);
  end_.run();
  return page.take();
}

// Where the channel's row is damaged, only the message that was asked for can be looked for.
Extent HistoryReader::extent_of(ChannelId channel, Seqnr from) {
  const ResetAtEnd reset(extent_);
  extent_.bind(1, channel.value);
  const int rc = extent_.step();
  if (rc == SQLITE_DONE) return Extent{Seqnr(1), Seqnr(0)};
  if (rc == SQLITE_ROW) {
    if (const auto extent = read_extent(extent_, channel, 0)) return *extent;
  }
  spdlog::error("store: table channels, row {}: damaged: {}", channel.value,
                rc == SQLITE_ROW ? "its checksum does not match" : connection_.words());
  return Extent{from, from};
}

void HistoryReader::read_chunks(Page& page, ChannelId channel) {
  Seqnr start = page.next();
  if (first_chunk(channel, page.next(), start) != SQLITE_OK)
    return page.add_damaged(connection_.words());
  const ResetAtEnd reset(chunks_);
  chunks_.bind(1, channel.value);
  chunks_.bind(2, start.value);
  std::string why = "no row has it";
  int rc = SQLITE_ROW;
  while (!page.full() && (rc = chunks_.step()) == SQLITE_ROW) {
    const Seqnr first(chunks_.integer(0));
    if (first > page.next()) page.add_damaged_through(Seqnr(first.value - 1), why);
    if (!page.full()) why = read_chunk(page, chunks_.integer(1), channel, first);
  }
  if (rc == SQLITE_DONE) page.add_damaged_through(page.last(), why);
  if (rc != SQLITE_DONE && rc != SQLITE_ROW) page.add_damaged(connection_.words());
}

// Sets first to the beginning of the chunk that should hold from; leaves it when there is none
// before from.
int HistoryReader::first_chunk(ChannelId channel, Seqnr from, Seqnr& first) {
  const ResetAtEnd reset(before_);
  before_.bind(1, channel.value);
  before_.bind(2, from.value);
  const int rc = before_.step();
  if (rc == SQLITE_ROW) first = Seqnr(before_.integer(0));
  return rc == SQLITE_ROW || rc == SQLITE_DONE ? SQLITE_OK : rc;
}

// Returns why the messages between this chunk and the next, if any should be there, are missing.
std::string HistoryReader::read_chunk(Page& page, std::uint64_t id, ChannelId channel,
                                      Seqnr first) {
  const ResetAtEnd reset(records_);
  records_.bind(1, id);
  const int rc = records_.step();
  if (rc == SQLITE_DONE) return "the index has a row that the table has not";
  if (rc != SQLITE_ROW) return connection_.words();
  const auto chunk = ChunkView::open(records_.blob(0), channel, first);
  if (!chunk) return "the checksum of its chunk does not match";
  for (std::size_t i = 0; i < chunk->count() && !page.full(); ++i) {
    if (first.value + i != page.next().value) continue;
    if (MessagePtr message = chunk->message(i)) {
      page.add(std::move(message));
    } else {
      page.add_damaged("its checksum does not match");
    }
  }
  return "no row has it";
}

}  // namespace yallchat
