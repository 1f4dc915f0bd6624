// Voice: a session of a bridge that says lines in one chat, and tells who gave them what became of
// each.
//
// Owner: the end of the bridge in that chat. Lines are told of from the transport's callbacks, so
// nobody may say a new one, or end the voice, while being told. One thread.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "bridge/surroundings.h"
#include "client/session.h"

namespace yallchat {

// Whoever has something said.
class LineOwner {
 public:
  virtual ~LineOwner() = default;
  virtual void acknowledged(std::optional<Seqnr> seqnr) = 0;
  virtual void refused(const std::string& why) = 0;
  virtual void unknown(const std::string& why) = 0;
  // It certainly was not said: there was no session.
  virtual void not_said() = 0;
};

class Voice : private SessionListener {
 public:
  explicit Voice(BridgeSurroundings& around) : around_(around) {}
  ~Voice() override = default;
  Voice(const Voice&) = delete;
  Voice& operator=(const Voice&) = delete;

  // Whether lines are taken now.
  bool speaks() const { return session_ && session_->wants_lines(); }
  void say(OutgoingLine line, LineOwner& owner);
  // Whether some line's fate is open.
  bool busy() const { return !owners_.empty(); }
  void leave();

  Monotonic wake_at() const { return session_ ? session_->wake_at() : Monotonic::max(); }
  // The key of its session, or empty.
  std::string key() const { return session_ ? session_->key() : std::string(); }

 protected:
  // Ends the session there was, unheard but for the fate of its lines, and joins.
  void join(SessionOptions options);
  void turn();
  // Whether the session has been joined, and its server is there.
  bool is_in() const;
  ClientSession* session() { return session_.get(); }
  const ClientSession* session() const { return session_.get(); }
  // How the session ended, once; it is gone then.
  std::optional<SessionEnd> take_end();
  BridgeSurroundings& around() const { return around_; }

  void here(const std::vector<std::string>&) override {}
  void message(const Event&) override {}
  void changed(const Roster::Change&) override {}
  void gap(Seqnr, Seqnr) override {}
  void warning(const std::string&) override {}

 private:
  void acknowledged(std::uint64_t number, std::optional<Seqnr> seqnr) override;
  void line_refused(std::uint64_t number, const std::string& why) override;
  void line_unknown(std::uint64_t number, const std::string& why) override;
  void note(const std::string&) override {}
  void found(const Found&) override {}
  void not_searched(const std::string&, bool) override {}
  LineOwner* take_owner(std::uint64_t number);
  void give_up_lines();

  BridgeSurroundings& around_;
  std::unique_ptr<ClientSession> session_;
  bool was_in_ = false;  // the session has been joined
  std::uint64_t last_number_ = 0;
  std::map<std::uint64_t, LineOwner*> owners_;
};

}  // namespace yallchat
