#include "store/state_table.h"

#include <algorithm>
#include <tuple>

#include "store/row_hash.h"

namespace yallchat {
namespace {

std::uint64_t checksum(const StateRow& row) {
  return row_hash({row.kind, row.owner, row.id}, *row.value);
}

auto key(const StateRow& row) {
  return std::tie(row.kind, row.owner, row.id);
}

bool before(const StateRow& a, const StateRow& b) {
  return key(a) < key(b);
}

std::string name(const StateRow& row) {
  return "row (kind " + std::to_string(row.kind) + ", owner " + std::to_string(row.owner) +
         ", id " + std::to_string(row.id) + ")";
}

Error damaged(const std::string& what) {
  return Error{Errc::damaged, "table state: " + what};
}

}  // namespace

Result<std::vector<StateRow>> read_state(SqliteConnection& connection, const Meta& meta) {
  Statement select;
  if (select.prepare(
          connection,
          "SELECT kind, owner, id, checksum, value FROM state ORDER BY kind, owner, id") !=
      SQLITE_OK) {
    return connection.error_of("table state");
  }
  std::vector<StateRow> rows;
  std::uint64_t digest = 0;
  int rc = select.step();
  for (; rc == SQLITE_ROW; rc = select.step()) {
    StateRow row{static_cast<std::uint32_t>(select.integer(0)), select.integer(1),
                 select.integer(2), std::string(select.blob(4))};
    if (select.integer(3) != checksum(row))
      return damaged(name(row) + ": its checksum does not match");
    digest += checksum(row);
    rows.push_back(std::move(row));
  }
  if (rc != SQLITE_DONE) {
    return connection.error_of(rows.empty() ? "table state, before its first row"
                                            : "table state, after " + name(rows.back()));
  }
  if (rows.size() != meta.state_rows) {
    return damaged("it has " + std::to_string(rows.size()) + " rows, but " +
                   std::to_string(meta.state_rows) + " were written");
  }
  if (digest != meta.state_digest) return damaged("a row is not the one that was written last");
  // SQL compares what is beyond 2^63 as negative.
  if (!std::is_sorted(rows.begin(), rows.end(), before))
    std::sort(rows.begin(), rows.end(), before);
  return rows;
}

int StateWriter::prepare(const SqliteConnection& connection) {
  int rc = old_checksum_.prepare(
      connection, "SELECT checksum FROM state WHERE kind = ? AND owner = ? AND id = ?");
  if (rc == SQLITE_OK)
    rc = replace_.prepare(connection, "REPLACE INTO state VALUES (?, ?, ?, ?, ?)");
  if (rc == SQLITE_OK) {
    rc = delete_.prepare(connection, "DELETE FROM state WHERE kind = ? AND owner = ? AND id = ?");
  }
  return rc;
}

int StateWriter::write(const StateRow& row, Meta& meta) {
  old_checksum_.bind(1, row.kind);
  old_checksum_.bind(2, row.owner);
  old_checksum_.bind(3, row.id);
  const int found = old_checksum_.step();
  const std::uint64_t old = found == SQLITE_ROW ? old_checksum_.integer(0) : 0;
  old_checksum_.reset();
  if (found != SQLITE_ROW && found != SQLITE_DONE) return found;
  if (found == SQLITE_ROW) {
    --meta.state_rows;
    meta.state_digest -= old;
  }
  if (!row.value) return found == SQLITE_ROW ? remove(row) : SQLITE_OK;
  ++meta.state_rows;
  meta.state_digest += checksum(row);
  replace_.bind(1, row.kind);
  replace_.bind(2, row.owner);
  replace_.bind(3, row.id);
  replace_.bind(4, checksum(row));
  replace_.bind_blob(5, *row.value);
  return replace_.run();
}

int StateWriter::remove(const StateRow& row) {
  delete_.bind(1, row.kind);
  delete_.bind(2, row.owner);
  delete_.bind(3, row.id);
  return delete_.run();
}

}  // namespace yallchat
