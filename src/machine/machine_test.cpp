#include "machine/machine.h"

#include <gmock/gmock.h>

#include "base/limits.h"
#include "machine/machine_test_world.h"

namespace yallchat {
namespace {

using testing::ElementsAre;

// --- Joining and leaving ---

TEST(Machine, TheFirstJoinMakesTheChannelAndTheDirectoryIsSorted) {
  World w;
  w.joined("octopus", "ringo");
  w.joined("octopus", "paul");
  EXPECT_THAT(w.directory("octopus"), ElementsAre("paul", "ringo"));
  EXPECT_EQ(w.machine.find_channel("octopus")->directory_version, 2u);
}

TEST(Machine, ANameIsHeldOncePerChannelWhateverItsCase) {
  World w;
  w.joined("octopus", "ringo");
  EXPECT_EQ(w.join("octopus", ascii_user("Ringo")), refused(Refusal::name_taken));
  w.joined("squid", "ringo");
}

TEST(Machine, ALookAlikeIsRefusedWhereEitherNameIsNotAscii) {
  World w;
  const UserName latin{"paul", "paul", {"paul"}, true};
  const UserName cyrillic{"\u0440aul", "\u0440aul", {"paul"}, false};
  w.join("octopus", latin);
  EXPECT_EQ(w.join("octopus", cyrillic), refused(Refusal::name_taken));
  w.join("squid", cyrillic);
  EXPECT_EQ(w.join("squid", latin), refused(Refusal::name_taken));
}

TEST(Machine, LookAlikesThatAreBothAsciiAreTwoNames) {
  World w;
  w.join("octopus", {"user1", "user1", {"userl"}, true});
  w.join("octopus", {"userl", "userl", {"userl"}, true});
  EXPECT_THAT(w.directory("octopus"), ElementsAre("user1", "userl"));
}

TEST(Machine, ANameIsFreeAgainAfterItsUserLeft) {
  World w;
  const UserName cyrillic{"\u0440aul", "\u0440aul", {"paul"}, false};
  w.joined("octopus", "ringo");
  const SessionId paul = w.joined("octopus", "paul");
  EXPECT_EQ(w.apply(Leave{paul}), Outcome(outcome::Done{}));
  EXPECT_THAT(w.directory("octopus"), ElementsAre("ringo"));
  w.join("octopus", cyrillic);
  EXPECT_EQ(w.directory("octopus").size(), 2u);
}

TEST(Machine, WhoLeftCanDoNothing) {
  World w;
  w.joined("octopus", "ringo");
  const SessionId paul = w.joined("octopus", "paul");
  w.apply(Leave{paul});
  EXPECT_EQ(w.post(paul, "late"), refused(Refusal::no_session));
  EXPECT_EQ(w.apply(Leave{paul}), refused(Refusal::no_session));
  EXPECT_EQ(w.apply(Touch{paul, Tick(0), Seqnr(1), 1, {}}), refused(Refusal::no_session));
}

TEST(Machine, AJoinRepeatedWithItsIdempotencyKeyReplacesAnUnusedSession) {
  World w;
  Join join = w.join_command("octopus", ascii_user("ringo"));
  join.token = token_number(1);
  const SessionId lost = std::get<outcome::Joined>(w.apply(join)).session;
  join.key = key_number(77);
  const SessionId again = std::get<outcome::Joined>(w.apply(join)).session;
  EXPECT_NE(lost, again);
  EXPECT_EQ(w.machine.find_session(lost), nullptr);
  EXPECT_EQ(w.machine.find_session(key_number(77))->id, again);
  EXPECT_THAT(w.directory("octopus"), ElementsAre("ringo"));
}

TEST(Machine, AUsedSessionIsNotReplacedByARepeatedJoin) {
  World w;
  Join join = w.join_command("octopus", ascii_user("ringo"));
  join.token = token_number(1);
  const SessionId ringo = std::get<outcome::Joined>(w.apply(join)).session;
  w.post(ringo, "here");
  join.key = key_number(77);
  EXPECT_EQ(w.apply(join), refused(Refusal::name_taken));
}

TEST(Machine, AnotherIdempotencyKeyDoesNotReplace) {
  World w;
  Join join = w.join_command("octopus", ascii_user("ringo"));
  join.token = token_number(1);
  w.apply(join);
  join.key = key_number(77);
  join.token = token_number(2);
  EXPECT_EQ(w.apply(join), refused(Refusal::name_taken));
}

TEST(Machine, ChannelsBeyondTheLimitAreRefusedAndUnusedOnesDoNotCount) {
  World w;
  w.apply(Settings{60, 2, 0, 0});
  const SessionId junk = w.joined("junk", "ringo");
  w.joined("octopus", "ringo");
  EXPECT_EQ(w.join("squid", ascii_user("ringo")), refused(Refusal::channel_limit));
  EXPECT_EQ(w.machine.find_channel("squid"), nullptr);
  w.apply(Leave{junk});
  EXPECT_EQ(w.machine.find_channel("junk"), nullptr);
  w.joined("squid", "ringo");
}

TEST(Machine, AChannelThatHadAMessageStays) {
  World w;
  const SessionId ringo = w.joined("octopus", "ringo");
  w.post(ringo, "hello");
  w.apply(Leave{ringo});
  ASSERT_NE(w.machine.find_channel("octopus"), nullptr);
  EXPECT_EQ(w.machine.find_channel("octopus")->head, Seqnr(1));
}

TEST(Machine, SessionsBeyondTheLimitAreRefused) {
  World w;
  w.apply(Settings{60, 0, 1, 0});
  w.joined("octopus", "ringo");
  EXPECT_EQ(w.join("octopus", ascii_user("paul")), refused(Refusal::session_limit));
}

TEST(Machine, AKickEndsTheSessionThatHoldsTheName) {
  World w;
  const SessionId ringo = w.joined("octopus", "Ringo");
  w.joined("octopus", "paul");
  w.joined("squid", "ringo");
  EXPECT_EQ(w.apply(Kick{"octopus", "ringo"}), Outcome(outcome::Done{}));
  EXPECT_THAT(w.directory("octopus"), ElementsAre("paul"));
  EXPECT_THAT(w.directory("squid"), ElementsAre("ringo"));
  ASSERT_EQ(w.effects.size(), 1u);
  const auto& departed = std::get<effect::Departed>(w.effects[0]);
  EXPECT_EQ(departed.session, ringo);
  EXPECT_EQ(departed.user, "Ringo");
  EXPECT_EQ(departed.why, Departure::kicked);
  EXPECT_EQ(w.post(ringo, "late"), refused(Refusal::no_session));
}

TEST(Machine, WhoWasKickedMayJoinAgain) {
  World w;
  w.joined("octopus", "ringo");
  w.apply(Kick{"octopus", "ringo"});
  const SessionId again = w.joined("octopus", "ringo");
  EXPECT_EQ(w.post(again, "back"), posted(1));
}

TEST(Machine, AKickOfSomebodyWhoIsNotThereIsRefusedAndDoesNothing) {
  World w;
  const SessionId ringo = w.joined("octopus", "ringo");
  for (const Kick& kick : {Kick{"octopus", "paul"}, Kick{"squid", "ringo"}, Kick{"", ""}}) {
    EXPECT_EQ(w.apply(kick), refused(Refusal::no_user));
    EXPECT_TRUE(w.effects.empty());
  }
  EXPECT_NE(w.machine.find_session(ringo), nullptr);
  w.apply(Kick{"octopus", "ringo"});
  EXPECT_EQ(w.apply(Kick{"octopus", "ringo"}), refused(Refusal::no_user));
}

TEST(Machine, AKickOfALookAlikeIsNotForWhoHoldsTheName) {
  World w;
  w.joined("octopus", "paul");
  const UserName cyrillic{"\u0440aul", "\u0440aul", {"paul"}, false};
  EXPECT_EQ(w.apply(Kick{"octopus", cyrillic.key}), refused(Refusal::no_user));
  EXPECT_THAT(w.directory("octopus"), ElementsAre("paul"));
}

TEST(Machine, AKickOfTheLastMemberForgetsAChannelInWhichNothingWasSaid) {
  World w;
  w.joined("junk", "ringo");
  w.apply(Kick{"junk", "ringo"});
  EXPECT_EQ(w.machine.find_channel("junk"), nullptr);
  ASSERT_EQ(w.effects.size(), 2u);
  EXPECT_TRUE(std::holds_alternative<effect::Forgotten>(w.effects[1]));
}

// --- Messages ---

TEST(Machine, MessagesAreNumberedFromOneInEachChannel) {
  World w;
  const SessionId ringo = w.joined("octopus", "ringo");
  const SessionId paul = w.joined("squid", "paul");
  EXPECT_EQ(w.post(ringo, "a"), posted(1));
  EXPECT_EQ(w.post(paul, "b"), posted(1));
  EXPECT_EQ(w.post(ringo, "c"), posted(2));
  const auto& message = *std::get<effect::Posted>(w.effects.at(0)).message;
  EXPECT_EQ(message.seqnr, Seqnr(2));
  EXPECT_EQ(message.source, "ringo");
  EXPECT_EQ(message.body, "c");
}

TEST(Machine, TimeIsMonotonicInAChannelThoughClocksGoBack) {
  World w;
  const SessionId ringo = w.joined("octopus", "ringo");
  w.post(ringo, "a", 5000);
  w.post(ringo, "b", 1000);
  EXPECT_EQ(std::get<effect::Posted>(w.effects.at(0)).message->time_ms, 5000);
}

TEST(Machine, APostRepeatedUnderItsKeyIsTheFirstAnswerAgain) {
  World w;
  const SessionId ringo = w.joined("octopus", "ringo");
  EXPECT_EQ(w.keyed_post(ringo, "hello", 7), posted(1));
  w.post(ringo, "between");
  EXPECT_EQ(w.keyed_post(ringo, "hello", 7), posted(1, true));
  EXPECT_TRUE(w.effects.empty());
  EXPECT_EQ(w.machine.find_channel("octopus")->head, Seqnr(2));
}

TEST(Machine, AKeyWithAnotherBodyIsRefused) {
  World w;
  const SessionId ringo = w.joined("octopus", "ringo");
  w.keyed_post(ringo, "hello", 7);
  EXPECT_EQ(w.keyed_post(ringo, "goodbye", 7), refused(Refusal::key_reused));
}

TEST(Machine, AThousandKeyedPostsAreRememberedForEver) {
  World w;
  const SessionId ringo = w.joined("octopus", "ringo");
  w.apply(Settings{limits::keyed_posts_ticks * 3, 0, 0, 0});
  w.keyed_post(ringo, "oldest", 0);
  for (std::uint64_t i = 1; i < limits::keyed_posts_floor; ++i) w.keyed_post(ringo, "x", i);
  w.ticks(limits::keyed_posts_ticks + 10);
  EXPECT_EQ(w.keyed_post(ringo, "oldest", 0), posted(1, true));
  w.keyed_post(ringo, "one more", limits::keyed_posts_floor);
  EXPECT_EQ(w.keyed_post(ringo, "oldest", 0), posted(limits::keyed_posts_floor + 2));
}

TEST(Machine, MoreThanAThousandAreRememberedForADay) {
  World w;
  const SessionId ringo = w.joined("octopus", "ringo");
  for (std::uint64_t i = 0; i < limits::keyed_posts_floor * 2; ++i) w.keyed_post(ringo, "x", i);
  EXPECT_EQ(w.keyed_post(ringo, "x", 0), posted(1, true));
}

TEST(Machine, AHistoryLimitRaisesTheFloor) {
  World w;
  w.apply(Settings{60, 0, 0, 1000});
  const SessionId ringo = w.joined("octopus", "ringo");
  for (int i = 0; i < 1001; ++i) w.post(ringo, "x");
  EXPECT_EQ(w.machine.find_channel("octopus")->first, Seqnr(2));
  const auto& floor = std::get<effect::FloorRaised>(w.effects.at(1));
  EXPECT_EQ(floor.first, Seqnr(2));
}

TEST(Machine, ASmallerHistoryLimitTrimsAtOnceAndALargerOneBringsNothingBack) {
  World w;
  const SessionId ringo = w.joined("octopus", "ringo");
  for (int i = 0; i < 1500; ++i) w.post(ringo, "x");
  w.apply(Settings{60, 0, 0, 1000});
  EXPECT_EQ(w.machine.find_channel("octopus")->first, Seqnr(501));
  w.apply(Settings{60, 0, 0, 0});
  EXPECT_EQ(w.machine.find_channel("octopus")->first, Seqnr(501));
}

TEST(Machine, ATrimRaisesTheFloorButNeverIntoTheLastThousand) {
  World w;
  const SessionId ringo = w.joined("octopus", "ringo");
  for (int i = 0; i < 1500; ++i) w.post(ringo, "x");
  const Channel& channel = *w.machine.find_channel("octopus");
  w.apply(Trim{channel.id, Seqnr(101)});
  EXPECT_EQ(channel.first, Seqnr(101));
  ASSERT_EQ(w.effects.size(), 1u);
  EXPECT_EQ(std::get<effect::FloorRaised>(w.effects[0]).first, Seqnr(101));
  w.apply(Trim{channel.id, Seqnr(100)});
  EXPECT_EQ(channel.first, Seqnr(101)) << "what is gone does not come back";
  EXPECT_TRUE(w.effects.empty());
  w.apply(Trim{channel.id, Seqnr(1500)});
  EXPECT_EQ(channel.first, Seqnr(501));
}

TEST(Machine, ATrimOfAYoungOrForgottenChannelDoesNothing) {
  World w;
  const SessionId ringo = w.joined("octopus", "ringo");
  for (int i = 0; i < 999; ++i) w.post(ringo, "x");
  const Channel& channel = *w.machine.find_channel("octopus");
  w.apply(Trim{channel.id, Seqnr(500)});
  EXPECT_EQ(channel.first, Seqnr(1));
  EXPECT_EQ(w.apply(Trim{ChannelId(99), Seqnr(1)}), Outcome(outcome::Done{}));
  EXPECT_TRUE(w.effects.empty());
}

// --- Time ---

TEST(Machine, AnIdleSessionEndsWithTheTickAfterItsTimeout) {
  World w;
  w.apply(Settings{5, 0, 0, 0});
  w.joined("octopus", "ringo");
  w.ticks(5);
  EXPECT_THAT(w.directory("octopus"), ElementsAre("ringo"));
  w.ticks(1);
  EXPECT_EQ(w.machine.session_count(), 0u);
}

TEST(Machine, ATouchPutsTheEndOff) {
  World w;
  w.apply(Settings{5, 0, 0, 0});
  const SessionId ringo = w.joined("octopus", "ringo");
  w.ticks(4);
  w.apply(Touch{ringo, Tick(3), Seqnr(1), 1, {}});
  w.ticks(4);
  EXPECT_EQ(w.machine.session_count(), 1u) << "active at tick 3, idle for 5 at tick 8";
  w.ticks(1);
  EXPECT_EQ(w.machine.session_count(), 0u);
}

TEST(Machine, APostIsActivity) {
  World w;
  w.apply(Settings{5, 0, 0, 0});
  const SessionId ringo = w.joined("octopus", "ringo");
  w.ticks(5);
  w.post(ringo, "still here");
  w.ticks(5);
  EXPECT_EQ(w.machine.session_count(), 1u);
}

TEST(Machine, ATouchFromTheFutureOrThePastMovesNothingBack) {
  World w;
  w.apply(Settings{5, 0, 0, 0});
  const SessionId ringo = w.joined("octopus", "ringo");
  w.apply(Touch{ringo, Tick(1000), Seqnr(1), 1, {}});
  w.ticks(6);
  EXPECT_EQ(w.machine.session_count(), 0u);
}

TEST(Machine, ATickThatWasProposedTwiceCountsOnce) {
  World w;
  w.apply(Advance{Tick(0)});
  w.apply(Advance{Tick(0)});
  EXPECT_EQ(w.machine.now(), Tick(1));
}

TEST(Machine, ARestartCountsAsActivity) {
  World w;
  w.apply(Settings{5, 0, 0, 0});
  w.joined("octopus", "ringo");
  w.ticks(5);
  w.apply(Recover{});
  w.ticks(5);
  EXPECT_EQ(w.machine.session_count(), 1u);
  w.ticks(1);
  EXPECT_EQ(w.machine.session_count(), 0u);
}

TEST(Machine, AShorterTimeoutAppliesToThoseWhoAreThere) {
  World w;
  w.joined("octopus", "ringo");
  w.ticks(3);
  w.apply(Settings{2, 0, 0, 0});
  w.ticks(1);
  EXPECT_EQ(w.machine.session_count(), 0u);
}

TEST(Machine, SessionsThatEndTogetherEndInTheOrderInWhichTheyJoined) {
  World w;
  w.apply(Settings{5, 0, 0, 0});
  const SessionId a = w.joined("octopus", "a");
  const SessionId b = w.joined("octopus", "b");
  w.ticks(1);
  w.apply(Touch{b, Tick(0), Seqnr(1), 1, {}});
  w.ticks(5);
  std::vector<SessionId> ended;
  for (const Effect& e : w.effects)
    if (const auto* departed = std::get_if<effect::Departed>(&e))
      ended.push_back(departed->session);
  EXPECT_THAT(ended, ElementsAre(a, b));
}

// --- The running hash ---

TEST(Machine, TheHashTellsApartWhatDiffersInAnyValue) {
  const auto hash_after = [](const std::string& body, std::int64_t time) {
    World w;
    const SessionId ringo = w.joined("octopus", "ringo");
    w.post(ringo, body, time);
    return w.machine.state_hash();
  };
  EXPECT_EQ(hash_after("a", 1), hash_after("a", 1));
  EXPECT_NE(hash_after("a", 1), hash_after("b", 1));
  EXPECT_NE(hash_after("a", 1), hash_after("a", 2));
}

TEST(Machine, TheHashTellsApartKicksByChannelAndByUser) {
  const auto hash_after = [](const Kick& kick) {
    World w;
    w.apply(kick);
    return w.machine.state_hash();
  };
  EXPECT_EQ(hash_after({"ab", "c"}), hash_after({"ab", "c"}));
  EXPECT_NE(hash_after({"ab", "c"}), hash_after({"a", "bc"}));
  EXPECT_NE(hash_after({"ab", "c"}), hash_after({"ab", "d"}));
}

}  // namespace
}  // namespace yallchat
