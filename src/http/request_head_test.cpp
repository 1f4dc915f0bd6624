#include "http/request_head.h"

#include <gtest/gtest.h>

#include <string>

namespace yallchat {
namespace {

using Kind = HeadVerdict::Kind;

const std::string host = "Host: h\r\n";

HeadVerdict verdict_on(const std::string& head) {
  Request request;
  return read_head(head, request);
}
int status_of(const std::string& head) {
  const HeadVerdict verdict = verdict_on(head);
  return verdict.kind == Kind::refused ? verdict.status : verdict.kind == Kind::complete ? 200 : 0;
}
int with_field(const std::string& field) {
  return status_of("PUT /x HTTP/1.1\r\n" + host + field + "\r\n\r\n");
}
int with_line(const std::string& line) {
  return status_of(line + "\r\n" + host + "\r\n");
}

TEST(RequestHead, AnOrdinaryHeadIsCompleteAndEveryPrefixIncomplete) {
  const std::string head =
      "GET /chats/octopus/events HTTP/1.1\r\nHost: h:8000\r\nsession: k\r\n\r\n";
  const HeadVerdict verdict = verdict_on(head + "the body");
  EXPECT_EQ(verdict.kind, Kind::complete);
  EXPECT_EQ(verdict.length, head.size());
  for (std::size_t n = 0; n < head.size(); ++n)
    EXPECT_EQ(verdict_on(head.substr(0, n)).kind, Kind::incomplete) << n;
}

TEST(RequestHead, WhatIsUnusualButRightIsLetThrough) {
  EXPECT_EQ(status_of("GET / HTTP/1.0\r\n\r\n"), 200) << "1.0 needs no Host";
  EXPECT_EQ(with_line("GET http://h/chats/x HTTP/1.1"), 200);
  EXPECT_EQ(with_line("GET /chats/\xC3\xA9/events HTTP/1.1"), 200) << "raw UTF-8";
  EXPECT_EQ(with_line("OPTIONS * HTTP/1.1"), 200);
  EXPECT_EQ(with_field("source: \xC3\xA9"), 200);
  EXPECT_EQ(with_field("a:"), 200) << "an empty value";
  EXPECT_EQ(with_field("Transfer-Encoding: Chunked"), 200);
  EXPECT_EQ(status_of("\r\nGET / HTTP/1.0\r\n\r\n"), 200) << "an empty line before";
}

TEST(RequestHead, AnotherVersionIs505) {
  EXPECT_EQ(with_line("GET / HTTP/2.0"), 505);
  EXPECT_EQ(with_line("GET / HTTP/1.32"), 505);
  EXPECT_EQ(with_line("GET / HTTP/2"), 505);
  EXPECT_EQ(with_line("GET / HTTQ/1.1"), 400);
  EXPECT_EQ(with_line("GET / http/1.1"), 400);
}

TEST(RequestHead, ARequestLineOfAnotherShapeIs400) {
  for (const char* line : {"GET /", "GET  / HTTP/1.1", "GET / x HTTP/1.1", "G@T / HTTP/1.1",
                           " GET / HTTP/1.1", "GET /\x01 HTTP/1.1", "GET /\t HTTP/1.1"})
    EXPECT_EQ(with_line(line), 400) << line;
}

TEST(RequestHead, HostIsNeededOnceAndValid) {
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\n\r\n"), 400);
  EXPECT_EQ(with_field("Host: h"), 400);
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\nHost: a b\r\n\r\n"), 400);
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"), 400);
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\nHost: [::1]:8000\r\n\r\n"), 200);
}

TEST(RequestHead, LengthsThatTwoServersMayReadDifferentlyAre400) {
  for (const char* value : {"+5", "0x10", "-1", "5, 5", "5 5", "", "99999999999999999999"})
    EXPECT_EQ(with_field(std::string("Content-Length: ") + value), 400) << value;
  EXPECT_EQ(with_field("Content-Length: 5\r\nContent-Length: 5"), 400);
  EXPECT_EQ(with_field("Content-Length: 5\r\nContent-Length: 6"), 400);
  EXPECT_EQ(with_field("Content-Length: 5\r\nTransfer-Encoding: chunked"), 400);
}

TEST(RequestHead, TransferEncodingIsExactlyChunked) {
  for (const char* value :
       {"gzip", "gzip, chunked", "chunked, gzip", "chunked, chunked", "xchunked", ""})
    EXPECT_EQ(with_field(std::string("Transfer-Encoding: ") + value), 501) << value;
  EXPECT_EQ(with_field("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"), 501);
  EXPECT_EQ(status_of("PUT / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"), 501);
}

TEST(RequestHead, FieldsThatCouldBeTwoOrNoneAre400) {
  EXPECT_EQ(with_field("a: b\r\n c"), 400) << "folded";
  EXPECT_EQ(with_field("a : b"), 400) << "space before the colon";
  EXPECT_EQ(with_field("no colon"), 400);
  EXPECT_EQ(with_field(": x"), 400);
  EXPECT_EQ(with_field("a: b\rc"), 400) << "bare CR";
  EXPECT_EQ(with_field("a: b\nc: d"), 400) << "bare LF";
  EXPECT_EQ(with_field(std::string("a: b\0c", 6)), 400) << "NUL";
  EXPECT_EQ(with_field("a: \x7F"), 400);
}

TEST(RequestHead, BareLineFeedsAreRefusedAtOnceAndNotWaitedFor) {
  EXPECT_EQ(status_of("GET / HTTP/1.1\n"), 400);
}

TEST(RequestHead, BoundsAreExact) {
  const auto padded = [](std::size_t total) {
    const std::string start = "GET / HTTP/1.0\r\na: ";
    return start + std::string(total - start.size() - 4, 'x') + "\r\n\r\n";
  };
  EXPECT_EQ(status_of(padded(16 * 1024)), 200);
  EXPECT_EQ(status_of(padded(16 * 1024 + 1)), 431);
  EXPECT_EQ(status_of(std::string(16 * 1024, 'x')), 414) << "no line end in sight";
  std::string fields;
  for (int i = 0; i < 63; ++i) fields += "a: b\r\n";
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\n" + host + fields + "\r\n"), 200);
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\n" + host + fields + "a: b\r\n\r\n"), 431);
  EXPECT_EQ(with_line("GET /" + std::string(4095, 'x') + " HTTP/1.1"), 200);
  EXPECT_EQ(with_line("GET /" + std::string(4096, 'x') + " HTTP/1.1"), 414);
}

TEST(RequestHead, ALineThatIsTooLongIsSoHoweverItCame) {
  std::string head(5000, 'M');
  head += " / HTTP/1.0\r\n\r\n";
  EXPECT_EQ(status_of(head.substr(0, 4500)), 414);
  EXPECT_EQ(status_of(head), 414);
  std::string longest(4096 + 64 - 11, 'M');
  longest += " / HTTP/1.0";
  EXPECT_EQ(status_of(longest + "\r"), 0) << "what may be the line's end is not of the line";
  EXPECT_EQ(status_of(longest + "\r\n\r\n"), 200);
}

TEST(RequestHead, SaysWhatItSays) {
  Request request;
  const std::string head =
      "\r\nPUT /chats/x/messages?a=b HTTP/1.1\r\nHost: h\r\nsession:k1 \r\nSOURCE:\t a b \r\n"
      "source: c\r\nContent-Length: 0042\r\nempty:\r\n\r\nbody";
  ASSERT_EQ(read_head(head, request).kind, Kind::complete);
  EXPECT_EQ(request.method(), Method::put);
  EXPECT_EQ(request.method_name(), "PUT");
  EXPECT_EQ(request.path(), "/chats/x/messages");
  EXPECT_EQ(request.query(), "a=b");
  EXPECT_FALSE(request.http10());
  EXPECT_EQ(request.header("Session"), "k1");
  EXPECT_EQ(request.header("source"), "a b");
  EXPECT_EQ(request.header_count("source"), 2U);
  EXPECT_EQ(request.header("empty"), "");
  EXPECT_EQ(request.header_count("empty"), 1U);
  EXPECT_EQ(request.header_count("none"), 0U);
  EXPECT_EQ(request.length(), 42U);
  EXPECT_FALSE(request.chunked());
}

TEST(RequestHead, MethodsThatAreAllowedNowhereAreToldFromOnesThatAreNone) {
  const auto method_of = [](const std::string& name) {
    Request request;
    EXPECT_EQ(read_head(name + " / HTTP/1.0\r\n\r\n", request).kind, Kind::complete) << name;
    return request.method();
  };
  EXPECT_EQ(method_of("DELETE"), Method::other);
  EXPECT_EQ(method_of("get"), Method::unknown) << "methods have a case";
  EXPECT_EQ(method_of("GETS"), Method::unknown);
  EXPECT_EQ(method_of("OPTIONS"), Method::options);
}

// RFC 9112, section 9.3.
TEST(RequestHead, AConnectionStaysAsItsVersionAndItsOptionsSay) {
  const auto stays = [](const std::string& version, const std::string& fields) {
    Request request;
    const auto verdict =
        read_head("GET / HTTP/" + version + "\r\n" + host + fields + "\r\n", request);
    EXPECT_EQ(verdict.kind, Kind::complete) << fields;
    return request.keep_alive();
  };
  EXPECT_TRUE(stays("1.1", ""));
  EXPECT_FALSE(stays("1.1", "Connection: close\r\n"));
  EXPECT_FALSE(stays("1.1", "connection: TE,\tClose , x\r\n"));
  EXPECT_FALSE(stays("1.1", "Connection: x\r\nConnection: close\r\n"));
  EXPECT_TRUE(stays("1.1", "Connection: closed, ,\r\n"));
  EXPECT_FALSE(stays("1.0", ""));
  EXPECT_TRUE(stays("1.0", "Connection: Keep-Alive\r\n"));
  EXPECT_FALSE(stays("1.0", "Connection: keep-alive, close\r\n"));
}

TEST(RequestHead, AcceptSaysHowMuchATypeIsWanted) {
  const auto preference = [](const std::string& accept) {
    Request request;
    read_head("GET / HTTP/1.1\r\n" + host + "Accept: " + accept + "\r\n\r\n", request);
    return request.preference("text/event-stream");
  };
  EXPECT_EQ(preference("text/event-stream"), 1000);
  EXPECT_EQ(preference("*/*, Text/Event-Stream ;charset=utf-8 ; Q=0.25,text/html"), 250);
  EXPECT_EQ(preference("text/event-stream;q=0.5,\tx/y\r\nAccept: text/event-stream;q=1.000"), 1000);
  for (const char* q : {"0", "0.", "0.0", "0.000", "0.x"})
    EXPECT_EQ(preference("text/event-stream;q=" + std::string(q)), 0) << q;
  for (const char* other :
       {"", "*/*", "text/*", "text/event-stream2", "x;y=text/event-stream", ",;,"})
    EXPECT_EQ(preference(other), 0) << other;
}

}  // namespace
}  // namespace yallchat
