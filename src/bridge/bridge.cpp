#include "bridge/bridge.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/limits.h"
#include "bridge/digest.h"
#include "bridge/hops.h"

namespace yallchat {
namespace {

using std::chrono::milliseconds;

std::string first_list_file(const ServerUrl& server) {
  return "first-list-" + short_digest({server.root});
}

void look_at(std::optional<Seqnr>& least, const std::optional<Seqnr>& other) {
  if (other && (!least || *other < *least)) least = other;
}

}  // namespace

Bridge::Bridge(BridgeOptions options, BridgeSurroundings around)
    : options_(std::move(options)), around_(around) {
  for (const BridgeOptions::Server& server : options_.servers) {
    const auto same = std::ranges::find_if(
        sides_, [&](const auto& side) { return side->server.root == server.url.root; });
    if (same == sides_.end())
      sides_.push_back(std::make_unique<Side>(Side{.server = server.url, .label = server.label}));
  }
}

bool Bridge::finds_channels() const {
  return options_.channels.empty() &&
         std::ranges::none_of(options_.servers,
                              [](const auto& server) { return server.url.channel.has_value(); });
}

void Bridge::start() {
  if (const Result<void> loaded = around_.state.load(around_.random); !loaded)
    return fail(loaded.error().message);
  if (finds_channels()) {
    for (const auto& side : sides_) {
      auto list = list_of(*side);
      if (!list) return fail(list.error().message);
      lists_.push_back(std::move(*list));
    }
    return;
  }
  std::vector<std::string> channels = options_.channels;
  if (channels.empty())
    for (const BridgeOptions::Server& server : options_.servers)
      if (server.url.channel && channels.empty()) channels.push_back(*server.url.channel);
  for (const std::string& channel : channels) connect(channel);
}

// All servers together; with another one beside them, what is new to the others is not new to it.
std::string Bridge::sides_digest() const {
  std::set<std::string> roots;
  for (const auto& side : sides_) roots.insert(side->server.root);
  std::string all;
  for (const std::string& root : roots) all += root + "\n";
  return short_digest({all});
}

Result<std::unique_ptr<ChannelList>> Bridge::list_of(const Side& side) {
  std::optional<std::set<std::string>> first;
  const std::string file = first_list_file(side.server);
  if (around_.state.directory) {
    const auto text = around_.state.directory->read(file);
    if (!text) return text.error();
    if (*text) {
      Result<FirstList> read = read_first_list(**text);
      if (!read)
        return Error{read.error().code,
                     around_.state.directory->path() + "/" + file + ": " + read.error().message};
      if (read->sides == sides_digest()) first = std::move(read->channels);
    }
  }
  if (first) remembered_.insert(side.server.root);
  return std::make_unique<ChannelList>(side.server, std::move(first), around_);
}

void Bridge::remember_first(const ChannelList& list) {
  if (!list.first() || list.first()->size() > limits::bridge_first_list) return;
  if (!remembered_.insert(list.server().root).second) return;
  around_.state.write(
      first_list_file(list.server()),
      write_first_list(
          {.server = list.server().root, .sides = sides_digest(), .channels = *list.first()}));
}

bool Bridge::is_new(const Side& side, const std::string& channel) const {
  return std::ranges::any_of(lists_, [&](const auto& list) {
    return list->server().root == side.server.root && list->is_new(channel_key(channel));
  });
}

void Bridge::find_channels() {
  for (const auto& list : lists_) {
    list->turn();
    remember_first(*list);
    for (const std::string& channel : list->take()) connect(channel);
  }
  const bool none = std::ranges::all_of(
      lists_, [](const auto& list) { return list->state() == ChannelList::State::none; });
  if (none && !lists_.empty())
    end_ = End{End::How::no_channels,
               "none of these servers lists its channels: name them, as in --channel octopus"};
}

// One channel on all servers: an end on each, and the links between them.
void Bridge::connect(const std::string& channel) {
  if (connected_.contains(channel_key(channel))) return;
  if (connected_.size() >= limits::bridge_channels) {
    if (!std::exchange(full_told_, true))
      around_.reporter.report(
          {.kind = Report::Kind::warning,
           .to = {.label = sides_.front()->label, .channel = channel, .seqnr = {}},
           .words = "there are " + std::to_string(limits::bridge_channels) +
                    " channels, as many as may be; this one and further ones are not bridged"});
    return;
  }
  connected_.insert(channel_key(channel));
  std::vector<BridgeEnd*> ends;
  std::set<std::string> labels;
  for (const auto& side : sides_) labels.insert(side->label);
  for (const BridgeOptions::Server& server : options_.servers) {
    Side& side = **std::ranges::find_if(
        sides_, [&](const auto& one) { return one->server.root == server.url.root; });
    ends_.push_back(std::make_unique<BridgeEnd>(
        BridgeEnd::Options{.chat = chat_at(server.url, server.url.channel.value_or(channel)),
                           .own = options_.own,
                           .labels = labels,
                           .interval = options_.interval,
                           .speaks = !options_.dry},
        side, around_));
    ends.push_back(ends_.back().get());
  }
  std::vector<Link*> links;
  for (BridgeEnd* const from : ends) {
    if (options_.one_way && from != ends.front()) break;
    for (BridgeEnd* const to : ends) {
      if (to == from) continue;
      links_.push_back(std::make_unique<Link>(
          Link::Options{
              .from = *from, .to = *to, .labels = labels, .own = options_.own, .dry = options_.dry},
          around_));
      links.push_back(links_.back().get());
      if (const Result<void> loaded = links.back()->load(); !loaded)
        return fail(loaded.error().message);
      if (is_new(from->side(), channel)) links.back()->begin_at_first();
    }
  }
  for (BridgeEnd* const end : ends) {
    if (const Result<void> loaded = end->load(); !loaded) return fail(loaded.error().message);
    std::optional<Seqnr> from;
    for (const Link* const link : links) {
      if (link->is_from(*end)) look_at(from, link->reads_from());
      if (link->is_to(*end)) look_at(from, link->settles_from());
    }
    end->start(from);
  }
}

void Bridge::fail(const std::string& words) {
  end_ = End{End::How::failed, words};
}

void Bridge::stop() {
  if (leaves_by_) return;
  leaves_by_ = around_.clock.monotonic() + milliseconds(limits::client_leave_timeout_ms);
  lists_.clear();
  for (const auto& link : links_) link->stop();
}

void Bridge::leave_when_settled() {
  const bool busy = std::ranges::any_of(links_, [](const auto& link) { return link->busy(); });
  if (busy && around_.clock.monotonic() < *leaves_by_) return;
  stops_by_ = around_.clock.monotonic() + milliseconds(2 * limits::client_leave_timeout_ms);
  for (const auto& end : ends_) end->leave();
}

// Links first: what they have said is put in the ends' turn, when it is in the checkpoint.
void Bridge::turn() {
  if (end_) return;
  find_channels();
  for (const auto& link : links_) link->turn();
  if (leaves_by_ && !stops_by_) leave_when_settled();
  if (around_.state.failure) return fail(around_.state.failure->message);
  for (const auto& end : ends_) end->turn();
  const bool left = std::ranges::all_of(ends_, [](const auto& end) { return end->has_left(); });
  if (stops_by_ && (left || around_.clock.monotonic() >= *stops_by_))
    end_ = End{End::How::stopped, ""};
}

Monotonic Bridge::wake_at() const {
  Monotonic at = stops_by_.value_or(leaves_by_.value_or(Monotonic::max()));
  for (const auto& list : lists_) at = std::min(at, list->wake_at());
  for (const auto& link : links_) at = std::min(at, link->wake_at());
  for (const auto& end : ends_) at = std::min(at, end->wake_at());
  return at;
}

}  // namespace yallchat
