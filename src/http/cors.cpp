#include "http/cors.h"

#include <algorithm>

namespace yallchat {
namespace {

constexpr std::string_view scheme_end = "://";

// So long a browser need not ask again; more than this none of them believes.
constexpr std::string_view preflight_seconds = "7200";

bool is_lower(char c) {
  return (c >= 'a' && c <= 'z') || text::is(c, text::digit);
}

bool is_scheme(std::string_view scheme) {
  return !scheme.empty() && std::all_of(scheme.begin(), scheme.end(), [](char c) {
    return is_lower(c) || c == '+' || c == '-' || c == '.';
  });
}

// A name, an IPv4 address, or an IPv6 address in brackets.
bool is_host(std::string_view host) {
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  return !host.empty() && std::all_of(host.begin(), host.end(), [=](char c) {
    return is_lower(c) || (bracketed ? c == ':' || c == '.' : c == '-' || c == '.' || c == '_');
  });
}

bool is_port(std::string_view port) {
  return text::is_digits(port) && port.size() <= 5 && port.front() != '0';
}

std::string_view objection(std::string_view origin) {
  if (origin == "*") return "any page of the web could be used against this server; name each";
  if (origin == "null") return "that is what files and sandboxed pages of anybody send";
  const std::size_t scheme = origin.find(scheme_end);
  if (scheme == origin.npos) return "it begins with a scheme, as in https://chat.example";
  if (std::any_of(origin.begin(), origin.end(), [](char c) { return c >= 'A' && c <= 'Z'; }))
    return "browsers send it in lower case";
  std::string_view host = origin.substr(scheme + scheme_end.size());
  if (host.find('/') != host.npos) return "it has no path, nor a slash at its end";
  // The port is behind the last colon, which in an IPv6 address is not the last.
  std::string_view port;
  const std::size_t colon = host.rfind(':');
  if (colon != host.npos && host.back() != ']') {
    port = host.substr(colon + 1);
    host = host.substr(0, colon);
    if (!is_port(port)) return "its port is not a number";
  }
  const std::string_view name = origin.substr(0, scheme);
  if ((name == "http" && port == "80") || (name == "https" && port == "443"))
    return "browsers leave out the port that the scheme has anyway";
  if (!is_scheme(name) || !is_host(host)) return "it is scheme://host or scheme://host:port";
  return "";
}

}  // namespace

Cors cors_of(const Request& request, const std::vector<std::string>& allowed) {
  if (allowed.empty() || request.header_count("Origin") != 1) return {};
  const auto found = std::find(allowed.begin(), allowed.end(), request.header("Origin"));
  if (found == allowed.end()) return {};
  const bool preflight = request.method() == Method::options &&
                         request.header_count("Access-Control-Request-Method") != 0;
  return {*found, preflight};
}

void write_cors(std::string& out, const Cors& cors) {
  if (cors.origin.empty()) return;
  out.append("Access-Control-Allow-Origin: ").append(cors.origin).append("\r\n");
  if (cors.preflight) {
    // What a resource does not allow it says itself, and the page may read that.
    out.append(
        "Access-Control-Allow-Methods: GET, HEAD, PUT, POST\r\n"
        "Access-Control-Allow-Headers: session, seqnr, source, Idempotency-Key, Content-Type, "
        "Accept, Last-Event-ID, If-None-Match\r\n"
        "Access-Control-Max-Age: ");
    out.append(preflight_seconds).append("\r\n");
  } else {
    out.append(
        "Access-Control-Expose-Headers: yallchat, session, type, seqnr, source, date-sent, "
        "origin, first-seqnr, reason, detail, ETag, Link, Retry-After, Allow, WWW-Authenticate, "
        "Date\r\n");
  }
}

Result<void> check_origin(std::string_view text) {
  const std::string_view why = objection(text);
  if (why.empty()) return {};
  return Error{Errc::invalid,
               "'" + std::string(text) +
                   "' is not an origin of pages as browsers send it: " + std::string(why)};
}

bool is_browser_origin(std::string_view value) {
  return value == "null" || value.find(scheme_end) != value.npos;
}

}  // namespace yallchat
