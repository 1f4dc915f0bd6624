#include "store/faulty_disk.h"

namespace yallchat {
namespace {

FaultyDisk* current = nullptr;

}  // namespace

FaultyDisk::FaultyDisk() : real_(sqlite3_vfs_find(nullptr)), vfs_(*real_) {
  current = this;
  vfs_.zName = "faulty";
  vfs_.xOpen = open;
  sqlite3_vfs_register(&vfs_, 1);
}

FaultyDisk::~FaultyDisk() {
  sqlite3_vfs_unregister(&vfs_);
  sqlite3_vfs_register(real_, 1);
  current = nullptr;
}

// The file stays SQLite's own; only the functions in its table that may fail are ours. The table's
// first copy is made before there are threads.
int FaultyDisk::open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags,
                     int* out_flags) {
  const int rc = current->real_->xOpen(current->real_, name, file, flags, out_flags);
  if (rc != SQLITE_OK || file->pMethods == nullptr) return rc;
  const bool wal = (flags & SQLITE_OPEN_WAL) != 0;
  if (!wal && (flags & SQLITE_OPEN_MAIN_DB) == 0) return rc;
  auto& real = wal ? current->real_wal_ : current->real_database_;
  auto& ours = wal ? current->wal_ : current->database_;
  if (real == nullptr) {
    real = file->pMethods;
    ours = *real;
    ours.xWrite = wal ? write_wal : write_database;
    ours.xSync = sync;
  }
  file->pMethods = &ours;
  return rc;
}

int FaultyDisk::refuse() {
  ++refused;
  refused.notify_all();
  return SQLITE_FULL;
}

int FaultyDisk::write_wal(sqlite3_file* file, const void* data, int size, sqlite3_int64 offset) {
  if (current->wal_is_full) return current->refuse();
  return current->real_wal_->xWrite(file, data, size, offset);
}

int FaultyDisk::write_database(sqlite3_file* file, const void* data, int size,
                               sqlite3_int64 offset) {
  if (current->database_is_full) return current->refuse();
  return current->real_database_->xWrite(file, data, size, offset);
}

int FaultyDisk::sync(sqlite3_file* file, int flags) {
  if (current->syncs_fail) return SQLITE_IOERR_FSYNC;
  return current->real_database_->xSync(file, flags);
}

}  // namespace yallchat
