#include "client/superset.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace yallchat {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using Type = StreamEvent::Type;

TEST(StreamEvent, EachTypeIsReadAsTheManualHasIt) {
  const auto message = read_stream_event(
      R"({"type":"MSG","channel":"octopus","seqnr":83,"source":"Ringo","body":"h\u00e9",)"
      R"("time":"2026-01-02T03:04:05.678Z","origin":"a/b/1"})");
  ASSERT_TRUE(message);
  EXPECT_EQ(message->type, Type::message);
  EXPECT_EQ(message->event.seqnr, Seqnr(83));
  EXPECT_EQ(message->event.source, "Ringo");
  EXPECT_EQ(message->event.body, "h\xc3\xa9");
  EXPECT_EQ(message->event.time, "2026-01-02T03:04:05.678Z");
  EXPECT_EQ(message->event.origin, "a/b/1");
  const auto directory =
      read_stream_event(R"({"type":"DIR","channel":"octopus","seqnr":82,"users":["R","p"]})");
  EXPECT_EQ(directory->type, Type::directory);
  EXPECT_THAT(directory->event.names, ElementsAre("R", "p"));
  const auto left =
      read_stream_event(R"({"type":"LEAVE","seqnr":83,"source":"george","reason":"expired"})");
  EXPECT_EQ(left->type, Type::left);
  EXPECT_EQ(left->event.source, "george");
  EXPECT_EQ(read_stream_event(R"({"type":"JOIN","seqnr":83,"source":"george"})")->type,
            Type::joined);
  const auto gap = read_stream_event(R"({"type":"GAP","seqnr":2000,"from":83,"first":2001})");
  EXPECT_EQ(gap->type, Type::gap);
  EXPECT_EQ(gap->first, Seqnr(2001));
  const auto end = read_stream_event(R"({"type":"END","seqnr":83,"reason":"kicked"})");
  EXPECT_EQ(end->type, Type::end);
  EXPECT_EQ(end->reason, "kicked");
  EXPECT_EQ(read_stream_event(R"({"type":"TYPING","source":1})")->type, Type::other);
}

TEST(StreamEvent, WhatIsNoneIsNotGuessedAt) {
  for (const char* const line :
       {"", "nonsense", "[]", "\"MSG\"", "{}", R"({"type":1})", R"({"type":"MSG"})",
        R"({"type":"MSG","seqnr":"83","source":"a","body":"b"})",
        R"({"type":"MSG","seqnr":-1,"source":"a","body":"b"})",
        R"({"type":"MSG","seqnr":83,"source":"a","body":["b"]})",
        R"({"type":"MSG","seqnr":83,"body":"b"})", R"({"type":"DIR","users":"a"})",
        R"({"type":"DIR","users":["a",1]})", R"({"type":"JOIN"})", R"({"type":"GAP","from":1})",
        "{\"type\":\"MSG\",\"seqnr\":1,\"source\":\"a\",\"body\":\"\xff\"}",
        R"({"type":"END"} {"type":"END"})"})
    EXPECT_FALSE(read_stream_event(line)) << line;
}

TEST(SearchPage, IsReadAsTheManualHasIt) {
  const auto page = read_search_page(
      R"({"events":[{"type":"MSG","seqnr":83,"source":"Ringo","body":"the drummer",)"
      R"("hits":[[0,3],[4,11]]},{"type":"MSG","seqnr":2,"source":"a","body":"b"}],)"
      R"("indexed-to":412,"next":97})");
  ASSERT_TRUE(page);
  ASSERT_EQ(page->hits.size(), 2U);
  EXPECT_EQ(page->hits[0].message.seqnr, Seqnr(83));
  EXPECT_THAT(page->hits[0].marks, ElementsAre(Pair(0U, 3U), Pair(4U, 11U)));
  EXPECT_THAT(page->hits[1].marks, IsEmpty());
  EXPECT_EQ(page->next, Seqnr(97));
  EXPECT_EQ(page->indexed_to, Seqnr(412));
  EXPECT_FALSE(read_search_page(R"({"events":[],"indexed-to":1,"next":null})")->next);
}

TEST(SearchPage, MarksThatMakeNoSenseAreLeftOut) {
  const auto page = read_search_page(
      R"({"events":[{"seqnr":1,"source":"a","body":"abc","hits":)"
      R"([[2,3],[1,2],[3,3],[5,4],"x",[1],[1,2,3],[-1,9],[3.5,4],[4,99]]}],"indexed-to":1})");
  ASSERT_TRUE(page);
  EXPECT_THAT(page->hits[0].marks, ElementsAre(Pair(2U, 3U), Pair(4U, 99U)));
}

TEST(SearchPage, AnswersOfOtherKindsAreNone) {
  for (const char* const body :
       {"", "false", "[]", "{}", R"({"events":[]})", R"({"events":{},"indexed-to":1})",
        R"({"events":[1],"indexed-to":1})", R"({"events":[{"seqnr":1}],"indexed-to":1})",
        R"({"events":[],"indexed-to":"1"})"})
    EXPECT_FALSE(read_search_page(body)) << body;
}

TEST(HistoryPage, IsMessagesAndGapsAndWhereToGoOn) {
  const auto page = read_history_page(
      R"({"events":[{"type":"GAP","seqnr":2000,"from":83,"first":2001},{"type":"MSG","seqnr":2001,)"
      R"("source":"a","body":"b"},{"type":"DIR","users":[]},{"type":"NEW"}],"first":2001,)"
      R"("last":2001,"next":2002,"head":2412})");
  ASSERT_TRUE(page);
  ASSERT_EQ(page->events.size(), 2U);
  EXPECT_EQ(page->events[0].from, Seqnr(83));
  EXPECT_EQ(page->events[1].event.seqnr, Seqnr(2001));
  EXPECT_EQ(page->next, Seqnr(2002));
  for (const char* const body :
       {"", "[]", R"({"events":[]})", R"({"next":1})", R"({"events":[1],"next":1})"})
    EXPECT_FALSE(read_history_page(body)) << body;
}

TEST(ChannelList, IsReadAsTheManualHasIt) {
  const auto list = read_channel_list(
      R"({"channels":[{"channel":"octopus","users":2,"first":1,"head":412},{"channel":"x"}]})");
  ASSERT_TRUE(list);
  ASSERT_EQ(list->size(), 2U);
  EXPECT_EQ(list->front().channel, "octopus");
  EXPECT_EQ(list->front().users, 2U);
  EXPECT_EQ(list->front().head, Seqnr(412));
  EXPECT_FALSE(read_channel_list(R"({"channels":[{"users":2}]})"));
  EXPECT_FALSE(read_channel_list("false"));
}

}  // namespace
}  // namespace yallchat
