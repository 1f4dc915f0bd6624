// BridgeEnd: one chat of those that are bridged together: what is said there is read and handed to
// the links that lead away from it; what links bring is said there, by puppets or under the
// bridge's own name.
//
// Owner: the bridge; links refer to it, and it to them. Reading never stops, whatever becomes of
// the links. Never throws; what goes wrong is reported. One thread.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "bridge/brought.h"
#include "bridge/checkpoint.h"
#include "bridge/continuity.h"
#include "bridge/puppet.h"
#include "bridge/voice.h"
#include "client/url.h"

namespace yallchat {

// A server, as all ends on it know it.
struct Side {
  ServerUrl server;
  std::string label;
  std::size_t puppets = 0;  // of all channels, but those that are refused
  bool full_told = false;   // that there are as many as there may be
  std::uint64_t rooms = 0;  // how often there was room for one more again
  std::size_t streams = 0;  // of all channels
};

// What an end tells a link.
class LinkEnd {
 public:
  virtual ~LinkEnd() = default;
  // Of the link's source.
  virtual bool has_begun() const = 0;
  virtual void begin_after(Seqnr seqnr) = 0;
  virtual void offer(const Event& message) = 0;
  // One that need not be carried, for the link began after it.
  virtual void was_done(const Event& message) = 0;
  // Whether under that number something else was carried.
  virtual bool contradicts(const Event& message) const = 0;
  // Whether it carried what is behind the newest message.
  virtual bool is_past(Seqnr head) const = 0;
  virtual void count_anew() = 0;
  // Of the link's target.
  virtual void saw(const Event& message) = 0;
  virtual void saw_nothing_new() = 0;
  virtual void target_counts_anew() = 0;
};

class BridgeEnd final : private Voice {
 public:
  struct Options {
    ChatUrl chat;
    std::string own;               // the bridge's name, as it is wanted
    std::set<std::string> labels;  // of all sides of the bridge
    std::chrono::milliseconds interval{1'000};
    bool speaks = true;  // false: it only reads
  };

  BridgeEnd(Options options, Side& side, BridgeSurroundings& around);

  void add_source_of(LinkEnd& link) { outward_.push_back(&link); }
  void add_target_of(LinkEnd& link) { inward_.push_back(&link); }
  // Reads the saved sessions. Error: they are damaged.
  Result<void> load();
  // from: the first message that some link wants to be given again; none: what is new.
  void start(std::optional<Seqnr> from);
  // Gives the links again what they had no room for.
  void read_again(Seqnr from);
  void leave();
  bool has_left() const { return leaving_ && !session() && puppets_.empty(); }

  const Side& side() const { return side_; }
  const std::string& label() const { return side_.label; }
  const ChatUrl& chat() const { return options_.chat; }
  Place place(std::optional<Seqnr> seqnr = {}) const {
    return {.label = side_.label, .channel = options_.chat.channel, .seqnr = seqnr};
  }
  // Counts the changes of names(), and what makes room for them.
  std::uint64_t changes() const { return changes_ + side_.rooms; }
  // Who is there, without the bridge's own name; sorted.
  const std::vector<std::string>& names() const { return names_; }
  const std::string& own_name() const { return own_name_; }
  bool yallchat() const { return session() && session()->yallchat(); }
  // Whether it is known what is there already, so that something may be said.
  bool ready() const { return ready_ && speaks(); }
  // The newest message that was read here; 0: none yet.
  Seqnr read_to() const { return read_to_.value_or(Seqnr()); }
  Brought& brought() { return brought_; }
  // Whether somebody else has that speaker here by fewer servers (or as few, but earlier in order).
  bool has_by_a_shorter_way(const Speaker& speaker) const;

  void want(const std::string& name, const void* by);
  void unwant(const std::string& name, const void* by);
  struct Spoken {
    std::string name;
    std::string text;
    bool by_puppet = false;
  };
  // Has the line said as that name, or else, or if asked, under its own name with a prefix. What is
  // said is what was answered; nothing: not now.
  std::optional<Spoken> say(const std::string& name, OutgoingLine line, LineOwner& owner,
                            bool prefixed);

  void turn();
  Monotonic wake_at() const;

 private:
  void here(const std::vector<std::string>& names) override;
  void message(const Event& event) override;
  void changed(const Roster::Change& change) override;
  void gap(Seqnr from, Seqnr first) override;
  void warning(const std::string& words) override;
  void nothing_new() override;
  void history(const HistoryStretch& page) override;
  void no_history(const std::string& why) override;

  void join(std::optional<Seqnr> from);
  void on_joined();
  void on_end(const SessionEnd& how);
  void take_names();
  void begin_links(Seqnr after);
  void remember_if_brought(const Event& event);
  bool counts_anew(const Event& event) const;
  void on_anew();
  // Others are seen to have lost messages by numbers and texts alone.
  bool sure() const { return !yallchat() || continuity_.sure(); }
  void check_continuity();
  Puppet* puppet(const std::string& name);
  void turn_puppets();
  void turn_puppet(Puppet& puppet);
  void save_sessions();

  Options options_;
  Side& side_;
  std::vector<LinkEnd*> outward_;
  std::vector<LinkEnd*> inward_;
  SavedSessions saved_;                              // as they are in the state directory
  std::map<std::string, std::string> earlier_keys_;  // of an earlier run, not taken up yet
  Monotonic forget_earlier_at_{};                    // by then their sessions have ended
  std::string file_;

  std::size_t own_number_ = 1;
  std::string own_name_;
  std::string own_key_;  // of an earlier session under that name
  bool streams_;
  std::optional<Monotonic> join_at_;
  bool joined_ = false;  // the session that there is
  bool ready_ = false;
  bool refusal_told_ = false;
  bool leaving_ = false;

  std::optional<Seqnr> from_;    // where reading was begun
  std::optional<Seqnr> lowest_;  // a lower number than that is of a channel that counts anew
  std::optional<Seqnr> read_to_;
  std::optional<Seqnr> next_;  // that this session reads
  std::optional<Seqnr> again_from_;
  bool skims_ = false;  // past what was there before the bridge

  std::vector<std::string> names_;
  std::uint64_t changes_ = 0;
  std::map<std::string, std::unique_ptr<Puppet>> puppets_;
  Brought brought_;
  std::optional<Seqnr> remembered_to_;  // in brought_
  Continuity continuity_;
  std::uint64_t breaks_ = 0;  // of the session, that continuity_ knows of
};

}  // namespace yallchat
