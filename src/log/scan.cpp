#include "log/scan.h"

#include <algorithm>

#include "log/segment_reader.h"

namespace yallchat {
namespace {

Error damaged(const SegmentReader& reader, std::uint64_t offset, const std::string& what) {
  return {Errc::damaged, reader.path() + " at offset " + std::to_string(offset) + ": " + what};
}

std::string entry(Index number) {
  return "entry " + std::to_string(number.value);
}

// Reads the frames up to the first that is none, and what is behind them. reader is left at that
// place.
Result<Index> scan_segment(SegmentReader& reader, LogFound& found) {
  Index expected = reader.header().first;
  std::uint64_t offset = 0;
  while (true) {
    const std::uint64_t at = reader.offset();
    const auto frame = reader.next();
    if (!frame) return frame.error();
    if (!*frame) break;
    if ((*frame)->number != expected || (*frame)->synced >= expected)
      return damaged(reader, at,
                     entry((*frame)->number) + " stands where " + entry(expected) + " belongs");
    expected = expected.next();
    offset = at;
  }
  const auto rest = reader.examine_rest();
  if (!rest) return rest.error();
  if (rest->later_number)
    return damaged(reader, reader.offset(),
                   entry(expected) + " cannot be read, but " + entry(*rest->later_number) +
                       " at offset " + std::to_string(rest->later_offset) + " can");
  if (expected == reader.header().first)
    return damaged(
        reader, reader.offset(),
        entry(expected) + " cannot be read, and it was durable before the file had its name");
  found.end = reader.offset();
  found.size = reader.size();
  found.torn_bytes = rest->used;
  reader.seek(offset);
  const auto last = reader.next();
  if (!last) return last.error();
  if (!*last) return damaged(reader, offset, "it reads otherwise than a moment ago");
  found.last_payload = (*last)->payload;
  return (*last)->number;
}

}  // namespace

Result<LogFound> scan_log(Disk& disk, const std::string& directory,
                          const std::vector<std::string>& names) {
  LogFound found;
  std::vector<std::uint64_t> sequences;
  for (const std::string& name : names)
    if (const auto sequence = parse_segment_name(name)) sequences.push_back(*sequence);
  std::sort(sequences.begin(), sequences.end());

  for (const std::uint64_t sequence : sequences) {
    auto reader = SegmentReader::open(disk, directory, sequence);
    if (!reader) return reader.error();
    const Index first = reader->header().first;
    // A segment goes on where the one before ends, or begins with a copy of its last entry.
    if (!found.segments.empty() && first > found.last.next())
      return Error{Errc::damaged,
                   directory + "/" + segment_name(found.segments.back().sequence) + " at offset " +
                       std::to_string(found.end) + ": " + entry(found.last.next()) +
                       " cannot be read, and the next segment begins with " + entry(first)};
    if (!found.segments.empty() && first < found.last)
      return damaged(*reader, 0,
                     "it begins with " + entry(first) + ", but the segment before ends with " +
                         entry(found.last));
    const auto last = scan_segment(*reader, found);
    if (!last) return last.error();
    found.segments.push_back({sequence, first});
    found.last = *last;
  }
  return found;
}

}  // namespace yallchat
