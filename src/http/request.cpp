#include "http/request.h"

#include <boost/beast/http/rfc7230.hpp>

namespace yallchat {
namespace {

namespace http = boost::beast::http;

Method method_of(http::verb verb) {
  switch (verb) {
    case http::verb::get: return Method::get;
    case http::verb::head: return Method::head;
    case http::verb::put: return Method::put;
    case http::verb::post: return Method::post;
    case http::verb::options: return Method::options;
    // Known to RFC 9110 and 5789, and allowed on no resource of ours.
    case http::verb::delete_:
    case http::verb::patch:
    case http::verb::trace:
    case http::verb::connect: return Method::other;
    default: return Method::unknown;
  }
}

// RFC 9112, section 3.2.2: the path of an absolute-form target.
std::string_view without_authority(std::string_view target) {
  if (target.empty() || target.front() == '/' || target == "*") return target;
  const std::size_t scheme = target.find("://");
  if (scheme == target.npos) return target;
  const std::size_t path = target.find_first_of("/?", scheme + 3);
  return path == target.npos ? std::string_view("/") : target.substr(path);
}

}  // namespace

Request::Request(Message message)
    : message_(std::move(message)),
      method_(method_of(message_.method())),
      framed_(message_.chunked() || message_.count(http::field::content_length) != 0),
      keep_alive_(message_.keep_alive()) {
  const auto raw = message_.target();
  std::string_view target = without_authority({raw.data(), raw.size()});
  target = target.substr(0, target.find('#'));
  const std::size_t question = target.find('?');
  path_ = target.substr(0, question);
  if (question != target.npos) query_ = target.substr(question + 1);
}

std::string_view Request::method_name() const {
  const auto name = message_.method_string();
  return {name.data(), name.size()};
}

std::string_view Request::header(std::string_view name) const {
  const auto found = message_.find(boost::beast::string_view(name.data(), name.size()));
  if (found == message_.end()) return {};
  return {found->value().data(), found->value().size()};
}

std::size_t Request::header_count(std::string_view name) const {
  return message_.count(boost::beast::string_view(name.data(), name.size()));
}

}  // namespace yallchat
