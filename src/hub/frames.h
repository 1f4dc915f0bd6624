// Events as they go over the wire, one behind another, and where each ends.
//
// Bytes are addressed by their distance from the first that was ever added, which stays the same
// when old events are let go of. A value; one thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>

#include "base/ids.h"

namespace yallchat {

using TextPtr = std::shared_ptr<const std::string>;

// How an event is framed: what stands before and behind its JSON. Neither depends on more of the
// JSON than its length, so what is in it need not be copied to be framed.
struct Framing {
  // Appends what stands before it. type: as in the JSON. seqnr: that of the event, from which a
  // reader can resume.
  void (*begin)(std::string& out, std::string_view type, Seqnr seqnr, std::size_t json_bytes);
  std::string_view end;

  void add(std::string& out, std::string_view type, Seqnr seqnr, std::string_view json) const;
  bool operator==(const Framing&) const = default;
};

// An event as it goes over the wire, the most of which is a text that others are given, too.
struct SharedEvent {
  std::string head;
  TextPtr text;
  std::string tail;

  std::size_t size() const { return head.size() + text->size() + tail.size(); }
  // What is left of its parts behind so many bytes of it.
  std::array<std::string_view, 3> from(std::size_t at) const;
};

class Frames {
 public:
  // How far who has read an event is: which message comes next, and which version of the directory
  // it knows.
  struct Progress {
    Seqnr next;
    std::uint64_t directory = 0;
  };
  // The end of an event.
  struct Mark {
    std::uint64_t end;
    Progress progress;
  };

  void add(const Framing& framing, std::string_view type, Seqnr seqnr, std::string_view json,
           Progress progress);

  std::uint64_t begin() const { return begin_; }
  std::uint64_t end() const { return begin_ + bytes_.size(); }
  bool empty() const { return bytes_.empty(); }
  // The bytes from there to the end. begin() <= at <= end().
  std::string_view from(std::uint64_t at) const { return view(at, end()); }
  std::string_view view(std::uint64_t at, std::uint64_t to) const {
    return std::string_view(bytes_).substr(at - begin_, to - at);
  }
  // The event that the byte before `at` belongs to. begin() < at <= end().
  const Mark& ending_behind(std::uint64_t at) const;
  // Of the last event. Not empty().
  const Mark& last() const { return marks_.back(); }

  // When there are more than twice so many bytes, lets go of the oldest events until there are at
  // most so many.
  void keep(std::size_t bytes);
  void clear();

 private:
  std::string bytes_;
  std::uint64_t begin_ = 0;
  std::deque<Mark> marks_;
};

}  // namespace yallchat
