#include "http/request_parser.h"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>

#include "base/limits.h"
#include "http/chunk_scan.h"

namespace yallchat {
namespace {

namespace http = boost::beast::http;

// What a chunked body's end takes at least. Beast 1.81 asserts that it sees as much when it goes on
// with the last chunk, so a server that gave it less could be stopped by anybody.
constexpr std::size_t last_chunk_bytes = std::string_view("0\r\n\r\n").size();

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

}  // namespace

RequestParser::RequestParser(std::size_t max_body) {
  eager(true);
  header_limit(limits::head_bytes);
  body_limit(max_body);
}

void RequestParser::put_head(std::string_view head, boost::system::error_code& error) {
  request_.head_ = head;
  put(boost::asio::buffer(request_.head_), error);
}

std::size_t RequestParser::put_body(std::string_view bytes, boost::system::error_code& error) {
  std::size_t used = 0;
  std::size_t taken = 1;
  const auto least = [&] { return chunked() && chunk_left_ == 0 ? last_chunk_bytes : 1; };
  while (!is_done() && !error && taken != 0 && bytes.size() - used >= least()) {
    taken = put(boost::asio::buffer(bytes.data() + used, bytes.size() - used), error);
    used += taken;
    if (error == http::error::need_more) error = {};
  }
  const std::string_view rest = bytes.substr(used);
  if (!is_done() && !error && chunked() && chunk_left_ == 0 &&
      is_broken_chunk_framing(rest, rest.size() >= last_chunk_bytes))
    error = http::error::bad_chunk;
  return used;
}

void RequestParser::on_request_impl(http::verb method, Text name, Text target, int version,
                                    Error&) {
  request_.method_ = method_of(method);
  request_.method_name_ = name;
  request_.http10_ = version == 10;
  request_.set_target(target);
}

void RequestParser::on_field_impl(http::field, Text name, Text value, Error&) {
  if (is_header_done())
    has_trailer_ = true;
  else
    request_.fields_.push_back({name, value});
}

void RequestParser::on_header_impl(Error&) {
  request_.framed_ = chunked() || content_length().has_value();
  request_.keep_alive_ = keep_alive();
}

void RequestParser::on_body_init_impl(const boost::optional<std::uint64_t>& length, Error&) {
  if (length) request_.body_.reserve(*length);
}

std::size_t RequestParser::on_body_impl(Text bytes, Error&) {
  request_.body_.append(bytes.data(), bytes.size());
  return bytes.size();
}

void RequestParser::on_chunk_header_impl(std::uint64_t size, Text extensions, Error& error) {
  chunk_left_ = size;
  if (extensions.size() > limits::chunk_framing_bytes || is_bad_chunk_extension(extensions))
    error = http::error::bad_chunk_extension;
}

std::size_t RequestParser::on_chunk_body_impl(std::uint64_t remain, Text bytes, Error& error) {
  chunk_left_ = remain - bytes.size();
  return on_body_impl(bytes, error);
}

}  // namespace yallchat
