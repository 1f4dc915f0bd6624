// A request as handlers see it: its head read, its body whole.
#pragma once

#include <algorithm>
#include <boost/container/small_vector.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "http/text.h"

namespace yallchat {

struct HeadVerdict;

enum class Method { get, head, put, post, options, other, unknown };

class Request {
 public:
  struct Field {
    std::string_view name;
    std::string_view value;

    bool is(std::string_view other) const { return text::equal_fold(name, other); }
  };

  // What a head says. The views point into its text, which therefore stays where it is.
  struct Head {
    std::string text;
    Method method = Method::unknown;
    std::string_view method_name;
    std::string_view target;
    bool http10 = false;
    boost::container::small_vector<Field, 8> fields;
    std::optional<std::uint64_t> length;  // the Content-Length
    bool chunked = false;
    bool keep_alive = false;
  };

  Request() = default;
  Request(const Request&) = delete;
  Request& operator=(const Request&) = delete;

  Method method() const { return head_.method; }
  std::string_view method_name() const { return head_.method_name; }
  bool http10() const { return head_.http10; }
  // The path and the query of the target, raw; of an absolute-form target too. "*" for OPTIONS *.
  std::string_view path() const { return path_; }
  std::string_view query() const { return query_; }

  // The first such field's value, or empty. Names in any case.
  std::string_view header(std::string_view name) const;
  std::size_t header_count(std::string_view name) const;
  // Whether any such field's value is like that.
  template <class Predicate>
  bool any_header(std::string_view name, Predicate like_that) const {
    return std::any_of(head_.fields.begin(), head_.fields.end(), [&](const Field& field) {
      return field.is(name) && like_that(field.value);
    });
  }

  // How the body is framed: by a length that was given, by chunks, or not at all.
  std::optional<std::uint64_t> length() const { return head_.length; }
  bool chunked() const { return head_.chunked; }
  bool framed() const { return head_.chunked || head_.length; }
  std::string_view body() const { return body_; }
  // Hands the body over without a copy.
  std::string take_body() { return std::move(body_); }

  // How much the client would like an answer of this type, which Accept must name, and not as a
  // range (RFC 9110, section 12.5.1): 1 to 1000; 0: not at all.
  int preference(std::string_view type) const;
  // Whether the client takes RFC 9457.
  bool accepts_problem() const { return preference("application/problem+json") != 0; }
  // Expect (RFC 9110, section 10.1.1), which HTTP/1.0 does not know: at all, and anything but
  // 100-continue.
  bool expects() const { return !http10() && header_count("Expect") != 0; }
  bool expects_more() const;

  // What the client wants of the connection after this.
  bool keep_alive() const { return head_.keep_alive; }

 private:
  friend HeadVerdict read_head(std::string_view bytes, Request& request);
  friend class BodyReader;

  void split_target();

  Head head_;
  std::string_view path_;
  std::string_view query_;
  std::string body_;
};

}  // namespace yallchat
