#include "search/index_file.h"

#include <system_error>

#include "search/tokens.h"

namespace yallchat {
namespace {

// "YChQ": what `file` and SQLite's tools show as the application of the database.
constexpr std::uint64_t application_id = 0x59436851;

// A commit that a power cut takes back is indexed again, so commits are not synced.
constexpr const char* writer_settings = R"(
  PRAGMA encoding = 'UTF-8';
  PRAGMA synchronous = NORMAL;
  PRAGMA cache_size = -8192;
  PRAGMA mmap_size = 0;
  PRAGMA temp_store = MEMORY;
  PRAGMA secure_delete = FAST;
  PRAGMA cell_size_check = ON;
  PRAGMA busy_timeout = 1000;
  PRAGMA wal_autocheckpoint = 4000;
  PRAGMA journal_mode = WAL;
)";

constexpr const char* reader_settings = R"(
  PRAGMA query_only = ON;
  PRAGMA cache_size = -8192;
  PRAGMA mmap_size = 0;
  PRAGMA temp_store = MEMORY;
  PRAGMA cell_size_check = ON;
  PRAGMA busy_timeout = 1000;
)";

constexpr const char* tables = R"(
  BEGIN IMMEDIATE;
  PRAGMA application_id = 0x59436851;
  PRAGMA user_version = 1;
  CREATE TABLE meta(
    id INTEGER PRIMARY KEY CHECK (id = 1), position INTEGER NOT NULL,
    fingerprint INTEGER NOT NULL);
  CREATE TABLE generations(
    id INTEGER PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL,
    chunks INTEGER NOT NULL, bytes INTEGER NOT NULL);
  CREATE TABLE channels(id INTEGER PRIMARY KEY, indexed_to INTEGER NOT NULL);
  INSERT INTO meta VALUES (1, 0, 0);
  COMMIT;
)";

Result<std::uint64_t> ask(SqliteConnection& connection, std::string_view sql) {
  Statement statement;
  if (statement.prepare(connection, sql) != SQLITE_OK || statement.step() != SQLITE_ROW) {
    return connection.error_of(sql);
  }
  return statement.integer(0);
}

// Whether the file has no content yet. Error: it is not one of ours, or of another version.
Result<bool> is_new(SqliteConnection& connection) {
  const auto objects = ask(connection, "SELECT count(*) FROM sqlite_schema");
  if (objects.has_error()) return objects.error();
  if (*objects == 0) return true;
  const auto application = ask(connection, "PRAGMA application_id");
  if (application.has_error()) return application.error();
  const auto version = ask(connection, "PRAGMA user_version");
  if (version.has_error()) return version.error();
  if (*application != application_id) return Error{Errc::damaged, "it is not a search index"};
  if (*version != index_version) return Error{Errc::unsupported, "it has another version"};
  return false;
}

}  // namespace

Result<void> open_index_to_write(SqliteConnection& connection, const std::filesystem::path& file) {
  if (connection.open(file, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE) != SQLITE_OK) {
    return connection.error_of("opening");
  }
  // Before anything is written: it may be somebody else's file.
  const auto fresh = is_new(connection);
  if (fresh.has_error()) return fresh.error();
  if (connection.exec(writer_settings) != SQLITE_OK) return connection.error_of("settings");
  if (*fresh && connection.exec(tables) != SQLITE_OK) {
    return connection.error_of("creating the tables");
  }
  if (register_tokenizer(connection) != SQLITE_OK) return connection.error_of("full-text search");
  return {};
}

Result<void> open_index_to_read(SqliteConnection& connection, const std::filesystem::path& file) {
  if (connection.open(file, SQLITE_OPEN_READONLY) != SQLITE_OK) {
    return connection.error_of("opening to read");
  }
  sqlite3_db_config(connection.handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  if (connection.exec(reader_settings) != SQLITE_OK) return connection.error_of("settings");
  if (register_tokenizer(connection) != SQLITE_OK) return connection.error_of("full-text search");
  return {};
}

void remove_index(const std::filesystem::path& file) {
  // Whatever cannot be removed will be told by the next opening.
  std::error_code ignored;
  for (const char* suffix : {"-wal", "-shm", ""}) {
    std::filesystem::remove(file.string() + suffix, ignored);
  }
}

Result<IndexPosition> read_position(SqliteConnection& connection) {
  Statement select;
  if (select.prepare(connection, "SELECT position, fingerprint FROM meta") != SQLITE_OK) {
    return connection.error_of("table meta");
  }
  const int rc = select.step();
  if (rc == SQLITE_DONE) return Error{Errc::damaged, "table meta: its row is missing"};
  if (rc != SQLITE_ROW) return connection.error_of("table meta");
  return IndexPosition{select.integer(0), select.integer(1)};
}

Result<std::vector<Generation>> read_generations(SqliteConnection& connection) {
  Statement select;
  if (select.prepare(connection,
                     "SELECT id, first, last, chunks, bytes FROM generations ORDER BY first") !=
      SQLITE_OK) {
    return connection.error_of("table generations");
  }
  std::vector<Generation> generations;
  int rc = SQLITE_ROW;
  while ((rc = select.step()) == SQLITE_ROW) {
    generations.push_back({select.integer(0), select.integer(1), select.integer(2),
                           select.integer(3), select.integer(4)});
  }
  if (rc != SQLITE_DONE) return connection.error_of("table generations");
  return generations;
}

}  // namespace yallchat
