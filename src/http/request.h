// A request as handlers see it: parsed, framed, its body whole.
#pragma once

#include <algorithm>
#include <boost/beast/core/string.hpp>
#include <boost/container/small_vector.hpp>
#include <string>
#include <string_view>

namespace yallchat {

enum class Method { get, head, put, post, options, other, unknown };

class Request {
 public:
  Request() = default;
  // The views point into the head, which therefore stays where it is.
  Request(const Request&) = delete;
  Request& operator=(const Request&) = delete;

  Method method() const { return method_; }
  std::string_view method_name() const { return method_name_; }
  bool http10() const { return http10_; }
  // The path and the query of the target, raw; of an absolute-form target too. "*" for OPTIONS *.
  std::string_view path() const { return path_; }
  std::string_view query() const { return query_; }

  // The first such field's value, or empty. Names in any case.
  std::string_view header(std::string_view name) const;
  std::size_t header_count(std::string_view name) const;
  // Whether any such field's value is like that.
  template <class Predicate>
  bool any_header(std::string_view name, Predicate like_that) const {
    return std::any_of(fields_.begin(), fields_.end(), [&](const Field& field) {
      return field.is(name) && like_that(field.value);
    });
  }

  // Whether the body was framed: a length was given, or it came chunked.
  bool framed() const { return framed_; }
  std::string_view body() const { return body_; }
  // Hands the body over without a copy.
  std::string take_body() { return std::move(body_); }

  // Whether the client takes RFC 9457.
  bool accepts_problem() const;
  // Expect (RFC 9110, section 10.1.1), which HTTP/1.0 does not know: at all, and anything but
  // 100-continue.
  bool expects() const { return !http10_ && header_count("Expect") != 0; }
  bool expects_more() const;

  // What the client wants of the connection after this.
  bool keep_alive() const { return keep_alive_; }

 private:
  friend class RequestParser;  // fills it
  struct Field {
    std::string_view name;
    std::string_view value;

    bool is(std::string_view other) const {
      return name.size() == other.size() && boost::beast::iequals(name, other);
    }
  };

  void set_target(std::string_view target);

  std::string head_;
  Method method_ = Method::unknown;
  std::string_view method_name_;
  bool http10_ = false;
  bool framed_ = false;
  bool keep_alive_ = false;
  std::string_view path_;
  std::string_view query_;
  boost::container::small_vector<Field, 8> fields_;
  std::string body_;
};

}  // namespace yallchat
