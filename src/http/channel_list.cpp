#include "http/channel_list.h"

#include <algorithm>
#include <tuple>

#include "protocol/json.h"

namespace yallchat {
namespace {

void append_channel(std::string& out, const Channel& channel, std::string_view name) {
  out.append(R"({"channel":)").append(name);
  out.append(R"(,"users":)").append(std::to_string(channel.members.size()));
  out.append(R"(,"first":)").append(std::to_string(channel.first.value));
  out.append(R"(,"head":)").append(std::to_string(channel.head.value)).append("}");
}

}  // namespace

std::string channel_json(const Channel& channel) {
  std::string out;
  append_channel(out, channel, json_string(channel.name.text));
  return out;
}

const Tagged& ChannelList::at(Index applied, const Machine& machine) {
  if (list_.json && applied_ == applied) return list_;
  applied_ = applied;
  sort(machine);
  std::string out = R"({"channels":[)";
  if (list_.json) out.reserve(list_.json->size() + rows_.size());
  for (const Row& row : rows_) {
    if (&row != &rows_.front()) out += ',';
    append_channel(out, *machine.find_channel(row.id), row.name);
  }
  list_ = tagged(out += "]}");
  return list_;
}

// A channel never changes its name, and an id is given once.
void ChannelList::sort(const Machine& machine) {
  auto ids = machine.channel_ids();
  if (ids == ids_) return;
  std::vector<std::tuple<std::string_view, ChannelId>> names;
  names.reserve(ids.size());
  for (const ChannelId id : ids) names.emplace_back(machine.find_channel(id)->name.text, id);
  std::sort(names.begin(), names.end());
  rows_.clear();
  rows_.reserve(names.size());
  for (const auto& [name, id] : names) rows_.push_back({id, json_string(name)});
  ids_ = std::move(ids);
}

}  // namespace yallchat
