#include "bridge/bridge_end.h"

#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "bridge/digest.h"
#include "bridge/hops.h"

namespace yallchat {

using std::chrono::milliseconds;

BridgeEnd::BridgeEnd(Options options, Side& side, BridgeSurroundings& around)
    : Voice(around),
      options_(std::move(options)),
      side_(side),
      file_("sessions-" + short_digest({options_.chat.base})),
      own_name_(options_.own),
      streams_(side.streams++ < limits::bridge_streams) {
  saved_.chat = options_.chat.base;
}

Result<void> BridgeEnd::load() {
  if (!around().state.directory) return {};
  const auto text = around().state.directory->read(file_);
  if (!text) return text.error();
  if (!*text) return {};
  Result<SavedSessions> saved = read_sessions(**text);
  if (!saved)
    return Error{saved.error().code,
                 around().state.directory->path() + "/" + file_ + ": " + saved.error().message};
  saved_ = *saved;
  earlier_keys_ = std::move(saved->keys);
  forget_earlier_at_ = around().clock.monotonic() + milliseconds(limits::bridge_again_ms);
  if (!is_own_name(saved_.own, options_.own)) return {};
  own_name_ = saved_.own;
  if (auto key = earlier_keys_.extract(own_name_)) own_key_ = std::move(key.mapped());
  return {};
}

// --- Reading ---

void BridgeEnd::start(std::optional<Seqnr> from) {
  join(from);
}

void BridgeEnd::join(std::optional<Seqnr> from) {
  SessionOptions session;
  session.url = options_.chat;
  session.user = own_name_;
  session.session = std::exchange(own_key_, {});
  session.interval = options_.interval;
  session.stream = streams_;
  session.start = {.from = from, .oldest_kept = skims_};
  from_ = next_ = from;
  if (from) lowest_ = std::max(*from, Seqnr(1));
  joined_ = false;
  join_at_.reset();
  breaks_ = 0;
  continuity_.forget_question();
  Voice::join(std::move(session));
}

// A server that tells no head is read from its oldest message on, to learn where the new ones
// begin.
void BridgeEnd::on_joined() {
  joined_ = true;
  refusal_told_ = false;
  const auto head = session()->head();
  if (head && !from_) {
    lowest_ = head->next();
    read_to_ = *head;
  }
  if (head && std::ranges::any_of(outward_, [&](LinkEnd* link) { return link->is_past(*head); })) {
    warning("it has lost its newest messages, and counts from an earlier one");
    return on_anew();
  }
  if (head) begin_links(*head);
  if (yallchat()) {
    ready_ = true;
    // By the last message it is known later whether the channel is still the same.
    if (head && !from_ && *head != Seqnr(0)) continuity_.begin_at(*head);
    return;
  }
  if (from_) return;
  skims_ = true;
  own_key_ = key();
  join(Seqnr(1));
}

void BridgeEnd::begin_links(Seqnr after) {
  for (LinkEnd* const link : outward_)
    if (!link->has_begun()) link->begin_after(after);
}

// Other links may want something earlier, or wait for what an earlier reading has not come to yet.
void BridgeEnd::read_again(Seqnr from) {
  again_from_ = std::min({from, again_from_.value_or(from), next_.value_or(from)});
}

void BridgeEnd::nothing_new() {
  if (yallchat()) return;
  skims_ = false;
  ready_ = true;
  begin_links(read_to());
  for (LinkEnd* const link : inward_) link->saw_nothing_new();
}

void BridgeEnd::message(const Event& event) {
  if (event.seqnr) {
    if (counts_anew(event)) on_anew();
    lowest_ = next_ = event.seqnr->next();
    read_to_ = event.seqnr;
  }
  for (LinkEnd* const link : inward_) link->saw(event);
  check_continuity();
  if (!sure() && event.seqnr) read_again(*event.seqnr);
  if (again_from_) return;  // it comes again
  continuity_.read(event);
  remember_if_brought(event);
  for (LinkEnd* const link : outward_) link->offer(event);
}

// By another bridge: what came from one of this bridge's own servers last, this one brought, now or
// in an earlier run.
void BridgeEnd::remember_if_brought(const Event& event) {
  if (event.seqnr && event.seqnr <= remembered_to_) return;  // it came again
  if (event.seqnr) remembered_to_ = event.seqnr;
  const Said said = said_in(event, options_.own);
  if (said.speaker.hops.empty() || options_.labels.contains(said.speaker.hops.back())) return;
  brought_.add(said);
}

bool BridgeEnd::counts_anew(const Event& event) const {
  return (lowest_ && *event.seqnr < *lowest_) ||
         std::ranges::any_of(outward_, [&](LinkEnd* link) { return link->contradicts(event); });
}

// Where it began again, and what was said there before it was noticed, is read from the beginning.
// Of a server that kept a part, as one that was restored from a backup, links know that part by its
// time.
void BridgeEnd::on_anew() {
  for (LinkEnd* const link : outward_) link->count_anew();
  for (LinkEnd* const link : inward_) link->target_counts_anew();
  again_from_ = Seqnr(1);
  lowest_.reset();
  remembered_to_.reset();
  continuity_.begin_anew();
}

void BridgeEnd::check_continuity() {
  if (!yallchat()) return;
  if (std::exchange(breaks_, session()->breaks()) != session()->breaks()) continuity_.broke();
}

void BridgeEnd::history(const HistoryStretch& page) {
  if (!continuity_.answered(page)) {
    warning("it has lost messages, and counts from an earlier one");
    return on_anew();
  }
  for (const StreamEvent& told : page.events) {
    if (told.type != StreamEvent::Type::message) continue;
    continuity_.read(told.event);
    for (LinkEnd* const link : outward_) link->was_done(told.event);
  }
}

void BridgeEnd::no_history(const std::string& why) {
  if (!continuity_.not_answered(around().clock.monotonic()))
    warning("whether it has lost messages cannot be told: " + why);
}

void BridgeEnd::gap(Seqnr from, Seqnr first) {
  if (skims_) return;
  around().reporter.report({.kind = Report::Kind::gap,
                            .from = place(),
                            .words = "messages " + std::to_string(from.value) + " to " +
                                     std::to_string(first.value - 1) + " are no longer kept"});
}

void BridgeEnd::here(const std::vector<std::string>&) {
  take_names();
}

void BridgeEnd::changed(const Roster::Change&) {
  take_names();
}

void BridgeEnd::take_names() {
  names_ = session()->names();
  std::erase(names_, own_name_);
  ++changes_;
}

void BridgeEnd::warning(const std::string& words) {
  around().reporter.report({.kind = Report::Kind::warning, .to = place(), .words = words});
}

void BridgeEnd::on_end(const SessionEnd& how) {
  if (leaving_ || how.how == SessionEnd::How::left) return;
  continuity_.broke();
  joined_ = false;
  const Monotonic now = around().clock.monotonic();
  if (how.name_taken && own_number_ < limits::bridge_own_names) {
    // One that was saved and is held by somebody else by now was tried beside the numbered ones.
    if (own_name_ == yallchat::own_name(options_.own, own_number_)) ++own_number_;
    own_name_ = yallchat::own_name(options_.own, own_number_);
    join_at_ = now;
    return;
  }
  if (!std::exchange(refusal_told_, true)) warning(how.words);
  own_number_ = 1;
  own_name_ = options_.own;
  join_at_ = now + milliseconds(limits::bridge_again_ms);
}

// --- Speaking ---

bool BridgeEnd::has_by_a_shorter_way(const Speaker& speaker) const {
  if (speaker.hops.size() < 2) return false;
  const std::string name = speaker.name();
  return std::ranges::any_of(names_, [&](const std::string& other) {
    const Speaker there = Speaker::of(other);
    if (there.author != speaker.author || there.hops.empty() || puppets_.contains(other))
      return false;
    if (there.hops.front() != speaker.hops.front()) return false;
    return there.hops.size() < speaker.hops.size() ||
           (there.hops.size() == speaker.hops.size() && other < name);
  });
}

// The puppet of that name, made if there may be one; null: there may not.
Puppet* BridgeEnd::puppet(const std::string& name) {
  if (const auto found = puppets_.find(name); found != puppets_.end()) return found->second.get();
  if (side_.puppets >= limits::bridge_puppets) {
    if (!std::exchange(side_.full_told, true))
      warning("there are " + std::to_string(limits::bridge_puppets) +
              " puppets, as many as may be; who else speaks is named before the text");
    return nullptr;
  }
  Puppet::Options made{.chat = options_.chat, .label = side_.label, .name = name, .key = {}};
  if (auto key = earlier_keys_.extract(name)) made.key = std::move(key.mapped());
  ++side_.puppets;
  std::unique_ptr<Puppet>& kept = puppets_[name];
  kept = std::make_unique<Puppet>(std::move(made), around());
  return kept.get();
}

void BridgeEnd::want(const std::string& name, const void* by) {
  if (!options_.speaks || leaving_) return;
  if (Puppet* const wanted = puppet(name)) wanted->want(by);
}

void BridgeEnd::unwant(const std::string& name, const void* by) {
  if (const auto found = puppets_.find(name); found != puppets_.end()) found->second->unwant(by);
}

std::optional<BridgeEnd::Spoken> BridgeEnd::say(const std::string& name, OutgoingLine line,
                                                LineOwner& owner, bool prefixed) {
  if (!ready() || leaving_) return std::nullopt;
  Puppet* const speaker = prefixed ? nullptr : puppet(name);
  if (speaker != nullptr && !speaker->refused()) {
    if (!speaker->speaks()) return std::nullopt;  // it is leaving, and comes back
    const Spoken spoken{.name = name, .text = line.text, .by_puppet = true};
    speaker->linger();
    speaker->say(std::move(line), owner);
    return spoken;
  }
  line.text = with_prefix(name, line.text);
  const Spoken spoken{.name = own_name_, .text = line.text};
  Voice::say(std::move(line), owner);
  return spoken;
}

// --- Its turn ---

void BridgeEnd::turn() {
  const Monotonic now = around().clock.monotonic();
  if (join_at_ && now >= *join_at_ && !leaving_)
    join(next_ ? next_ : read_to_ ? std::optional(read_to_->next()) : from_);
  if (!joined_ && is_in()) on_joined();
  check_continuity();
  if (joined_ && is_in() && yallchat() && !leaving_)
    if (const auto last = continuity_.ask(now)) session()->load_history(last->next(), 1);
  if (again_from_ && joined_ && sure() && !busy() && !leaving_) {
    own_key_ = key();
    join(std::exchange(again_from_, std::nullopt));
  }
  Voice::turn();
  if (const auto how = take_end()) on_end(*how);
  turn_puppets();
  save_sessions();
}

void BridgeEnd::turn_puppets() {
  for (auto at = puppets_.begin(); at != puppets_.end();) {
    turn_puppet(*at->second);
    at = at->second->gone() ? puppets_.erase(at) : std::next(at);
  }
}

// One that is refused, or has gone, makes room for others.
void BridgeEnd::turn_puppet(Puppet& puppet) {
  if (puppet.wants_to_ask_again()) {
    const bool room = side_.puppets < limits::bridge_puppets;
    if (room) ++side_.puppets;
    puppet.ask_again(room);
  }
  const bool counted = !puppet.refused();
  puppet.turn();
  if (!counted || (!puppet.gone() && !puppet.refused())) return;
  --side_.puppets;
  side_.full_told = false;
  ++side_.rooms;
}

void BridgeEnd::save_sessions() {
  if (around().clock.monotonic() >= forget_earlier_at_) earlier_keys_.clear();
  SavedSessions now{.chat = options_.chat.base, .own = own_name_, .keys = earlier_keys_};
  const std::string own = own_key_.empty() ? key() : own_key_;
  if (!own.empty()) now.keys[own_name_] = own;
  for (const auto& [name, puppet] : puppets_)
    if (const std::string key = puppet->key(); !key.empty()) now.keys[name] = key;
  if (now == saved_) return;
  saved_ = std::move(now);
  around().state.write(file_, write_sessions(saved_));
}

void BridgeEnd::leave() {
  leaving_ = true;
  Voice::leave();
  for (const auto& [name, puppet] : puppets_) puppet->dismiss();
}

Monotonic BridgeEnd::wake_at() const {
  Monotonic at = Voice::wake_at();
  if (join_at_) at = std::min(at, *join_at_);
  if (joined_ && is_in() && yallchat()) at = std::min(at, continuity_.wake_at());
  for (const auto& [name, puppet] : puppets_) at = std::min(at, puppet->wake_at());
  return at;
}

}  // namespace yallchat
