#include "store/meta.h"

#include "store/row_hash.h"
#include "store/schema.h"

namespace yallchat {
namespace {

std::uint64_t checksum(const Meta& meta) {
  return row_hash({schema_version, meta.position.value, meta.state_hash, meta.next_chunk,
                   meta.state_rows, meta.state_digest, meta.channel_rows, meta.channel_digest});
}

}  // namespace

Result<Meta> read_meta(SqliteConnection& connection) {
  Statement select;
  if (select.prepare(connection,
                     "SELECT position, state_hash, next_chunk, state_rows, state_digest, "
                     "channel_rows, channel_digest, checksum FROM meta WHERE id = 1") !=
      SQLITE_OK) {
    return connection.error_of("table meta");
  }
  const int rc = select.step();
  if (rc == SQLITE_DONE) return Error{Errc::damaged, "table meta: its row is missing"};
  if (rc != SQLITE_ROW) return connection.error_of("table meta");
  const Meta meta{Index(select.integer(0)), select.integer(1), select.integer(2), select.integer(3),
                  select.integer(4),        select.integer(5), select.integer(6)};
  if (select.integer(7) != checksum(meta)) {
    return Error{Errc::damaged, "table meta: the checksum of its row does not match"};
  }
  return meta;
}

int MetaWriter::prepare(const SqliteConnection& connection) {
  return replace_.prepare(connection, "REPLACE INTO meta VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?)");
}

int MetaWriter::write(const Meta& meta) {
  replace_.bind(1, meta.position.value);
  replace_.bind(2, meta.state_hash);
  replace_.bind(3, meta.next_chunk);
  replace_.bind(4, meta.state_rows);
  replace_.bind(5, meta.state_digest);
  replace_.bind(6, meta.channel_rows);
  replace_.bind(7, meta.channel_digest);
  replace_.bind(8, checksum(meta));
  return replace_.run();
}

}  // namespace yallchat
