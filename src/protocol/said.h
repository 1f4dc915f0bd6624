// Said: who said a bridged message first, where, and what: as its author's name, the text and the
// header origin tell.
//
// A server has a label. ringo of the server a is ringo@a on b, and ringo@a@b on a third one that
// has it from b. Where a name cannot be had, it stands before the text: "<ringo@a> hello". Towards
// servers that keep it, origin says the same with channels and numbers:
// "a/octopus/83,b/octopus/7". Anybody may post one: it counts as far as name or prefix bear it out.
// Pure functions; any thread; what cannot be read has no hops.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace yallchat {

struct Speaker {
  std::string author;             // the name on the server where it was said
  std::vector<std::string> hops;  // labels, that server's first; empty: said here

  // "ringo@a@b" is ringo by a and b, "x@@a" is "x@" by a: what is behind an empty part.
  static Speaker of(std::string_view name);
  std::string name() const;
  // As seen from the server after that with the label.
  Speaker by(const std::string& label) const;

  bool operator==(const Speaker&) const = default;
};

std::string with_prefix(const std::string& name, const std::string& text);

// Behind a label in an origin's hop: how often that server's channel has begun to count again. No
// label and no channel has it after percent-encoding.
inline constexpr char origin_life_mark = ':';
std::string_view first_hop(std::string_view origin);

struct Said {
  Speaker speaker;
  std::string text;    // without the name that a bridge put before it
  std::string origin;  // as far as name or prefix bear it out; else empty

  // by_bridge: source is the name of a bridge itself. Where neither that nor an origin is, a prefix
  // is none: people quote each other, too. Nor is it one behind a name with hops, which says by
  // itself who speaks.
  static Said of(std::string_view source, std::string_view text, std::string_view origin,
                 bool by_bridge);
  // Whether it has been at one of these.
  bool came_by(const std::set<std::string>& labels) const;
};

}  // namespace yallchat
