#include "wechat/room.h"

#include <algorithm>

#include "base/limits.h"
#include "wechat/cluster.h"
#include "wechat/moment.h"
#include "wechat/printer.h"

namespace yallchat::screen {
namespace {

std::size_t bytes_of(const Entry& entry) {
  return entry.text.size() + entry.source.size();
}

}  // namespace

Room::Room(std::string channel, std::string server, std::string user, const Mentions& mentions)
    : channel_(std::move(channel)),
      server_(std::move(server)),
      user_(std::move(user)),
      mentions_in_(mentions) {}

bool Room::full() const {
  return entries_.size() + limits::screen_history_page > limits::screen_entries ||
         bytes_ > limits::screen_bytes / 2;
}

void Room::add(Entry entry) {
  bytes_ += bytes_of(entry);
  entries_.push_back(std::move(entry));
  while (entries_.size() > 1 &&
         (entries_.size() > limits::screen_entries || bytes_ > limits::screen_bytes))
    drop_oldest();
}

void Room::drop_oldest() {
  bytes_ -= bytes_of(entries_.front());
  entries_.pop_front();
  ++first_;
  oldest_is_here_ = false;
  if (read_line_ && *read_line_ < first_) read_line_.reset();
  if (place && place->entry < first_) place = Place{.entry = first_};
}

Entry Room::message_entry(const Event& event) const {
  Entry entry{.kind = Entry::Kind::message,
              .seqnr = event.seqnr,
              .source = event.source,
              .text = event.body,
              .at = parse_moment(event.time)};
  entry.own = event.source == user_;
  // Only what is shown can call somebody.
  entry.mention =
      !entry.own && mentions_in_.in(first_bytes(event.body, limits::screen_message_bytes));
  return entry;
}

bool Room::message(const Event& event) {
  Entry entry = message_entry(event);
  take_off_own(event);
  settle_before(event);
  const bool tell = entry.mention;
  if (event.seqnr) newest_ = event.seqnr;
  if (in_sight_ || entry.own) {
    if (in_sight_ && event.seqnr) read_to_ = event.seqnr;
  } else {
    ++unread_;
    if (entry.mention) ++mentions_;
    if (!read_line_ && !earlier_read_to_) read_line_ = end();
  }
  add(std::move(entry));
  return tell;
}

void Room::changed(const Roster::Change& change) {
  for (const std::string& name : change.left)
    add({.kind = Entry::Kind::came_or_went, .source = name, .text = "left"});
  for (const std::string& name : change.joined)
    add({.kind = Entry::Kind::came_or_went, .source = name, .text = "joined"});
}

void Room::gap(Seqnr from, Seqnr first) {
  add({.kind = Entry::Kind::gap, .seqnr = {}, .source = {}, .text = gap_words(from, first)});
}

void Room::history(const HistoryStretch& page) {
  loading_ = false;
  oldest_is_here_ = page.oldest;
  const std::optional<Seqnr> known = oldest();
  std::vector<Entry> entries;
  for (const StreamEvent& event : page.events) {
    if (event.type == StreamEvent::Type::gap) {
      entries.push_back({.kind = Entry::Kind::gap, .text = gap_words(event.from, event.first)});
    } else if (!known || *event.event.seqnr < *known) {
      entries.push_back(message_entry(event.event));
      count_unread(entries.back());
      newest_ = std::max(newest_.value_or(Seqnr()), *event.event.seqnr);
    }
  }
  for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
    bytes_ += bytes_of(*entry);
    entries_.push_front(std::move(*entry));
    --first_;
  }
  if (in_sight_ && newest_) read_to_ = std::max(read_to_.value_or(Seqnr()), *newest_);
  draw_read_line();
}

// What came after an earlier run.
void Room::count_unread(const Entry& entry) {
  if (in_sight_ || !earlier_read_to_ || *entry.seqnr <= *earlier_read_to_ || entry.own) return;
  ++unread_;
  if (entry.mention) ++mentions_;
}

// Where an earlier run had read to, once what is there has been loaded.
void Room::draw_read_line() {
  if (!earlier_read_to_) return;
  const auto known = oldest();
  const bool is_here = oldest_is_here_ || (known && *known <= earlier_read_to_->next());
  if (!is_here) return;
  const auto unread = std::ranges::find_if(entries_, [&](const Entry& entry) {
    return entry.seqnr && *entry.seqnr > *earlier_read_to_ && !entry.own;
  });
  if (unread != entries_.end()) read_line_ = first_ + (unread - entries_.begin());
  earlier_read_to_.reset();
}

void Room::erase(Id id) {
  bytes_ -= bytes_of(entry(id));
  entries_.erase(entries_.begin() + (id - first_));
  if (read_line_ && *read_line_ > id) --*read_line_;
  if (!place || place->entry < id) return;
  if (place->entry == id) place->hidden_rows = 0;
  place->entry = std::max(place->entry - 1, first_);
}

// It was given back after all: then it stands where the server put it.
bool Room::take_off_settled(const Event& event) {
  const auto same = std::ranges::find_if(entries_, [&](const Entry& entry) {
    if (!entry.settled) return false;
    if (entry.seqnr && event.seqnr) return *entry.seqnr == *event.seqnr;
    return entry.text == event.body;
  });
  if (same == entries_.end()) return false;
  erase(first_ + (same - entries_.begin()));
  return true;
}

// An own message that was read back is shown as what it is, where the server put it.
void Room::take_off_own(const Event& event) {
  if (event.source != user_ || take_off_settled(event)) return;
  const auto same = std::ranges::find_if(own_, [&](const OwnLine& line) {
    if (line.read_back) return false;
    if (line.seqnr && event.seqnr) return *line.seqnr == *event.seqnr;
    return line.passed_on && line.state != OwnLine::State::failed && line.text == event.body;
  });
  if (same == own_.end()) return;
  if (same->state == OwnLine::State::taken)
    own_.erase(same);
  else
    same->read_back = true;
}

bool Room::takes_lines() const {
  return own_.size() < limits::screen_own_lines;
}

// Not every server gives back what one said oneself. It is shown among the rest then, before what
// was said later.
void Room::settle(const OwnLine& line) {
  add({.kind = Entry::Kind::message,
       .seqnr = line.seqnr,
       .source = user_,
       .text = line.text,
       .own = true,
       .settled = true});
}

// What the server has taken before this came.
void Room::settle_before(const Event& event) {
  const auto is_before = [&](const OwnLine& line) {
    if (line.state != OwnLine::State::taken) return false;
    if (line.seqnr && event.seqnr) return *line.seqnr < *event.seqnr;
    return event.source != user_;
  };
  for (const OwnLine& line : own_)
    if (is_before(line)) settle(line);
  std::erase_if(own_, is_before);
}

void Room::settle_most() {
  const auto is_taken = [](const OwnLine& line) { return line.state == OwnLine::State::taken; };
  auto count = static_cast<std::size_t>(std::ranges::count_if(own_, is_taken));
  for (; count > limits::screen_taken_lines; --count) {
    const auto oldest = std::ranges::find_if(own_, is_taken);
    settle(*oldest);
    own_.erase(oldest);
  }
}

// Or is above what is here.
bool Room::was_shown(Seqnr seqnr) const {
  return seqnr < oldest().value_or(Seqnr()) ||
         std::ranges::any_of(entries_, [&](const Entry& e) { return e.seqnr == seqnr; });
}

void Room::say(std::string text, std::string key) {
  own_.push_back({.number = ++last_number_, .text = std::move(text), .key = std::move(key)});
}

bool Room::waits() const {
  return std::ranges::any_of(
      own_, [](const OwnLine& line) { return line.state == OwnLine::State::waiting; });
}

OwnLine* Room::to_pass_on() {
  const auto next = std::ranges::find_if(own_, [](const OwnLine& line) {
    return line.state == OwnLine::State::waiting && !line.passed_on;
  });
  return next == own_.end() ? nullptr : &*next;
}

void Room::acknowledged(std::uint64_t number, std::optional<Seqnr> seqnr) {
  const auto line = std::ranges::find(own_, number, &OwnLine::number);
  if (line == own_.end()) return;
  line->state = OwnLine::State::taken;
  line->seqnr = seqnr;
  const bool passed = seqnr && newest_ && *seqnr <= *newest_;
  const bool shown = line->read_back || (passed && was_shown(*seqnr));
  if (passed && !shown) settle(*line);
  if (passed || shown) own_.erase(line);
  settle_most();
}

void Room::failed(std::uint64_t number, const std::string& why) {
  const auto line = std::ranges::find(own_, number, &OwnLine::number);
  if (line == own_.end()) return;
  line->state = OwnLine::State::failed;
  line->passed_on = line->may_be_there = false;
  line->why = why;
}

void Room::may_be_there(std::uint64_t number) {
  const auto line = std::ranges::find(own_, number, &OwnLine::number);
  if (line != own_.end()) line->may_be_there = true;
}

void Room::nothing_is_sent(const std::string& why) {
  for (const OwnLine& line : own_)
    if (line.state == OwnLine::State::taken) settle(line);
  std::erase_if(own_, [](const OwnLine& line) {
    return line.read_back || line.state == OwnLine::State::taken;
  });
  for (OwnLine& line : own_) {
    line.state = OwnLine::State::failed;
    line.passed_on = false;
    if (line.why.empty()) line.why = why;
  }
}

std::size_t Room::send_failed_again() {
  std::size_t count = 0;
  for (OwnLine& line : own_) {
    if (line.state != OwnLine::State::failed) continue;
    line.state = OwnLine::State::waiting;
    line.why.clear();
    ++count;
  }
  return count;
}

std::size_t Room::drop_failed() {
  return std::erase_if(own_, [](const OwnLine& l) { return l.state == OwnLine::State::failed; });
}

void Room::come_into_sight() {
  in_sight_ = true;
  unread_ = mentions_ = 0;
  if (newest_) read_to_ = std::max(read_to_.value_or(Seqnr()), *newest_);
}

void Room::go_out_of_sight() {
  in_sight_ = false;
  read_line_.reset();
  if (oldest()) earlier_read_to_.reset();  // else nothing was seen yet
}

bool Room::begin_loading() {
  if (loading_ || older_failed_ || oldest_is_here_ || full()) return false;
  loading_ = true;
  return true;
}

void Room::no_history() {
  older_failed_ = loading_;
  loading_ = false;
}

std::optional<Seqnr> Room::oldest() const {
  std::optional<Seqnr> oldest;
  for (const Entry& entry : entries_) {
    if (!entry.seqnr) continue;
    oldest = std::min(oldest.value_or(*entry.seqnr), *entry.seqnr);
    if (!entry.settled) break;  // one that is may stand before what was said earlier
  }
  return oldest;
}

}  // namespace yallchat::screen
