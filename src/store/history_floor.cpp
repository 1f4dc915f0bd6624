#include "store/history_floor.h"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "base/limits.h"
#include "store/history_chunk.h"

namespace yallchat {
namespace {

void tell(ChannelId channel, int rc) {
  spdlog::error("store: how far the history of channel {} may go cannot be found: {}",
                channel.value, sqlite3_errstr(rc));
}

}  // namespace

int HistoryFloor::prepare(const SqliteConnection& connection) {
  const std::pair<Statement*, std::string_view> statements[] = {
      {&begin_, "BEGIN"},
      {&end_, "COMMIT"},
      // Of a row that large, SQLite reads the head only to tell its length.
      {&sizes_,
       "SELECT first, last, length(records) FROM history INDEXED BY history_by_channel "
       "WHERE channel = ?1 AND last >= ?2 ORDER BY first DESC"},
      {&times_,
       "SELECT first, records FROM history INDEXED BY history_by_channel "
       "WHERE channel = ?1 AND first >= coalesce((SELECT first FROM history INDEXED BY "
       "history_by_channel WHERE channel = ?1 AND first <= ?2 ORDER BY first DESC LIMIT 1), 0) "
       "ORDER BY first"},
  };
  for (const auto& [statement, sql] : statements)
    if (const int rc = statement->prepare(connection, sql); rc != SQLITE_OK) return rc;
  return SQLITE_OK;
}

FloorFound HistoryFloor::find(const FloorQuery& query) {
  begin_.run();
  FloorFound found;
  found.first = query.first;
  if (query.bytes != 0) by_size(query, found);
  if (query.not_before_ms != 0) by_age(query, found);
  end_.run();
  return found;
}

// From the newest chunk back.
void HistoryFloor::by_size(const FloorQuery& query, FloorFound& found) {
  const ResetAtEnd reset(sizes_);
  sizes_.bind(1, query.channel.value);
  sizes_.bind(2, query.first.value);
  const std::uint64_t enough = query.bytes - query.bytes / 16;
  std::uint64_t all = 0;
  Seqnr floor = query.keep;
  int rc = SQLITE_ROW;
  while ((rc = sizes_.step()) == SQLITE_ROW) {
    const Seqnr first(sizes_.integer(0));
    all += sizes_.integer(2);
    found.last = std::max(found.last, Seqnr(sizes_.integer(1)));
    if (all <= enough || first >= query.keep) {
      floor = first;
      found.bytes = all;
    }
    if (all > query.bytes && first < query.keep) {
      found.first = std::min(floor, query.keep);
      return;
    }
  }
  if (rc != SQLITE_DONE) return tell(query.channel, rc);
  found.bytes = all;
}

// Times never go back in a channel, so the first message that is young enough ends the search.
void HistoryFloor::by_age(const FloorQuery& query, FloorFound& found) {
  const ResetAtEnd reset(times_);
  times_.bind(1, query.channel.value);
  times_.bind(2, found.first.value);
  int rc = SQLITE_ROW;
  for (std::size_t looked = 0; looked < limits::floor_chunks_a_look; ++looked) {
    rc = times_.step();
    if (rc != SQLITE_ROW) break;
    const Seqnr first(times_.integer(0));
    const auto chunk = ChunkView::open(times_.blob(1), query.channel, first);
    for (std::size_t i = 0; chunk && i < chunk->count(); ++i) {
      const Seqnr seqnr(first.value + i);
      if (seqnr < found.first) continue;
      const MessagePtr message = chunk->message(i);
      if (!message) continue;
      if (seqnr >= query.keep || message->time_ms >= query.not_before_ms) {
        found.time_ms = message->time_ms;
        return;
      }
      found.first = seqnr.next();
    }
  }
  if (rc != SQLITE_ROW && rc != SQLITE_DONE) tell(query.channel, rc);
}

}  // namespace yallchat
