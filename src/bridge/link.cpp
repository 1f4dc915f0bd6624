#include "bridge/link.h"

#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "bridge/digest.h"
#include "bridge/hops.h"

namespace yallchat {
namespace {

using std::chrono::milliseconds;

// So many reads in a row must find nothing new before a message counts as not there. The first may
// have begun before the put.
constexpr int reads_to_be_sure = 3;

// What was only passed over is passed over again: its position is written now and then.
constexpr milliseconds save_at_least_each{1'000};

}  // namespace

Link::Link(Options options, BridgeSurroundings& around)
    : options_(std::move(options)),
      from_(options_.from),
      to_(options_.to),
      around_(around),
      file_("link-" + short_digest({from_.chat().base, to_.chat().base})),
      channel_(channel_key(from_.chat().channel)),
      company_(from_, to_, options_.labels, options_.own) {
  checkpoint_.from = from_.chat().base;
  checkpoint_.to = to_.chat().base;
  from_.add_source_of(*this);
  to_.add_target_of(*this);
}

Result<void> Link::load() {
  if (!around_.state.directory) return {};
  const auto text = around_.state.directory->read(file_);
  if (!text) return text.error();
  if (!*text) return {};
  Result<Checkpoint> read = read_checkpoint(**text);
  if (!read)
    return Error{read.error().code,
                 around_.state.directory->path() + "/" + file_ + ": " + read.error().message};
  checkpoint_ = std::move(*read);
  last_ = checkpoint_.done;
  last_time_ = checkpoint_.said;
  earlier_until_ = checkpoint_.since;
  // Without a number it cannot be read again, so nothing can be done about it.
  if (checkpoint_.flight && checkpoint_.flight->seqnr == Seqnr()) checkpoint_.flight.reset();
  if (checkpoint_.flight) {
    state_ = State::settling;
    unknown_why_ = "the bridge ended while it was on its way";
  }
  return {};
}

void Link::begin_at_first() {
  if (!has_begun()) begin_after(Seqnr(0));
}

std::optional<Seqnr> Link::settles_from() const {
  return checkpoint_.flight ? std::optional(checkpoint_.flight->after.next()) : std::nullopt;
}

// --- What is said at the source ---

void Link::begin_after(Seqnr seqnr) {
  last_ = checkpoint_.done = seqnr;
  unsaved_ = must_save_ = true;
}

bool Link::contradicts(const Event& message) const {
  if (!has_begun() || checkpoint_.done != message.seqnr || checkpoint_.digest.empty()) return false;
  return checkpoint_.digest != short_digest({message.source, message.body}) ||
         (!checkpoint_.said.empty() && !time_of(message).empty() &&
          checkpoint_.said != time_of(message));
}

// Others write times as they like.
std::string Link::time_of(const Event& message) const {
  return from_.yallchat() ? message.time : std::string();
}

void Link::was_done(const Event& message) {
  if (!has_begun() || checkpoint_.done != message.seqnr || !checkpoint_.digest.empty()) return;
  checkpoint_.digest = short_digest({message.source, message.body});
  checkpoint_.said = time_of(message);
  if (last_time_.empty()) last_time_ = checkpoint_.said;
  unsaved_ = must_save_ = true;
}

// What waits is of the channel as it was, and is carried all the same.
void Link::count_anew() {
  if (!has_begun()) return;
  ++checkpoint_.life;
  last_ = checkpoint_.done = Seqnr(0);
  checkpoint_.digest.clear();
  checkpoint_.since = std::max(checkpoint_.since, std::exchange(checkpoint_.said, {}));
  earlier_until_ = std::max(earlier_until_, last_time_);
  missed_.reset();
  unsaved_ = true;
  // One that was on its way when the bridge ended counted otherwise.
  if (checkpoint_.flight && !front_is_in_flight()) checkpoint_.flight->seqnr = Seqnr(0);
}

// What a server kept when it lost what came later was offered under other numbers. Times never go
// back within a life, so the first that is later ends that.
bool Link::is_of_an_earlier_life(const Event& message) {
  const std::string time = time_of(message);
  if (!time.empty() && time <= earlier_until_) return true;
  earlier_until_.clear();
  return false;
}

bool Link::front_is_in_flight() const {
  return checkpoint_.flight && !waiting_.empty() &&
         waiting_.front().seqnr.value_or(Seqnr()) == checkpoint_.flight->seqnr;
}

bool Link::has_room_for(std::size_t more) const {
  const bool shared = bytes_ + more <= limits::bridge_bytes &&
                      around_.state.waiting_bytes + more <= limits::bridge_all_bytes;
  return waiting_.size() < limits::bridge_messages &&
         (shared || bytes_ + more <= limits::bridge_least_bytes || waiting_.empty());
}

void Link::offer(const Event& message) {
  was_done(message);
  if (!has_begun() || (last_ && message.seqnr && *message.seqnr <= *last_)) return;
  Said said = said_in(message, options_.own);
  if (missed_ || !has_room_for(said.text.size())) return miss(message);
  Waiting next{.seqnr = message.seqnr,
               .life = checkpoint_.life,
               .carried = !is_of_an_earlier_life(message) && message.source != from_.own_name() &&
                          !said.came_by(options_.labels),
               .said = std::move(said),
               .digest = short_digest({message.source, message.body}),
               .time = time_of(message),
               .came_at = around_.clock.monotonic()};
  if (message.seqnr) last_ = message.seqnr;
  last_time_ = next.time;
  if (!next.carried) next.said.text = {};
  bytes_ += next.said.text.size();
  around_.state.waiting_bytes += next.said.text.size();
  if (next.carried) company_.adds(name_of(next));
  waiting_.push_back(std::move(next));
}

void Link::miss(const Event& message) {
  if (!missed_) missed_ = message.seqnr;
  if (!message.seqnr)
    around_.reporter.report({.kind = Report::Kind::not_carried,
                             .from = from_.place(),
                             .to = to_.place(),
                             .words = "too many wait, and it has no number to be read again by"});
}

std::string Link::name_of(const Waiting& waiting) const {
  return waiting.said.speaker.by(from_.label()).name();
}

// --- What is seen at the target ---

void Link::saw(const Event& message) {
  const std::string digest = short_digest({message.source, message.body});
  const auto read = std::ranges::find(unread_, std::pair(message.source, digest));
  if (read != unread_.end()) {
    unread_.erase(read);
    return;
  }
  const auto& flight = checkpoint_.flight;
  if (!flight || seen_ || message.source != flight->name || digest != flight->digest) return;
  if (message.seqnr && *message.seqnr <= flight->after) return;
  seen_ = true;
  seen_seqnr_ = message.seqnr;
}

void Link::saw_nothing_new() {
  if (state_ == State::settling) ++idle_reads_;
}

// --- What became of a put ---

void Link::acknowledged(std::optional<Seqnr> seqnr) {
  if (seqnr) {
    acknowledged_to_ = std::max(acknowledged_to_, *seqnr);
  } else if (!seen_ && !to_.yallchat()) {
    if (unread_.size() >= limits::bridge_unread) unread_.pop_front();
    unread_.emplace_back(checkpoint_.flight->name, checkpoint_.flight->digest);
  }
  done(seqnr ? seqnr : seen_seqnr_);
}

void Link::refused(const std::string& why) {
  checkpoint_.flight.reset();
  state_ = State::idle;
  if (put_by_puppet_) {
    prefixed_ = true;
    return;
  }
  around_.reporter.report(report(Report::Kind::not_carried, why));
  finish_front();
}

void Link::unknown(const std::string& why) {
  state_ = State::settling;
  unknown_why_ = why;
  idle_reads_ = 0;
}

void Link::not_said() {
  checkpoint_.flight.reset();
  state_ = State::idle;
}

void Link::repeat(const std::string& why) {
  if (!to_.yallchat())
    around_.reporter.report({.kind = Report::Kind::repeated,
                             .from = from_.place(checkpoint_.flight->seqnr),
                             .to = to_.place(),
                             .name = checkpoint_.flight->name,
                             .words = why});
  not_said();
}

// The message of the flight is there. After a start it need not have been read again yet.
void Link::done(std::optional<Seqnr> there) {
  const bool is_first = front_is_in_flight();
  Checkpoint::Flight flight = *std::exchange(checkpoint_.flight, std::nullopt);
  state_ = State::idle;
  Report carried{.kind = Report::Kind::carried,
                 .from = from_.place(),
                 .to = to_.place(there),
                 .name = std::move(flight.name)};
  if (flight.seqnr != Seqnr()) carried.from.seqnr = flight.seqnr;
  around_.reporter.report(carried);
  must_save_ = true;
  if (is_first) return finish_front();
  if (flight.seqnr == Seqnr()) return;  // its channel counts anew by now
  checkpoint_.done = flight.seqnr;
  checkpoint_.digest.clear();
  checkpoint_.said.clear();
  last_ = std::max(last_.value_or(flight.seqnr), flight.seqnr);
  while (!waiting_.empty() && waiting_.front().seqnr && *waiting_.front().seqnr <= flight.seqnr)
    finish_front();
  unsaved_ = true;
}

void Link::remember_time(const Waiting& finished) {
  if (finished.life != checkpoint_.life)
    checkpoint_.since = std::max(checkpoint_.since, finished.time);
  else if (finished.time.empty() || finished.time > checkpoint_.since)
    checkpoint_.since.clear();
}

void Link::finish_front() {
  const Waiting& front = waiting_.front();
  if (front.seqnr && front.life == checkpoint_.life && front.seqnr >= checkpoint_.done) {
    checkpoint_.done = front.seqnr;
    checkpoint_.digest = front.digest;
    checkpoint_.said = front.time;
  }
  remember_time(front);
  if (!front.seqnr) numbered_ = false;
  if (front.carried) company_.finishes(name_of(front));
  bytes_ -= front.said.text.size();
  around_.state.waiting_bytes -= front.said.text.size();
  waiting_.pop_front();
  prefixed_ = false;
  if (!unsaved_) unsaved_since_ = around_.clock.monotonic();
  unsaved_ = true;
}

// --- Its turn ---

void Link::turn() {
  wake_at_ = Monotonic::max();
  if (!has_begun()) return;
  if (!std::exchange(begun_told_, true))
    around_.reporter.report({.kind = Report::Kind::bridging,
                             .from = from_.place(checkpoint_.done->next()),
                             .to = to_.place(),
                             .words = from_.chat().base + " to " + to_.chat().base});
  if (stopped_) return save();
  company_.follow();
  carry();
  if (missed_ && waiting_.empty()) from_.read_again(*std::exchange(missed_, std::nullopt));
  save();
}

void Link::carry() {
  if (state_ == State::settling) {
    if (seen_)
      done(seen_seqnr_);
    else if (to_.ready() && (to_.yallchat() || idle_reads_ >= reads_to_be_sure))
      repeat(unknown_why_);
  }
  while (state_ == State::idle && !waiting_.empty()) {
    const Waiting& front = waiting_.front();
    if (!front.carried || to_.brought().take(front.said)) {
      finish_front();
    } else if (options_.dry) {
      Report would = report(Report::Kind::would_carry);
      around_.reporter.report(would);
      finish_front();
    } else if (left_to_others(front) || !put(front)) {
      return;
    }
  }
}

// Somebody has the author there by fewer servers: what they say comes that way, if that works.
bool Link::left_to_others(const Waiting& waiting) {
  const Speaker speaker = waiting.said.speaker.by(from_.label());
  if (!to_.has_by_a_shorter_way(speaker)) return false;
  const Monotonic until = waiting.came_at + milliseconds(limits::bridge_other_way_ms);
  wake_at_ = std::min(wake_at_, until);
  return around_.clock.monotonic() < until;
}

// Whether it is on its way.
bool Link::put(const Waiting& waiting) {
  OutgoingLine line{.text = waiting.said.text};
  if (waiting.seqnr) {
    const std::string own = hop(from_.label(), channel_, waiting.life, *waiting.seqnr);
    line.origin = with_hop(waiting.said.origin, own);
    line.key = first_hop(line.origin);
    // Anybody may have used that one up, or a channel that was lost meanwhile.
    line.other_key = short_digest({line.key, name_of(waiting), line.text});
  }
  const auto spoken = to_.say(name_of(waiting), std::move(line), *this, prefixed_);
  if (!spoken) return false;
  checkpoint_.flight = {.seqnr = waiting.seqnr.value_or(Seqnr()),
                        .after = std::max(to_.read_to(), acknowledged_to_),
                        .name = spoken->name,
                        .digest = short_digest({spoken->name, spoken->text})};
  put_by_puppet_ = spoken->by_puppet;
  state_ = State::putting;
  seen_ = false;
  seen_seqnr_.reset();
  unsaved_ = must_save_ = true;
  return true;
}

void Link::save() {
  if (!unsaved_) return;
  const Monotonic at = unsaved_since_ + milliseconds(save_at_least_each);
  if (!must_save_ && !stopped_ && around_.clock.monotonic() < at) {
    wake_at_ = std::min(wake_at_, at);
    return;
  }
  unsaved_ = must_save_ = false;
  Checkpoint written = checkpoint_;
  // The next run has no place to begin at, and begins with what is new.
  if (!numbered_) written.done.reset();
  // Its number is another message's by now.
  if (front_is_in_flight() && waiting_.front().life != checkpoint_.life)
    written.flight->seqnr = Seqnr(0);
  around_.state.write(file_, write_checkpoint(written));
}

Report Link::report(Report::Kind kind, const std::string& words) const {
  const Waiting& front = waiting_.front();
  return {.kind = kind,
          .from = from_.place(front.seqnr),
          .to = to_.place(),
          .name = name_of(front),
          .words = words};
}

}  // namespace yallchat
