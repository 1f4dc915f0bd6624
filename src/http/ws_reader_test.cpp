// What RFC 6455 asks of a server that reads, along the groups of the Autobahn test suite (1 to 7,
// and 9 as far as a bound allows), which has each case of theirs.
#include "http/ws_reader.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace yallchat::ws {
namespace {

using namespace std::string_literals;

constexpr std::size_t max_message = 70'000;
constexpr std::uint8_t final_bit = 0x80;

// --- A client's frames ---

std::string length_bytes(std::uint64_t length, unsigned bytes) {
  std::string out;
  for (unsigned left = bytes; left > 0; --left)
    out += static_cast<char>(length >> (8 * (left - 1)) & 0xFF);
  return out;
}

std::string masked(std::string_view payload, std::string_view mask = "\x37\xFA\x21\x3D") {
  std::string out;
  for (std::size_t i = 0; i < payload.size(); ++i)
    out += static_cast<char>(payload[i] ^ mask[i % mask.size()]);
  return out;
}

// begin: the final bit, the reserved bits and the opcode, as they are.
std::string frame_of(unsigned begin, std::string_view payload) {
  std::string out(1, static_cast<char>(begin));
  if (payload.size() < 126) {
    out += static_cast<char>(0x80 | payload.size());
  } else if (payload.size() <= 0xFFFF) {
    out += '\xFE' + length_bytes(payload.size(), 2);
  } else {
    out += '\xFF' + length_bytes(payload.size(), 8);
  }
  return out + "\x37\xFA\x21\x3D" + masked(payload);
}

std::string frame(Opcode opcode, std::string_view payload, bool final = true) {
  return frame_of((final ? final_bit : 0U) | static_cast<unsigned>(opcode), payload);
}
std::string text(std::string_view payload) {
  return frame(Opcode::text, payload);
}
std::string first(std::string_view payload) {
  return frame(Opcode::text, payload, false);
}
std::string next(std::string_view payload) {
  return frame(Opcode::continuation, payload, false);
}
std::string last(std::string_view payload) {
  return frame(Opcode::continuation, payload);
}
std::string ping(std::string_view payload) {
  return frame(Opcode::ping, payload);
}
std::string close(CloseCode code, std::string_view reason = "") {
  return frame(Opcode::close, length_bytes(code, 2) + std::string(reason));
}

// --- What is read of them ---

std::string line_of(const Event& event) {
  switch (event.kind) {
    case Event::Kind::text: return "text " + event.payload;
    case Event::Kind::ping: return "ping " + event.payload;
    case Event::Kind::pong: return "pong " + event.payload;
    case Event::Kind::close: return "close " + std::to_string(event.code) + " " + event.payload;
    case Event::Kind::broken:
      EXPECT_FALSE(event.detail.empty());
      EXPECT_LE(event.detail.size(), close_reason_bytes);
      return "broken " + std::to_string(event.code);
    case Event::Kind::none: break;
  }
  return "none";
}

using Lines = std::vector<std::string>;

Lines read_in_pieces(std::string_view stream, std::size_t piece) {
  Reader reader(max_message);
  Lines lines;
  while (!stream.empty()) {
    std::string_view bytes = stream.substr(0, piece);
    stream.remove_prefix(bytes.size());
    while (!bytes.empty()) {
      const Event event = reader.next(bytes);
      if (event.kind != Event::Kind::none)
        lines.push_back(line_of(event));
      else
        EXPECT_TRUE(bytes.empty()) << "more would have been read of these";
    }
  }
  return lines;
}

// However it is cut, it is the same.
Lines read(const std::string& stream) {
  const Lines whole = read_in_pieces(stream, stream.size());
  const std::size_t step = stream.size() < 300 ? 1 : stream.size() / 13;
  for (std::size_t piece = 1; piece < stream.size(); piece += step)
    EXPECT_EQ(read_in_pieces(stream, piece), whole) << "in pieces of " << piece;
  return whole;
}

// --- 1: messages ---

TEST(WsReader, TheFramesOfTheRfcAreRead) {
  EXPECT_EQ(read("\x81\x85\x37\xFA\x21\x3D\x7F\x9F\x4D\x51\x58"), Lines{"text Hello"})
      << "section 5.7";
}

TEST(WsReader, AMessageOfEachLengthIsRead) {
  for (const std::size_t size : {0U, 1U, 7U, 8U, 9U, 125U, 126U, 127U, 128U, 65535U, 65536U})
    EXPECT_EQ(read(text(std::string(size, '*'))), Lines{"text " + std::string(size, '*')}) << size;
}

TEST(WsReader, EachByteOfAMaskCountsWhereverAPieceBegins) {
  std::string payload;
  for (int i = 0; i < 100; ++i) payload += static_cast<char>('A' + i % 50);
  EXPECT_EQ(read(text(payload)), Lines{"text " + payload});
  const std::string zero_mask = "\x81\x85\0\0\0\0Hello"s;
  EXPECT_EQ(read(zero_mask), Lines{"text Hello"});
}

TEST(WsReader, BinaryIsNotTaken) {
  EXPECT_EQ(read(frame(Opcode::binary, "x")), Lines{"broken 1003"});
  EXPECT_EQ(read(frame(Opcode::binary, "x", false)), Lines{"broken 1003"});
  EXPECT_EQ(read("\x82\xFE"), Lines{"broken 1003"}) << "before anything of it has come";
}

// --- 2: pings and pongs ---

TEST(WsReader, PingsCarryUpTo125Bytes) {
  EXPECT_EQ(read(ping("")), Lines{"ping "});
  EXPECT_EQ(read(ping("\xFF\xFE\x00"s)), Lines{"ping \xFF\xFE\x00"s}) << "of any kind";
  const std::string most(125, '\xFE');
  EXPECT_EQ(read(ping(most)), Lines{"ping " + most});
  EXPECT_EQ(read(frame_of(0x89, most + "x")), Lines{"broken 1002"});
  EXPECT_EQ(read("\x89\xFE"), Lines{"broken 1002"}) << "its header tells";
}

TEST(WsReader, PongsThatNobodyAskedForAreNothing) {
  EXPECT_EQ(read(frame(Opcode::pong, "") + frame(Opcode::pong, "x") + ping("y")),
            (Lines{"pong ", "pong x", "ping y"}));
}

TEST(WsReader, PingsAreReadOneByOneAndInOrder) {
  std::string stream;
  Lines lines;
  for (int i = 0; i < 10; ++i) {
    stream += ping("p" + std::to_string(i));
    lines.push_back("ping p" + std::to_string(i));
  }
  EXPECT_EQ(read(stream), lines);
}

// --- 3, 4: reserved bits and opcodes; masks; lengths ---

TEST(WsReader, ReservedBitsAreOfExtensionsAndThereAreNone) {
  for (const unsigned bits : {0x10U, 0x20U, 0x30U, 0x40U, 0x50U, 0x60U, 0x70U})
    for (const unsigned opcode : {1U, 2U, 8U, 9U, 10U})
      EXPECT_EQ(read(text("a") + frame_of(final_bit | bits | opcode, "b") + text("c")),
                (Lines{"text a", "broken 1002"}));
}

TEST(WsReader, ReservedOpcodesAreRefused) {
  for (const unsigned opcode : {3U, 4U, 5U, 6U, 7U, 11U, 12U, 13U, 14U, 15U}) {
    EXPECT_EQ(read(frame_of(final_bit | opcode, "")), Lines{"broken 1002"}) << opcode;
    EXPECT_EQ(read(first("a") + frame_of(final_bit | opcode, "x")), Lines{"broken 1002"});
  }
}

TEST(WsReader, EveryFrameIsMasked) {
  for (const char* opcode : {"\x81", "\x01", "\x82", "\x88", "\x89", "\x8A"})
    EXPECT_EQ(read(text("a") + opcode + "\x05Hello"), (Lines{"text a", "broken 1002"}));
  EXPECT_EQ(read("\x81\x00"s), Lines{"broken 1002"}) << "though there is nothing to mask";
}

TEST(WsReader, ALengthHasOneForm) {
  EXPECT_EQ(read("\x81\xFE" + length_bytes(125, 2)), Lines{"broken 1002"});
  EXPECT_EQ(read("\x81\xFF" + length_bytes(65535, 8)), Lines{"broken 1002"});
  EXPECT_EQ(read("\x81\xFF" + length_bytes(5, 8)), Lines{"broken 1002"});
  EXPECT_EQ(read("\x81\xFF" + length_bytes(1ULL << 63 | 70'000, 8)), Lines{"broken 1002"});
}

// --- 5: fragments ---

TEST(WsReader, FragmentsAreOneMessage) {
  EXPECT_EQ(read(first("frag") + last("ment")), Lines{"text fragment"});
  EXPECT_EQ(read(first("a") + next("b") + next("") + next("c") + last("d") + text("e")),
            (Lines{"text abcd", "text e"}));
  EXPECT_EQ(read(first("") + next("") + last("")), Lines{"text "});
}

TEST(WsReader, ControlFramesComeBetweenFragments) {
  EXPECT_EQ(read(first("a") + ping("1") + next("b") + ping("2") + frame(Opcode::pong, "3") +
                 last("c") + ping("4")),
            (Lines{"ping 1", "ping 2", "pong 3", "text abc", "ping 4"}));
  EXPECT_EQ(read(first("a") + close(1000)), Lines{"close 1000 "});
}

TEST(WsReader, ControlFramesAreNotFragmented) {
  for (const Opcode opcode : {Opcode::ping, Opcode::pong, Opcode::close})
    EXPECT_EQ(read(frame(opcode, "frag", false) + last("ment")), Lines{"broken 1002"});
}

TEST(WsReader, AContinuationNeedsABeginning) {
  EXPECT_EQ(read(last("x")), Lines{"broken 1002"});
  EXPECT_EQ(read(next("x") + text("y")), Lines{"broken 1002"});
  EXPECT_EQ(read(first("a") + last("b") + last("c")), (Lines{"text ab", "broken 1002"}));
  EXPECT_EQ(read(text("a") + next("")), (Lines{"text a", "broken 1002"}));
}

TEST(WsReader, AMessageEndsBeforeTheNext) {
  EXPECT_EQ(read(first("a") + text("b")), Lines{"broken 1002"});
  EXPECT_EQ(read(first("a") + first("b")), Lines{"broken 1002"});
  EXPECT_EQ(read(first("a") + frame(Opcode::binary, "b")), Lines{"broken 1002"});
}

// --- 6: UTF-8 ---

TEST(WsReader, TextOfAllLanguagesIsRead) {
  const std::string spoken = "Hello-µ@ßöäüàá-UTF-8!! κόσμε 日本語 🐙 \uFFFF \U0010FFFF";
  EXPECT_EQ(read(text(spoken)), Lines{"text " + spoken});
  EXPECT_EQ(read(text("\0"s)), Lines{"text \0"s});
}

TEST(WsReader, ACharacterMayBeCutByAFragment) {
  const std::string kosme = "κόσμε🐙";
  std::string stream;
  for (std::size_t i = 0; i < kosme.size(); ++i) {
    const std::string piece(1, kosme[i]);
    stream += i == 0 ? first(piece) : i + 1 < kosme.size() ? next(piece) : last(piece);
    if (i == 3) stream += ping("between");
  }
  EXPECT_EQ(read(stream), (Lines{"ping between", "text " + kosme}));
}

TEST(WsReader, WhatIsNotUtf8Is1007) {
  for (const char* bad : {"\xCE\xBA\xE1\xBD\xB9\xCF\x83\xCE\xBC\xCE\xB5\xED\xA0\x80"
                          "edited",  // 6.3.1
                          "\x80",
                          "\xBF",
                          "\x80\xBF\x80",
                          "\xC0",
                          "\xC1",
                          "\xC0\x80",
                          "\xC1\xBF",
                          "\xE0\x80\x80",
                          "\xE0\x9F\xBF",
                          "\xF0\x80\x80\x80",
                          "\xF0\x8F\xBF\xBF",
                          "\xED\xA0\x80",
                          "\xED\xAF\xBF",
                          "\xED\xBF\xBF",
                          "\xED\xA0\x80\xED\xB0\x80",
                          "\xF4\x90\x80\x80",
                          "\xF5\x80\x80\x80",
                          "\xF8\x88\x80\x80\x80",
                          "\xFC\x84\x80\x80\x80\x80",
                          "\xFE",
                          "\xFF",
                          "\xFE\xFE\xFF\xFF",
                          "a\xC3",
                          "a\xE2\x82",
                          "a\xF0\x9F\x90",
                          "\xC3\x28",
                          "\xE2\x28\xA1",
                          "\xF0\x9F\x28\xBC"}) {
    EXPECT_EQ(read(text(bad)), Lines{"broken 1007"}) << bad;
    EXPECT_EQ(read(first("ok") + last(bad)), Lines{"broken 1007"}) << bad;
    EXPECT_EQ(read(first(bad) + last("")), Lines{"broken 1007"}) << bad;
  }
}

TEST(WsReader, BadTextIsToldAtItsFirstByte) {
  const std::string bad = first("\xCE\xBA\xED\xA0");  // a surrogate, by its second byte
  EXPECT_EQ(read(bad), Lines{"broken 1007"}) << "though the message has not ended";
  EXPECT_EQ(read(bad.substr(0, bad.size() - 1)), Lines{});
  const std::string one_frame = text("ab\xFF" + std::string(50, 'x'));
  EXPECT_EQ(read(one_frame.substr(0, 9)), Lines{"broken 1007"}) << "nor the frame";
}

TEST(WsReader, EachMessageBeginsAnew) {
  EXPECT_EQ(read(first("\xC3") + last("\xA9") + text("\xA9")),
            (Lines{"text \xC3\xA9", "broken 1007"}));
}

// --- 7: closing ---

TEST(WsReader, ACloseHasACodeAndAReasonOrNeither) {
  EXPECT_EQ(read(frame(Opcode::close, "")), Lines{"close 0 "});
  EXPECT_EQ(read(close(1000)), Lines{"close 1000 "});
  EXPECT_EQ(read(close(1001, "going — away")), Lines{"close 1001 going — away"});
  const std::string most(close_reason_bytes, '*');
  EXPECT_EQ(read(close(1000, most)), Lines{"close 1000 " + most});
  EXPECT_EQ(read(close(1000, most + "*")), Lines{"broken 1002"});
  EXPECT_EQ(read(frame(Opcode::close, "\x03")), Lines{"broken 1002"}) << "half a code";
}

TEST(WsReader, AReasonIsUtf8) {
  EXPECT_EQ(read(close(1000, "\xCE\xBA\xED\xA0\x80")), Lines{"broken 1007"});
  EXPECT_EQ(read(close(1000, "\xC3")), Lines{"broken 1007"});
}

TEST(WsReader, CloseCodesAreThoseThatMayBeSent) {
  for (const CloseCode code : {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013,
                               1014, 3000, 3999, 4000, 4999})
    EXPECT_EQ(read(close(code)), Lines{"close " + std::to_string(code) + " "});
  for (const CloseCode code :
       {0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 9999, 65535})
    EXPECT_EQ(read(close(code)), Lines{"broken 1002"}) << code;
}

TEST(WsReader, AfterACloseNothingIsRead) {
  const std::string more = text("late") + ping("late") + close(1001) + "\xFF\xFF";
  EXPECT_EQ(read(text("a") + close(1000) + more), (Lines{"text a", "close 1000 "}));
  EXPECT_EQ(read(text("\xFF") + more), Lines{"broken 1007"}) << "nor after what was broken";
}

TEST(WsReader, BehindTheEndAllIsTakenSoThatWhoeverReadsComesToAnEnd) {
  Reader reader(max_message);
  const std::string last = close(1000) + "rest";
  std::string_view bytes = last;
  reader.next(bytes);
  EXPECT_TRUE(bytes.empty());
}

// --- 9: large messages, and the bound ---

TEST(WsReader, AMessageMayBeAsLargeAsTheBound) {
  const std::string most(max_message, '*');
  EXPECT_EQ(read(text(most)), Lines{"text " + most});
  std::string fragments = first(most.substr(0, 1000));
  for (std::size_t i = 1000; i < max_message - 1000; i += 1000)
    fragments += next(most.substr(0, 1000));
  EXPECT_EQ(read(fragments + last(most.substr(0, 1000)) + text("next")),
            (Lines{"text " + most, "text next"}));
}

TEST(WsReader, ALongerOneIsToldByItsHeader) {
  EXPECT_EQ(read("\x81\xFF" + length_bytes(max_message + 1, 8)), Lines{"broken 1009"});
  EXPECT_EQ(read("\x81\xFF" + length_bytes(~0ULL >> 1, 8)), Lines{"broken 1009"});
  EXPECT_EQ(read(first(std::string(max_message, 'x')) + next("") + "\x80\x81"),
            Lines{"broken 1009"});
  EXPECT_EQ(read(first("a") + "\x80\xFF" + length_bytes(max_message, 8)), Lines{"broken 1009"});
}

TEST(WsReader, EmptyFragmentsWithoutEndAreNothing) {
  const std::string empty = next("");
  std::string stream = first("a");
  for (int i = 0; i < 100'000; ++i) stream += empty;
  EXPECT_EQ(read_in_pieces(stream + last("b"), 4096), Lines{"text ab"});
}

TEST(WsReader, MessagesDoNotAddUp) {
  std::string stream;
  for (int i = 0; i < 10; ++i) stream += text(std::string(max_message / 2, 'x'));
  EXPECT_EQ(read(stream).size(), 10U);
}

}  // namespace
}  // namespace yallchat::ws
