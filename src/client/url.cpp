#include "client/url.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <vector>

#include "protocol/percent.h"

namespace yallchat {
namespace {

constexpr std::string_view example = "my.chat.server/chats/octopus";

Error bad(const std::string& what, const std::string& right = std::string(example)) {
  return {Errc::invalid, what + "; write it as in " + right};
}

Error no_chat() {
  return bad("it names no chat");
}

Error bad_number(std::string_view text) {
  return bad("'" + std::string(text) + "' at the end is not the number of a message",
             std::string(example) + "/83");
}

bool is_number(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

std::vector<std::string_view> split_path(std::string_view path) {
  std::vector<std::string_view> segments;
  while (!path.empty()) {
    const auto slash = path.find('/');
    segments.push_back(path.substr(0, slash));
    path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
  }
  while (!segments.empty() && segments.back().empty()) segments.pop_back();
  return segments;
}

// What is encoded already stays as it is; everything that may not stand in a path is encoded.
std::string path_segment(std::string_view raw) {
  const auto hex = [&](std::size_t at) {
    return at < raw.size() && std::isxdigit(static_cast<unsigned char>(raw[at])) != 0;
  };
  std::string encoded;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] == '%' && hex(i + 1) && hex(i + 2))
      encoded += raw[i];
    else
      encoded += percent_encode_segment(raw.substr(i, 1));
  }
  return encoded;
}

// "http" or "https", and what follows it.
Result<std::string> take_scheme(std::string_view& text) {
  const auto end = text.find("://");
  if (end == std::string_view::npos) return std::string("http");
  std::string scheme(text.substr(0, end));
  std::ranges::transform(scheme, scheme.begin(), [](unsigned char c) { return std::tolower(c); });
  if (scheme != "http" && scheme != "https") return bad("'" + scheme + "' is not http or https");
  text.remove_prefix(end + 3);
  return scheme;
}

// host:port with the port filled in.
Result<std::string> complete_authority(std::string_view authority, std::string_view scheme) {
  if (authority.find('@') != std::string_view::npos)
    return bad("a user or password has no meaning here");
  std::size_t host_end = authority.find(':');
  if (authority.starts_with('[')) {
    host_end = authority.find(']');
    if (host_end == std::string_view::npos) return bad("the address lacks its ']'");
    ++host_end;
  }
  const std::string_view host = authority.substr(0, host_end);
  const auto odd = [](unsigned char c) { return c <= ' ' || c == 0x7F || c == '\\' || c == '%'; };
  if (host.empty() || host == "[]" || std::ranges::any_of(host, odd))
    return bad("'" + std::string(host) + "' is not a host");
  std::string_view rest = authority.substr(host.size());
  if (rest.empty()) return std::string(host) + (scheme == "https" ? ":443" : ":8000");
  if (rest.front() != ':') return bad("'" + std::string(rest) + "' after the host is not a port");
  rest.remove_prefix(1);
  unsigned port = 0;
  const auto [end, problem] = std::from_chars(rest.data(), rest.data() + rest.size(), port);
  if (!is_number(rest) || problem != std::errc{} || port == 0 || port > 65535)
    return bad("'" + std::string(rest) + "' is not a port");
  return std::string(host) + ":" + std::to_string(port);
}

// Takes the number off the end, where something follows a channel.
Result<std::optional<Seqnr>> take_number(std::vector<std::string_view>& segments) {
  const std::size_t n = segments.size();
  if (n < 3 || segments[n - 3] != "chats") return std::optional<Seqnr>();
  const std::string_view digits = segments.back();
  if (!is_number(digits)) {
    if (segments[n - 2] == "chats") return std::optional<Seqnr>();  // the first is of the path
    return bad_number(digits);
  }
  Seqnr from;
  const auto [end, problem] =
      std::from_chars(digits.data(), digits.data() + digits.size(), from.value);
  if (problem != std::errc{}) return bad_number(digits);
  segments.pop_back();
  return std::optional<Seqnr>(from);
}

// What stands before the path, and the path in its segments, which view text.
struct Address {
  std::string server;  // http://my.chat.server:8000
  std::vector<std::string_view> path;
};

Result<Address> parse_address(std::string_view text) {
  if (text.find_first_of("?#") != std::string_view::npos)
    return bad("'?' and '#' have no meaning here");
  const Result<std::string> scheme = take_scheme(text);
  if (!scheme) return scheme.error();
  const auto path_at = text.find('/');
  const Result<std::string> authority = complete_authority(text.substr(0, path_at), *scheme);
  if (!authority) return authority.error();
  Address address{.server = *scheme + "://" + *authority, .path = {}};
  if (path_at != std::string_view::npos) address.path = split_path(text.substr(path_at + 1));
  return address;
}

// Of what is sent, which can always be decoded.
std::string channel_of(std::string_view segment) {
  return percent_decode(path_segment(segment)).value();
}

}  // namespace

Result<ChatUrl> parse_chat_url(std::string_view text) {
  Result<Address> address = parse_address(text);
  if (!address) return address.error();
  std::vector<std::string_view>& segments = address->path;
  const Result<std::optional<Seqnr>> from = take_number(segments);
  if (!from) return from.error();
  const std::size_t n = segments.size();
  if (n < 2 || segments[n - 2] != "chats" || segments[n - 1].empty()) return no_chat();

  ChatUrl url{.base = address->server, .channel = channel_of(segments.back()), .from = *from};
  for (const std::string_view segment : segments) url.base += "/" + path_segment(segment);
  return url;
}

Result<ServerUrl> parse_server_url(std::string_view text) {
  Result<Address> address = parse_address(text);
  if (!address) return address.error();
  std::vector<std::string_view>& segments = address->path;
  const Result<std::optional<Seqnr>> number = take_number(segments);
  if (!number) return number.error();
  if (*number) return bad("a number at the end has no meaning here");
  ServerUrl url{.root = address->server, .channel = {}};
  if (const std::size_t n = segments.size(); n >= 2 && segments[n - 2] == "chats") {
    url.channel = channel_of(segments.back());
    segments.pop_back();
  }
  if (!segments.empty() && segments.back() == "chats") segments.pop_back();
  for (const std::string_view segment : segments) url.root += "/" + path_segment(segment);
  return url;
}

ChatUrl chat_at(const ServerUrl& server, const std::string& channel) {
  return {.base = server.root + "/chats/" + percent_encode_segment(channel),
          .channel = channel,
          .from = {}};
}

}  // namespace yallchat
