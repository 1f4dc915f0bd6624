// SQLite, as thin as it can be: a connection and a prepared statement that clean up after
// themselves.
//
// Functions return SQLite's own result codes, because the writer and the reader answer them
// differently; error_of() turns one into an Error for those who only pass it on. But a statement
// that is out of memory stops the process, as everything else that is: what could not be read for
// that reason must not pass for damaged. One thread at a time uses a connection and its statements.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace yallchat {

class SqliteConnection {
 public:
  // flags: SQLITE_OPEN_READWRITE and the like. On failure words() and error_of() still work.
  int open(const std::filesystem::path& file, int flags);

  // Runs one or more statements that answer nothing.
  int exec(const char* sql) { return sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr); }

  // The last failure in words, with the system's error when there was one.
  std::string words() const;
  // The last failure is a lack of space, which may pass: the device or the user's quota is full. A
  // sync that failed is never that, for nobody knows what it lost.
  bool out_of_space() const;
  // what: where it happened, such as "table meta".
  Error error_of(std::string_view what) const;

  sqlite3* handle() const { return handle_.get(); }

 private:
  struct Close {
    void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
  };
  std::unique_ptr<sqlite3, Close> handle_;
};

// Whether rc (extended or not) says that the file's content is not what SQLite wrote.
bool is_corrupt(int rc);

class Statement {
 public:
  int prepare(const SqliteConnection& connection, std::string_view sql);

  // Parameters and columns are numbered as SQLite does: from 1, and from 0. Integers keep their 64
  // bits, so what is beyond 2^63 sorts below 0 in SQL.
  void bind(int parameter, std::uint64_t value) {
    sqlite3_bind_int64(handle_.get(), parameter, static_cast<sqlite3_int64>(value));
  }
  // Not copied: value must live until the statement is reset.
  void bind_blob(int parameter, std::string_view value) {
    sqlite3_bind_blob64(handle_.get(), parameter, value.data(), value.size(), SQLITE_STATIC);
  }
  int step();
  // Steps a statement that answers no rows, and resets it. SQLITE_OK, or why not.
  int run();
  void reset() { sqlite3_reset(handle_.get()); }
  // How many rows the connection's last INSERT, UPDATE or DELETE changed.
  int changes() const { return sqlite3_changes(sqlite3_db_handle(handle_.get())); }

  std::uint64_t integer(int column) const {
    return static_cast<std::uint64_t>(sqlite3_column_int64(handle_.get(), column));
  }
  // Valid until the next step or reset.
  std::string_view blob(int column) const;

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* handle) const { sqlite3_finalize(handle); }
  };
  std::unique_ptr<sqlite3_stmt, Finalize> handle_;
};

// Resets a statement at the end of a scope, so that it holds no snapshot longer than it is used.
class ResetAtEnd {
 public:
  explicit ResetAtEnd(Statement& statement) : statement_(statement) {}
  ~ResetAtEnd() { statement_.reset(); }
  ResetAtEnd(const ResetAtEnd&) = delete;
  ResetAtEnd& operator=(const ResetAtEnd&) = delete;

 private:
  Statement& statement_;
};

}  // namespace yallchat
