#include "bridge/checkpoint.h"

#include <charconv>
#include <vector>

#include "protocol/percent.h"

namespace yallchat {
namespace {

constexpr std::string_view link_head = "yallchat-bridge-link 1";
constexpr std::string_view sessions_head = "yallchat-bridge-sessions 1";
constexpr std::string_view list_head = "yallchat-bridge-list 1";
constexpr std::string_view nothing = "-";

using Words = std::vector<std::string_view>;

Words words_of(std::string_view line) {
  Words words;
  while (!line.empty()) {
    const auto end = line.find(' ');
    words.push_back(line.substr(0, end));
    line.remove_prefix(end == std::string_view::npos ? line.size() : end + 1);
  }
  return words;
}

// The lines between the head and the end, in words.
Result<std::vector<Words>> read_lines(std::string_view text, std::string_view head) {
  std::vector<std::string_view> lines;
  for (auto end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  const std::string_view kind = head.substr(0, head.rfind(' ') + 1);
  if (!lines.empty() && lines.front().starts_with(kind) && lines.front() != head)
    return Error{Errc::unsupported, "it was written by another version"};
  if (lines.size() < 2 || lines.front() != head || lines.back() != "end" || !text.empty())
    return Error{Errc::damaged, "it is damaged"};
  std::vector<Words> read;
  for (std::size_t i = 1; i + 1 < lines.size(); ++i) read.push_back(words_of(lines[i]));
  return read;
}

bool is(const Words& words, std::string_view first, std::size_t count) {
  return words.size() == count && words.front() == first;
}

std::optional<std::uint64_t> number(std::string_view digits) {
  std::uint64_t value = 0;
  const char* const last = digits.data() + digits.size();
  const auto [end, problem] = std::from_chars(digits.data(), last, value);
  if (digits.empty() || problem != std::errc{} || end != last) return std::nullopt;
  return value;
}

// Without spaces and line ends, and never empty.
std::string word_of(const std::string& text) {
  return text.empty() ? std::string(nothing) : percent_encode_segment(text);
}

std::string text_of(std::string_view word) {
  if (word == nothing) return {};
  const Result<std::string> text = percent_decode(word);
  return text ? *text : std::string();
}

bool read_line(const Words& words, Checkpoint& into) {
  if (is(words, "from", 2)) {
    into.from = words[1];
  } else if (is(words, "to", 2)) {
    into.to = words[1];
  } else if (is(words, "life", 2) && number(words[1])) {
    into.life = *number(words[1]);
  } else if (is(words, "done", 3) && number(words[1])) {
    into.done = Seqnr(*number(words[1]));
    into.digest = text_of(words[2]);
  } else if (is(words, "said", 2)) {
    into.said = text_of(words[1]);
  } else if (is(words, "since", 2)) {
    into.since = text_of(words[1]);
  } else if (is(words, "flight", 5) && number(words[1]) && number(words[2])) {
    into.flight = {.seqnr = Seqnr(*number(words[1])),
                   .after = Seqnr(*number(words[2])),
                   .name = text_of(words[3]),
                   .digest = text_of(words[4])};
  } else {
    return false;
  }
  return true;
}

}  // namespace

std::string write_checkpoint(const Checkpoint& checkpoint) {
  std::string text(link_head);
  text += "\nfrom " + checkpoint.from + "\nto " + checkpoint.to;
  text += "\nlife " + std::to_string(checkpoint.life) + "\n";
  if (checkpoint.done)
    text +=
        "done " + std::to_string(checkpoint.done->value) + " " + word_of(checkpoint.digest) + "\n";
  text += "said " + word_of(checkpoint.said) + "\nsince " + word_of(checkpoint.since) + "\n";
  if (const auto& flight = checkpoint.flight)
    text += "flight " + std::to_string(flight->seqnr.value) + " " +
            std::to_string(flight->after.value) + " " + word_of(flight->name) + " " +
            word_of(flight->digest) + "\n";
  return text + "end\n";
}

Result<Checkpoint> read_checkpoint(std::string_view text) {
  const auto lines = read_lines(text, link_head);
  if (!lines) return lines.error();
  Checkpoint read;
  for (const Words& words : *lines)
    if (!read_line(words, read)) return Error{Errc::damaged, "it is damaged"};
  return read;
}

std::string write_first_list(const FirstList& list) {
  std::string text(list_head);
  text += "\nserver " + list.server + "\nsides " + list.sides + "\n";
  for (const std::string& channel : list.channels) text += "channel " + channel + "\n";
  return text + "end\n";
}

Result<FirstList> read_first_list(std::string_view text) {
  const auto lines = read_lines(text, list_head);
  if (!lines) return lines.error();
  FirstList read;
  for (const Words& words : *lines) {
    if (is(words, "server", 2))
      read.server = words[1];
    else if (is(words, "sides", 2))
      read.sides = words[1];
    else if (is(words, "channel", 2))
      read.channels.emplace(words[1]);
    else
      return Error{Errc::damaged, "it is damaged"};
  }
  return read;
}

std::string write_sessions(const SavedSessions& sessions) {
  std::string text(sessions_head);
  text += "\nchat " + sessions.chat + "\nown " + word_of(sessions.own) + "\n";
  for (const auto& [user, key] : sessions.keys)
    text += "session " + word_of(user) + " " + word_of(key) + "\n";
  return text + "end\n";
}

Result<SavedSessions> read_sessions(std::string_view text) {
  const auto lines = read_lines(text, sessions_head);
  if (!lines) return lines.error();
  SavedSessions read;
  for (const Words& words : *lines) {
    if (is(words, "chat", 2))
      read.chat = words[1];
    else if (is(words, "own", 2))
      read.own = text_of(words[1]);
    else if (is(words, "session", 3))
      read.keys[text_of(words[1])] = text_of(words[2]);
    else
      return Error{Errc::damaged, "it is damaged"};
  }
  return read;
}

}  // namespace yallchat
