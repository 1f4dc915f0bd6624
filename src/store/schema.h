// The file's shape: its tables, its version, and how every connection to it is set up.
// docs/formats/store.md has the columns' meaning and what was rejected.
#pragma once

#include "base/result.h"
#include "store/sqlite.h"

namespace yallchat {

inline constexpr std::uint64_t schema_version = 1;

// Sets the connection up to write, and makes the tables when the file is new.
// Error: unsupported (a newer version), damaged (not a store), full, locked, io.
Result<void> prepare_writer(SqliteConnection& connection);

// Sets a connection up that only reads. Error: damaged, io.
Result<void> prepare_reader(SqliteConnection& connection);

}  // namespace yallchat
