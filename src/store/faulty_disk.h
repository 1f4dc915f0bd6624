// SQLite's own file system with faults, for the store's tests: no space for writes, syncs that
// fail.
//
// While one of these lives it is SQLite's default. One at a time; its members may be changed at any
// time.
#pragma once

#include <sqlite3.h>

#include <atomic>

namespace yallchat {

class FaultyDisk {
 public:
  FaultyDisk();
  ~FaultyDisk();
  FaultyDisk(const FaultyDisk&) = delete;
  FaultyDisk& operator=(const FaultyDisk&) = delete;

  std::atomic<bool> wal_is_full = false;       // writes to the write-ahead log
  std::atomic<bool> database_is_full = false;  // writes to the database file: checkpoints
  std::atomic<bool> syncs_fail = false;
  std::atomic<int> refused = 0;  // how many writes were; wait() for it

 private:
  static int open(sqlite3_vfs*, const char* name, sqlite3_file*, int flags, int* out_flags);
  static int write_wal(sqlite3_file*, const void* data, int size, sqlite3_int64 offset);
  static int write_database(sqlite3_file*, const void* data, int size, sqlite3_int64 offset);
  static int sync(sqlite3_file*, int flags);
  int refuse();

  sqlite3_vfs* const real_;
  sqlite3_vfs vfs_;
  const sqlite3_io_methods* real_wal_ = nullptr;
  const sqlite3_io_methods* real_database_ = nullptr;
  sqlite3_io_methods wal_ = {};
  sqlite3_io_methods database_ = {};
};

}  // namespace yallchat
