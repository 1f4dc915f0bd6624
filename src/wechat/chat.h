// Chat: one run of wechat in line mode. Standard input to the session, the session to standard
// output; or a search, and its hits to standard output.
//
// A single thread sleeps in one place, for the network, input and signals together. Input is read
// only while the session takes lines, so a long input is held back, not held in memory.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/random.h"
#include "client/http.h"
#include "client/session.h"
#include "wechat/line_reader.h"
#include "wechat/options.h"
#include "wechat/printer.h"

namespace yallchat {

class Chat final : private SessionListener {
 public:
  // signals: a descriptor of the signals that end the chat (signalfd), which the caller has
  // blocked.
  Chat(const Options& options, int signals);

  // Until the end; the exit code.
  int run();

 private:
  void here(const std::vector<std::string>& names) override;
  void message(const Event& event) override;
  void changed(const Roster::Change& change) override;
  void gap(Seqnr from, Seqnr first) override;
  void line_refused(std::uint64_t number, const std::string& why) override;
  void warning(const std::string& words) override;
  void note(const std::string& words) override;
  void found(const Found& found) override;
  void not_searched(const std::string& why, bool words_are_wrong) override;

  bool reads_input() const;
  void pass_lines_on();
  void read_input();
  void read_signal();
  void wait();
  void print(std::string_view lines);
  void notice_a_closed_output();
  void output_failed(int error);
  void tell_what_is_not_acknowledged();
  int exit_code() const;
  int failed_code() const;

  Options options_;
  int signals_;
  SystemClock clock_;
  SystemRandom random_;
  CurlTransport transport_;
  ClientSession session_;
  Printer printer_;
  LineReader lines_;
  bool input_ended_ = false;
  bool some_refused_ = false;
  int search_exit_ = 0;
  int forced_exit_ = 0;  // by a signal or a closed output; wins over what the session says
};

}  // namespace yallchat
