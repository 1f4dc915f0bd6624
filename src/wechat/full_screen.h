// FullScreen: one run of wechat on a terminal: keys to the rooms and their sessions, the rooms to
// the screen.
//
//   a key:      terminal -> KeyReader -> Bindings -> Editor, or a Command -> OpenChannel -> session
//   a message:  session -> OpenChannel -> Room -> layout -> terminal
//
// A single thread sleeps in one place, for the network, keys and signals together, and draws before
// it does. What cannot be shown any more is told on standard error, after the terminal was put
// back.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "client/http.h"
#include "wechat/command.h"
#include "wechat/completion.h"
#include "wechat/key_reader.h"
#include "wechat/layout.h"
#include "wechat/mention.h"
#include "wechat/open_channel.h"
#include "wechat/options.h"
#include "wechat/screen_config.h"
#include "wechat/terminal.h"

namespace yallchat::screen {

class FullScreen final {
 public:
  // signals: a descriptor of the signals that end the chat, stop or go on with the process, or tell
  // of a new size (signalfd), which the caller has blocked.
  FullScreen(const Options& options, ScreenConfig config, std::unique_ptr<Terminal> terminal,
             int signals);

  // Until the end; the exit code.
  int run();

 private:
  // full_screen.cpp
  void open_all();
  void open(ChatUrl url);
  void remember_open();
  OpenChannel& active() { return *channels_[active_]; }
  Room& room() { return active().room(); }
  View view() const;
  void draw();
  void wait();
  void read_keys();
  void read_signal();
  void take_turns();
  void end_where_nothing_began();
  void drop_those_that_were_left();
  void drop(std::size_t index);
  void go_to(std::size_t index);
  void leave_all();
  void go_away(int code);
  void stop();
  bool done() const;
  std::vector<std::string> unsent(const Room& room) const;
  static std::string draft_in(Room& room);
  int finish();
  void tell_of(const Room& room, const Event& event);

  // full_screen_keys.cpp
  void press_keys();
  void press(const KeyReader::Pressed& pressed);
  void act(Action action);
  bool edit(Action action);
  void scroll(int screens);
  void go_to_unread();
  void complete();
  void take_paste(const std::string& text, bool cut);
  void answer_paste(const Key& key);

  // full_screen_commands.cpp
  void send_line();
  void run(const Command& command);
  bool say(std::string text);
  void say_lines(const std::string& text);
  void go_on_pasting();
  std::string unsent_paste() const;
  static std::string lines_of(const std::string& text);  // "12 lines"
  void join(const std::string& target);
  void switch_to(const std::string& target);
  void list();
  void on_list(const std::string& server, const HttpOutcome& outcome);
  void help();

  Options options_;
  ScreenConfig config_;
  Mentions mentions_;
  std::unique_ptr<Terminal> terminal_;
  int signals_;
  SystemClock clock_;
  SystemRandom random_;
  CurlTransport transport_;
  std::string state_folder_;

  std::vector<std::unique_ptr<OpenChannel>> channels_;  // never empty until the end
  std::size_t active_ = 0;
  std::vector<std::string> known_channels_;  // of the last /list
  Transport::RequestId list_ = 0;

  KeyReader keys_;
  Monotonic keys_at_{};  // when the last of them came
  Completion completion_;
  bool directory_ = true;
  struct Paste {
    std::string text;
    std::string question;
    bool going = false;  // each of its lines is to be sent as soon as there is room
  };
  std::optional<Paste> paste_;
  std::string ring_;  // what is to be written beside the next frame

  bool quitting_ = false;
  bool stopped_ = false;  // ends now
  bool was_in_ = false;   // in some channel, at some time
  int exit_ = 0;
  std::string last_words_;
  std::vector<std::string> lost_;  // what was not sent in channels that were left
};

}  // namespace yallchat::screen
