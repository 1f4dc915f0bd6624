// Reads a whole log as it is found on the disk, and says whether it is one.
//
// It changes nothing. Owner: LocalLog::open; one thread. Errors: damaged, with the file, the offset
// and the entry; unsupported; io. What a torn tail is, and why all else is damage:
// docs/formats/log.md.
#pragma once

#include <string>
#include <vector>

#include "base/ids.h"
#include "log/disk.h"

namespace yallchat {

struct SegmentFound {
  std::uint64_t sequence = 0;
  Index first;
};

struct LogFound {
  std::vector<SegmentFound> segments;  // oldest first; each holds at least one entry
  Index last;                          // 0 when there are none
  std::string last_payload;
  // Of the last segment: where its frames end, its size, and how many bytes of a torn frame lie
  // between.
  std::uint64_t end = 0;
  std::uint64_t size = 0;
  std::uint64_t torn_bytes = 0;
};

// names: of the files in the directory; what is no segment is passed over.
Result<LogFound> scan_log(Disk& disk, const std::string& directory,
                          const std::vector<std::string>& names);

}  // namespace yallchat
