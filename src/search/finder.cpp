#include "search/finder.h"

#include <algorithm>

#include "search/tokens.h"
#include "store/history_chunk.h"

namespace yallchat {

using Steady = std::chrono::steady_clock;

// What was found so far, and where the search ends: at the floor, with one result more than the
// answer may have, or with the time.
class Finder::Gathering {
 public:
  Gathering(const SearchQuery& query, const Terms& terms, Seqnr upto, Steady::time_point end)
      : query_(query),
        terms_(terms),
        upto_(upto),
        end_(end),
        limit_(std::clamp<std::size_t>(query.limit, 1, limits::search_results)) {}

  ChannelId channel() const { return query_.channel; }
  Seqnr floor() const { return query_.floor; }
  Seqnr upto() const { return upto_; }
  bool ended() const { return ended_; }
  bool time_is_over() const { return Steady::now() >= end_; }

  // Documents are looked at newest first.
  void look(const StoredChunk& chunk, std::size_t document) {
    const auto view = ChunkView::open(chunk.records, chunk.channel, chunk.first);
    if (!view || chunk.channel != channel()) return;
    const std::size_t begin = document * limits::search_document_messages;
    if (Seqnr(chunk.first.value + begin) > upto_) return;
    const std::size_t end = std::min(view->count(), begin + limits::search_document_messages);
    for (std::size_t i = end; i > begin && !ended_; --i) {
      const Seqnr seqnr(chunk.first.value + i - 1);
      if (seqnr < floor()) ended_ = true;
      if (seqnr > upto_ || ended_) continue;
      look_at_message(*view, i - 1, seqnr);
      // Behind each message, for one of them may be half a megabyte.
      if (!ended_ && time_is_over()) end_before(seqnr);
    }
  }

  // All from this one on was searched.
  void end_before(Seqnr seqnr) {
    ended_ = true;
    if (seqnr > floor()) found_.next = Seqnr(seqnr.value - 1);
  }

  SearchFound take() { return std::move(found_); }

 private:
  // What is damaged cannot be found.
  void look_at_message(const ChunkView& view, std::size_t i, Seqnr seqnr) {
    const auto body = view.body(i);
    if (!body) return;
    fold(*body, folded_);
    if (!terms_.are_in(folded_)) return;
    auto hits = terms_.hits(folded_);
    bytes_ += body->size() + hits.size() * sizeof(Hit);
    if (found_.items.size() == limit_ ||
        (bytes_ > limits::search_result_bytes && !found_.items.empty())) {
      return end_before(seqnr.next());
    }
    found_.items.push_back({view.message(i), std::move(hits)});
  }

  const SearchQuery& query_;
  const Terms& terms_;
  const Seqnr upto_;
  const Steady::time_point end_;
  const std::size_t limit_;
  bool ended_ = false;
  std::size_t bytes_ = 0;
  std::string folded_;
  SearchFound found_;
};

Result<void> Finder::open(const std::filesystem::path& index, const std::filesystem::path& store) {
  if (const auto opened = open_index_to_read(connection_, index); opened.has_error()) return opened;
  if (const auto opened = store_.open(store); opened.has_error())
    return Error{Errc::io, "the store: " + opened.error().message};
  return {};
}

Result<SearchFound> Finder::find(const SearchQuery& query, const Terms& terms) {
  const auto end = Steady::now() + budget_;
  chunk_id_ = 0;
  // One view of the index, from how far it has come to the last document.
  if (connection_.exec("BEGIN") != SQLITE_OK) return connection_.error_of("beginning");
  auto found = find_in_snapshot(query, terms, end);
  connection_.exec("COMMIT");
  return found;
}

Result<SearchFound> Finder::find_in_snapshot(const SearchQuery& query, const Terms& terms,
                                             Steady::time_point end) {
  const auto indexed = indexed_to(query.channel);
  if (indexed.has_error()) return indexed.error();
  const Seqnr upto = query.upto == Seqnr(0) ? *indexed : std::min(query.upto, *indexed);
  Gathering gathering(query, terms, upto, end);
  if (const std::string expression = token_query(query.channel, terms); expression.empty()) {
    walk(gathering);
  } else if (const auto asked = ask_index(gathering, expression); asked.has_error()) {
    return asked.error();
  }
  SearchFound found = gathering.take();
  found.indexed_to = *indexed;
  return found;
}

Result<Seqnr> Finder::indexed_to(ChannelId channel) {
  Statement select;
  if (select.prepare(connection_, "SELECT indexed_to FROM channels WHERE id = ?") != SQLITE_OK) {
    return connection_.error_of("table channels");
  }
  select.bind(1, channel.value);
  const int rc = select.step();
  if (rc == SQLITE_DONE) return Seqnr(0);
  if (rc != SQLITE_ROW) return connection_.error_of("table channels");
  return Seqnr(select.integer(0));
}

Result<void> Finder::ask_index(Gathering& gathering, const std::string& expression) {
  const auto newest = store_.newest_of(gathering.channel(), gathering.upto());
  if (!newest) return {};
  const auto at_floor = store_.newest_of(gathering.channel(), gathering.floor());
  const Documents documents{at_floor ? document_id(at_floor->id, 0) : 0,
                            document_id(newest->id, documents_a_chunk - 1)};
  const auto generations = read_generations(connection_);
  if (generations.has_error()) return generations.error();
  for (auto i = generations->rbegin(); i != generations->rend(); ++i) {
    if (i->first > newest->id || (at_floor && i->last < at_floor->id)) continue;
    const auto asked = ask_generation(gathering, *i, expression, documents);
    if (asked.has_error() || gathering.ended()) return asked;
    if (gathering.time_is_over()) {
      gathering.end_before(first_of_chunk_from(gathering, i->first));
      return {};
    }
  }
  return {};
}

Result<void> Finder::ask_generation(Gathering& gathering, const Generation& generation,
                                    const std::string& expression, const Documents& documents) {
  const std::string table = generation.table();
  Statement select;
  if (select.prepare(connection_, "SELECT rowid FROM " + table + " WHERE " + table +
                                      " MATCH ? AND rowid BETWEEN ? AND ? ORDER BY rowid DESC") !=
      SQLITE_OK) {
    return connection_.error_of(table);
  }
  select.bind_blob(1, expression);
  select.bind(2, documents.first);
  select.bind(3, documents.last);
  int rc = SQLITE_ROW;
  while (!gathering.ended() && (rc = select.step()) == SQLITE_ROW) {
    const std::uint64_t document = select.integer(0);
    const StoredChunk* const chunk = load(document / documents_a_chunk);
    if (chunk) gathering.look(*chunk, document % documents_a_chunk);
  }
  if (rc != SQLITE_ROW && rc != SQLITE_DONE) return connection_.error_of(table);
  return {};
}

// The first message of the channel in chunks from this one on. Chunks of a channel are numbered as
// its messages are.
Seqnr Finder::first_of_chunk_from(const Gathering& gathering, std::uint64_t chunk) {
  std::uint64_t before = 0;
  std::uint64_t from = gathering.upto().value + 1;
  while (before + 1 < from) {
    const std::uint64_t middle = before + (from - before) / 2;
    const auto place = store_.newest_of(gathering.channel(), Seqnr(middle));
    (place && place->id >= chunk ? from : before) = middle;
  }
  return Seqnr(from);
}

// A chunk that cannot be read is passed over.
void Finder::walk(Gathering& gathering) {
  auto place = store_.newest_of(gathering.channel(), gathering.upto());
  while (place && !gathering.ended()) {
    const StoredChunk* const chunk = load(place->id);
    for (std::size_t document = documents_a_chunk; chunk && document > 0 && !gathering.ended();
         --document) {
      gathering.look(*chunk, document - 1);
    }
    if (place->first <= gathering.floor()) return;
    place = store_.newest_of(gathering.channel(), Seqnr(place->first.value - 1));
  }
}

// Null: the store does not have it any more, or it cannot be read.
const StoredChunk* Finder::load(std::uint64_t id) {
  if (chunk_id_ != id) {
    chunk_ = store_.chunk(id);
    chunk_id_ = id;
  }
  return chunk_ ? &*chunk_ : nullptr;
}

}  // namespace yallchat
