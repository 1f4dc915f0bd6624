#include "store/schema.h"

#include "store/meta.h"

namespace yallchat {
namespace {

// "YChS": what `file` and SQLite's tools show as the application of the database.
constexpr std::uint64_t application_id = 0x59436853;

// The first three must come before the file has content.
constexpr const char* writer_settings = R"(
  PRAGMA page_size = 8192;
  PRAGMA encoding = 'UTF-8';
  PRAGMA auto_vacuum = NONE;
  PRAGMA synchronous = FULL;
  PRAGMA cache_size = -8192;
  PRAGMA mmap_size = 0;
  PRAGMA temp_store = MEMORY;
  PRAGMA secure_delete = FAST;
  PRAGMA cell_size_check = ON;
  PRAGMA trusted_schema = OFF;
  PRAGMA wal_autocheckpoint = 0;
  PRAGMA busy_timeout = 1000;
)";

constexpr const char* reader_settings = R"(
  PRAGMA query_only = ON;
  PRAGMA cache_size = -4096;
  PRAGMA mmap_size = 0;
  PRAGMA temp_store = MEMORY;
  PRAGMA cell_size_check = ON;
  PRAGMA trusted_schema = OFF;
  PRAGMA busy_timeout = 1000;
)";

// The transaction is left open: meta's one row belongs to it.
constexpr const char* tables = R"(
  BEGIN IMMEDIATE;
  PRAGMA application_id = 0x59436853;
  PRAGMA user_version = 1;
  CREATE TABLE meta(
    id INTEGER PRIMARY KEY CHECK (id = 1), position INTEGER NOT NULL, state_hash INTEGER NOT NULL,
    next_chunk INTEGER NOT NULL, state_rows INTEGER NOT NULL, state_digest INTEGER NOT NULL,
    channel_rows INTEGER NOT NULL, channel_digest INTEGER NOT NULL, checksum INTEGER NOT NULL);
  CREATE TABLE state(
    kind INTEGER NOT NULL, owner INTEGER NOT NULL, id INTEGER NOT NULL, checksum INTEGER NOT NULL,
    value BLOB NOT NULL, PRIMARY KEY (kind, owner, id)) WITHOUT ROWID;
  CREATE TABLE history(
    id INTEGER PRIMARY KEY, channel INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
    records BLOB NOT NULL);
  CREATE INDEX history_by_channel ON history(channel, first);
  CREATE TABLE channels(
    id INTEGER PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL, checksum INTEGER NOT NULL);
)";

Result<std::uint64_t> ask(SqliteConnection& connection, std::string_view sql) {
  Statement statement;
  if (statement.prepare(connection, sql) != SQLITE_OK || statement.step() != SQLITE_ROW) {
    return connection.error_of(sql);
  }
  return statement.integer(0);
}

Result<void> use_wal(SqliteConnection& connection) {
  Statement statement;
  if (statement.prepare(connection, "PRAGMA journal_mode = WAL") != SQLITE_OK ||
      statement.step() != SQLITE_ROW) {
    return connection.error_of("switching to a write-ahead log");
  }
  if (statement.blob(0) != "wal") {
    return Error{Errc::io, "this file system cannot hold a write-ahead log with shared memory"};
  }
  return {};
}

// Whether the file has no content yet. Error: it is not one of ours, or of a newer version.
Result<bool> is_new(SqliteConnection& connection) {
  const auto version = ask(connection, "PRAGMA user_version");
  if (version.has_error()) return version.error();
  const auto application = ask(connection, "PRAGMA application_id");
  if (application.has_error()) return application.error();
  const auto objects = ask(connection, "SELECT count(*) FROM sqlite_schema");
  if (objects.has_error()) return objects.error();
  if (*version == 0 && *application == 0 && *objects == 0) return true;
  if (*application != application_id) {
    return Error{Errc::damaged, "this is a database, but not a store of Y'allChat"};
  }
  if (*version > schema_version) {
    return Error{Errc::unsupported, "the store has version " + std::to_string(*version) +
                                        ", and this program knows versions up to " +
                                        std::to_string(schema_version) +
                                        ": start the newer program that wrote it"};
  }
  if (*version != schema_version) return Error{Errc::damaged, "the store has no version"};
  return false;
}

}  // namespace

Result<void> prepare_writer(SqliteConnection& connection) {
  // Nobody checkpoints behind the writer's back, not even the closing of the last connection.
  sqlite3_db_config(connection.handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  if (connection.exec(writer_settings) != SQLITE_OK) return connection.error_of("settings");
  const auto fresh = is_new(connection);
  if (fresh.has_error()) return fresh.error();
  if (const auto wal = use_wal(connection); wal.has_error()) return wal;
  if (!*fresh) return {};
  MetaWriter meta;
  if (connection.exec(tables) != SQLITE_OK || meta.prepare(connection) != SQLITE_OK ||
      meta.write(Meta{}) != SQLITE_OK || connection.exec("COMMIT") != SQLITE_OK) {
    return connection.error_of("creating the tables");
  }
  return {};
}

Result<void> prepare_reader(SqliteConnection& connection) {
  if (connection.exec(reader_settings) != SQLITE_OK) return connection.error_of("settings");
  return {};
}

}  // namespace yallchat
