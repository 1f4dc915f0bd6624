// OpenChannel: one channel of the full screen: its Room, the ClientSession that fills it, and the
// file that remembers both for the next run.
//
// What goes wrong is told in the room. The owner calls turn() as a session's owner does. One
// thread; what is in Surroundings must outlive it.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "client/session.h"
#include "wechat/mention.h"
#include "wechat/room.h"
#include "wechat/session_file.h"

namespace yallchat::screen {

class OpenChannel final : private SessionListener {
 public:
  struct Surroundings {
    Transport& transport;
    const Clock& clock;
    Random& random;
    const Mentions& mentions;
    std::string state_folder;  // empty: nothing is remembered
    std::function<void(const Room&, const Event&)> mentioned;
    std::function<void(const std::string&)> note;
    std::chrono::milliseconds retry = retry_for_ever;  // a lost connection
  };

  OpenChannel(ChatUrl url, const std::string& user, std::chrono::milliseconds interval,
              Surroundings around);

  const ChatUrl& url() const { return url_; }
  Room& room() { return room_; }
  const Room& room() const { return room_; }

  // A new session, unless there is one.
  void connect();
  Monotonic wake_at() const;
  void turn();
  // Whether the user ever was in the channel.
  bool was_in() const { return was_in_; }
  bool ended() const { return session_ == nullptr; }
  const std::optional<SessionEnd>& last_end() const { return last_end_; }
  // Leaves the channel, which takes a moment: where there is a connection, what waits is sent
  // before, unless it is asked to leave a second time. What was not sent stays in the room.
  void leave();
  // Goes without leaving, so that another run can take the session up. Whether it can.
  bool go_away();

  // The channels that are open beside it, for a run that begins with this one: of the last run, and
  // of this.
  const std::vector<std::string>& others() const { return remembered_.others; }
  void remember_others(std::vector<std::string> urls);

  void say(std::string text);
  void load_older();
  void search(const std::string& words);
  void resend();
  void forget_failed();

 private:
  void here(const std::vector<std::string>& names) override;
  void message(const Event& event) override;
  void changed(const Roster::Change& change) override;
  void gap(Seqnr from, Seqnr first) override;
  void line_refused(std::uint64_t number, const std::string& why) override;
  void acknowledged(std::uint64_t number, std::optional<Seqnr> seqnr) override;
  void warning(const std::string& words) override;
  void note(const std::string& words) override;
  void found(const Found& found) override;
  void not_searched(const std::string& why, bool words_are_wrong) override;
  void history(const HistoryStretch& page) override;
  void no_history(const std::string& why) override;

  void open_file();
  void come_in();
  bool is_in() const;
  void end_session();
  void wait_to_leave();
  void finish_leaving();
  void pass_lines_on();
  void take_end();
  void remember();
  void save();

  ChatUrl url_;
  std::string user_;
  std::chrono::milliseconds interval_;
  Surroundings around_;
  Room room_;
  std::optional<SessionFile> file_;
  bool cannot_save_ = false;
  SessionFile::Content remembered_;
  Monotonic remember_at_{};
  std::unique_ptr<ClientSession> session_;
  std::optional<SessionEnd> last_end_;
  bool was_in_ = false;
  std::optional<Monotonic> leave_at_;  // when leaving, unless what waits goes on being sent
};

}  // namespace yallchat::screen
