// Parses a request that head_scan has let through: the library's parser, with a request of ours to
// fill instead of its tree of fields.
//
// The head is given as a whole, and kept; the fields are views into it. The body comes as it may.
// Owner: the connection, one a request. The loop's thread only.
#pragma once

#include <boost/beast/http/basic_parser.hpp>
#include <string>
#include <string_view>

#include "http/request.h"

namespace yallchat {

class RequestParser final : public boost::beast::http::basic_parser<true> {
 public:
  explicit RequestParser(std::size_t max_body);

  // The whole head, once. error: none, or need_more when a body is to come.
  void put_head(std::string_view head, boost::system::error_code& error);
  // Some of the body; gives how much of it was taken. What was not is to be given again, with more.
  std::size_t put_body(std::string_view bytes, boost::system::error_code& error);

  const Request& request() const { return request_; }
  Request& request() { return request_; }
  // Fields came after a chunked body. Nobody has judged them (RFC 9110, section 6.5.1).
  bool has_trailer() const { return has_trailer_; }

 private:
  using Text = boost::beast::string_view;
  using Error = boost::system::error_code;

  void on_request_impl(boost::beast::http::verb method, Text name, Text target, int version,
                       Error& error) override;
  void on_response_impl(int, Text, int, Error&) override {}
  void on_field_impl(boost::beast::http::field id, Text name, Text value, Error& error) override;
  void on_header_impl(Error& error) override;
  void on_body_init_impl(const boost::optional<std::uint64_t>& length, Error& error) override;
  std::size_t on_body_impl(Text bytes, Error& error) override;
  void on_chunk_header_impl(std::uint64_t size, Text extensions, Error& error) override;
  std::size_t on_chunk_body_impl(std::uint64_t remain, Text bytes, Error& error) override;
  void on_finish_impl(Error&) override {}

  Request request_;
  std::uint64_t chunk_left_ = 0;  // of the data of the chunk that is being read
  bool has_trailer_ = false;
};

}  // namespace yallchat
