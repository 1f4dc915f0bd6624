#include "store/sqlite.h"

#include <cerrno>
#include <cstring>

#include "base/check.h"

namespace yallchat {
namespace {

bool out_of_memory(int rc) {
  return (rc & 0xFF) == SQLITE_NOMEM || rc == SQLITE_IOERR_NOMEM;
}

}  // namespace

int SqliteConnection::open(const std::filesystem::path& file, int flags) {
  sqlite3* handle = nullptr;
  const int rc = sqlite3_open_v2(file.c_str(), &handle,
                                 flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  handle_.reset(handle);
  return rc;
}

std::string SqliteConnection::words() const {
  std::string text = sqlite3_errmsg(handle_.get());
  text += " (SQLite code " + std::to_string(sqlite3_extended_errcode(handle_.get()));
  if (const int system = sqlite3_system_errno(handle_.get()); system != 0) {
    text += ", errno " + std::to_string(system) + ": " + std::strerror(system);
  }
  return text + ")";
}

bool SqliteConnection::out_of_space() const {
  const int rc = sqlite3_extended_errcode(handle_.get());
  if ((rc & 0xFF) == SQLITE_FULL) return true;
  if ((rc & 0xFF) != SQLITE_IOERR) return false;
  if (rc == SQLITE_IOERR_FSYNC || rc == SQLITE_IOERR_DIR_FSYNC) return false;
  const int system = sqlite3_system_errno(handle_.get());
  return system == ENOSPC || system == EDQUOT;
}

Error SqliteConnection::error_of(std::string_view what) const {
  const int rc = sqlite3_extended_errcode(handle_.get());
  Errc code = Errc::io;
  if (is_corrupt(rc)) code = Errc::damaged;
  if ((rc & 0xFF) == SQLITE_BUSY || (rc & 0xFF) == SQLITE_LOCKED) code = Errc::locked;
  if (out_of_space()) code = Errc::full;
  return Error{code, std::string(what) + ": " + words()};
}

bool is_corrupt(int rc) {
  return (rc & 0xFF) == SQLITE_CORRUPT || (rc & 0xFF) == SQLITE_NOTADB;
}

int Statement::prepare(const SqliteConnection& connection, std::string_view sql) {
  sqlite3_stmt* handle = nullptr;
  const int rc = sqlite3_prepare_v3(connection.handle(), sql.data(), static_cast<int>(sql.size()),
                                    SQLITE_PREPARE_PERSISTENT, &handle, nullptr);
  handle_.reset(handle);
  return rc;
}

int Statement::step() {
  const int rc = sqlite3_step(handle_.get());
  CHECK(!out_of_memory(rc), "out of memory");
  return rc;
}

int Statement::run() {
  const int rc = step();
  reset();
  return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

std::string_view Statement::blob(int column) const {
  const void* data = sqlite3_column_blob(handle_.get(), column);
  CHECK(data || !out_of_memory(sqlite3_errcode(sqlite3_db_handle(handle_.get()))), "out of memory");
  const int size = sqlite3_column_bytes(handle_.get(), column);
  return data == nullptr ? std::string_view()
                         : std::string_view(static_cast<const char*>(data), size);
}

}  // namespace yallchat
