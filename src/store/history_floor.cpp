#include "store/history_floor.h"

#include <algorithm>

#include "base/limits.h"
#include "store/history_chunk.h"

namespace yallchat {
int HistoryFloor::prepare(const SqliteConnection& connection) {
  const std::pair<Statement*, std::string_view> statements[] = {
      {&begin_, "BEGIN"},
      {&end_, "COMMIT"},
      // Of a row that large, SQLite reads the head only to tell its length.
      {&sizes_,
       "SELECT first, length(records) FROM history INDEXED BY history_by_channel "
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
  found.first = query.bytes == 0 ? query.first : by_size(query, found.bytes);
  if (query.not_before_ms != 0) by_age(query, found);
  end_.run();
  return found;
}

// The oldest chunk that still fits, when the newest are taken first.
Seqnr HistoryFloor::by_size(const FloorQuery& query, std::uint64_t& bytes) {
  const ResetAtEnd reset(sizes_);
  sizes_.bind(1, query.channel.value);
  sizes_.bind(2, query.first.value);
  Seqnr floor = query.keep;
  while (sizes_.step() == SQLITE_ROW) {
    const Seqnr first(sizes_.integer(0));
    const std::uint64_t size = sizes_.integer(1);
    if (bytes + size > query.bytes && first < query.keep) return std::min(floor, query.keep);
    bytes += size;
    floor = first;
  }
  return query.first;
}

// Times never go back in a channel, so the first message that is young enough ends the search.
void HistoryFloor::by_age(const FloorQuery& query, FloorFound& found) {
  const ResetAtEnd reset(times_);
  times_.bind(1, query.channel.value);
  times_.bind(2, found.first.value);
  for (std::size_t looked = 0; looked < limits::floor_chunks_a_look; ++looked) {
    if (times_.step() != SQLITE_ROW) return;
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
}

}  // namespace yallchat
