#include "http/ws_handshake.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "base/check.h"
#include "http/text.h"

namespace yallchat::ws {
namespace {

constexpr std::string_view version = "13";
constexpr std::size_t sha1_bytes = 20;
constexpr std::size_t sha1_base64_characters = 28;

// Whether one of the elements of a list (RFC 9110, section 5.6.1) is that, in any case.
bool has_element(std::string_view list, std::string_view element) {
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    if (text::equal_fold(text::trim(list.substr(0, comma)), element)) return true;
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return false;
}

bool any_has_element(const Request& request, std::string_view field, std::string_view element) {
  return request.any_header(field,
                            [&](std::string_view list) { return has_element(list, element); });
}

// 16 bytes in base64 (RFC 4648, section 4): 22 characters carry them, and two are padding.
bool is_key(std::string_view key) {
  constexpr std::string_view padding = "==";
  const auto is_base64 = [](char c) {
    return text::is(c, text::digit) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           c == '+' || c == '/';
  };
  return key.size() == 24 && key.ends_with(padding) &&
         std::all_of(key.begin(), key.end() - padding.size(), is_base64);
}

struct HostPort {
  std::string_view host;
  unsigned port = 0;
};

// host[:port]; Host is checked before (request_head.h), and an Origin that is none equals no Host.
std::optional<HostPort> read_host(std::string_view authority, unsigned default_port) {
  const std::size_t bracket = authority.find(']');
  const std::size_t colon = authority.find(':', bracket == authority.npos ? 0 : bracket);
  HostPort read{authority.substr(0, colon), default_port};
  if (colon == authority.npos || colon + 1 == authority.size()) return read;
  const std::string_view digits = authority.substr(colon + 1);
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), read.port);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return read;
}

bool is_same_host(std::string_view origin, std::string_view host) {
  struct Scheme {
    std::string_view prefix;
    unsigned port;
  };
  for (const Scheme scheme : {Scheme{"http://", 80}, Scheme{"https://", 443}}) {
    if (!text::equal_fold(origin.substr(0, scheme.prefix.size()), scheme.prefix)) continue;
    const auto from = read_host(origin.substr(scheme.prefix.size()), scheme.port);
    const auto here = read_host(host, scheme.port);
    return from && here && text::equal_fold(from->host, here->host) && from->port == here->port;
  }
  return false;
}

Answer refuse(const Request& request, const Failure& failure) {
  return failed(failure, request.accepts_problem());
}

// RFC 9110, section 15.5.22, and RFC 6455, section 4.4: what would be spoken instead.
Answer refuse_version(const Request& request) {
  Answer answer = refuse(request, {426, "websocket-version",
                                   "send Sec-WebSocket-Version: 13, once; there is no other"});
  answer.headers.emplace_back("Upgrade", "websocket");
  answer.headers.emplace_back("Connection", "Upgrade");
  answer.headers.emplace_back("Sec-WebSocket-Version", version);
  return answer;
}

}  // namespace

bool is_asked_for(const Request& request) {
  return request.method() == Method::get && !request.http10() &&
         any_has_element(request, "Upgrade", "websocket");
}

Answer handshake(const Request& request, std::span<const std::string> allowed) {
  if (!any_has_element(request, "Connection", "upgrade"))
    return refuse(request, {400, "bad-upgrade",
                            "Upgrade: websocket needs Connection: Upgrade beside it; a proxy on "
                            "the way has to pass on both"});
  if (request.header_count("Sec-WebSocket-Version") != 1 ||
      request.header("Sec-WebSocket-Version") != version)
    return refuse_version(request);
  const std::string_view key = request.header("Sec-WebSocket-Key");
  if (request.header_count("Sec-WebSocket-Key") != 1 || !is_key(key))
    return refuse(request, {400, "bad-websocket-key",
                            "Sec-WebSocket-Key is 16 random bytes in base64, once"});
  if (request.header_count("Origin") > 1 ||
      !is_allowed_origin(request.header("Origin"), request.header("Host"), allowed))
    return refuse(request, {403, "foreign-origin",
                            "pages of this origin may not use this server; its operator can "
                            "allow it in cors_origins"});
  Answer answer;
  answer.status = 101;
  answer.headers.emplace_back("Upgrade", "websocket");
  answer.headers.emplace_back("Connection", "Upgrade");
  answer.headers.emplace_back("Sec-WebSocket-Accept", accept_of(key));
  return answer;
}

bool is_allowed_origin(std::string_view origin, std::string_view host,
                       std::span<const std::string> allowed) {
  return origin.empty() || is_same_host(origin, host) ||
         std::find(allowed.begin(), allowed.end(), origin) != allowed.end();
}

std::string accept_of(std::string_view key) {
  const std::string text = std::string(key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<unsigned char, sha1_bytes> digest;
  std::size_t size = 0;
  CHECK(EVP_Q_digest(nullptr, "SHA1", nullptr, text.data(), text.size(), digest.data(), &size) == 1,
        "OpenSSL has SHA-1");
  std::array<unsigned char, sha1_base64_characters + 1> base64;
  EVP_EncodeBlock(base64.data(), digest.data(), sha1_bytes);
  return {reinterpret_cast<const char*>(base64.data()), sha1_base64_characters};
}

}  // namespace yallchat::ws
