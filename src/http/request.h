// A request as handlers see it: parsed, framed, its body whole. Moves with its connection's parser.
#pragma once

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <string>
#include <string_view>

namespace yallchat {

enum class Method { get, head, put, post, options, other, unknown };

class Request {
 public:
  using Message = boost::beast::http::request<boost::beast::http::string_body>;

  explicit Request(Message message);
  // The views point into the message, which therefore stays where it is.
  Request(const Request&) = delete;
  Request& operator=(const Request&) = delete;

  Method method() const { return method_; }
  std::string_view method_name() const;
  bool http10() const { return message_.version() == 10; }
  // The path and the query of the target, raw; of an absolute-form target too. "*" for OPTIONS *.
  std::string_view path() const { return path_; }
  std::string_view query() const { return query_; }

  // The field's value, or empty. Names in any case.
  std::string_view header(std::string_view name) const;
  std::size_t header_count(std::string_view name) const;

  // Whether the body was framed: a length was given, or it came chunked.
  bool framed() const { return framed_; }
  std::string_view body() const { return message_.body(); }
  // Hands the body over without a copy.
  std::string take_body() { return std::move(message_.body()); }

  // What the client wants of the connection after this.
  bool keep_alive() const { return keep_alive_; }

 private:
  Message message_;
  Method method_;
  bool framed_;
  bool keep_alive_;
  std::string_view path_;
  std::string_view query_;
};

}  // namespace yallchat
