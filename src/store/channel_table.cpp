#include "store/channel_table.h"

#include "base/check.h"
#include "store/row_hash.h"

namespace yallchat {
namespace {

std::uint64_t checksum(ChannelId channel, const Extent& extent) {
  return row_hash({channel.value, extent.first.value, extent.last.value});
}

Error damaged(const std::string& what) {
  return Error{Errc::damaged, "table channels: " + what};
}

}  // namespace

std::optional<Extent> read_extent(const Statement& select, ChannelId channel, int first_column) {
  const Extent extent{Seqnr(select.integer(first_column)), Seqnr(select.integer(first_column + 1))};
  if (select.integer(first_column + 2) != checksum(channel, extent)) return std::nullopt;
  return extent;
}

int ChannelTable::prepare(const SqliteConnection& connection) {
  const int rc = replace_.prepare(connection, "REPLACE INTO channels VALUES (?, ?, ?, ?)");
  return rc == SQLITE_OK ? delete_.prepare(connection, "DELETE FROM channels WHERE id = ?") : rc;
}

Result<void> ChannelTable::load(SqliteConnection& connection, const Meta& meta) {
  Statement select;
  if (select.prepare(connection, "SELECT id, first, last, checksum FROM channels") != SQLITE_OK) {
    return connection.error_of("table channels");
  }
  std::uint64_t digest = 0;
  int rc = select.step();
  for (; rc == SQLITE_ROW; rc = select.step()) {
    const ChannelId channel(select.integer(0));
    const auto extent = read_extent(select, channel, 1);
    if (!extent) {
      return damaged("row " + std::to_string(channel.value) + ": its checksum does not match");
    }
    digest += checksum(channel, *extent);
    extents_.emplace(channel, *extent);
  }
  if (rc != SQLITE_DONE) return connection.error_of("table channels");
  if (extents_.size() != meta.channel_rows) {
    return damaged("it has " + std::to_string(extents_.size()) + " rows, but " +
                   std::to_string(meta.channel_rows) + " were written");
  }
  if (digest != meta.channel_digest) return damaged("a row is not the one that was written last");
  return {};
}

void ChannelTable::extend(ChannelId channel, Seqnr first, Seqnr last) {
  const auto old = current(channel);
  CHECK(!old || old->last.next() == first,
        "channel " + std::to_string(channel.value) + " ends at " + std::to_string(old->last.value) +
            ", but what comes next is " + std::to_string(first.value));
  changed_[channel] = Extent{old ? old->first : first, last};
}

void ChannelTable::set_floor(ChannelId channel, Seqnr first) {
  if (const auto old = current(channel)) changed_[channel] = Extent{first, old->last};
}

void ChannelTable::drop_if_empty(ChannelId channel) {
  if (const auto old = current(channel); old && old->empty()) changed_[channel] = std::nullopt;
}

std::optional<Extent> ChannelTable::current(ChannelId channel) const {
  if (const auto changed = changed_.find(channel); changed != changed_.end())
    return changed->second;
  if (const auto found = extents_.find(channel); found != extents_.end()) return found->second;
  return std::nullopt;
}

int ChannelTable::write(Meta& meta) {
  for (const auto& [channel, extent] : changed_) {
    if (const auto old = extents_.find(channel); old != extents_.end()) {
      --meta.channel_rows;
      meta.channel_digest -= checksum(channel, old->second);
    }
    if (extent) {
      ++meta.channel_rows;
      meta.channel_digest += checksum(channel, *extent);
    }
    const int rc = extent ? write_row(channel, *extent) : delete_row(channel);
    if (rc != SQLITE_OK) return rc;
  }
  return SQLITE_OK;
}

int ChannelTable::write_row(ChannelId channel, const Extent& extent) {
  replace_.bind(1, channel.value);
  replace_.bind(2, extent.first.value);
  replace_.bind(3, extent.last.value);
  replace_.bind(4, checksum(channel, extent));
  return replace_.run();
}

int ChannelTable::delete_row(ChannelId channel) {
  delete_.bind(1, channel.value);
  return delete_.run();
}

void ChannelTable::committed() {
  for (const auto& [channel, extent] : changed_) {
    if (extent) {
      extents_[channel] = *extent;
    } else {
      extents_.erase(channel);
    }
  }
  changed_.clear();
}

}  // namespace yallchat
