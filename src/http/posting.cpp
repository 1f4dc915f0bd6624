#include "http/posting.h"

#include <algorithm>
#include <utility>

#include "http/access.h"
#include "protocol/names.h"
#include "protocol/said.h"

namespace yallchat {
namespace {

// A key is its user's own. But a bridged message that is keyed by where it was first said is one
// message, whoever brings it: several bridges may, each under a name of its own, or with the
// author's before the text. What counts there is who said what. No user has the empty name.
Post::Keyed keyed(const Session& session, const std::string& key, const std::string& text,
                  const std::string& origin) {
  if (!origin.empty() && key == first_hop(origin)) {
    const Said said = Said::of(session.user.text, text, origin, false);
    if (!said.origin.empty()) {
      // In a prefix it stands as its server wrote it.
      const Result<UserName> author = parse_user(said.speaker.author);
      const std::string& name = author ? author->text : said.speaker.author;
      return {idempotency_token({}, key), body_digest(name + '\n' + said.text)};
    }
  }
  return {idempotency_token(session.user.key, key), body_digest(text)};
}

}  // namespace

std::optional<Failure> unfit_text(const std::string& text) {
  if (text.empty()) return Failure{400, "empty-text", "a message has at least one character"};
  if (text.find('\0') != text.npos)
    return Failure{400, "nul-in-text", "a message has no NUL in it"};
  if (!is_utf8(text)) return Failure{400, "bad-utf8", "a message is UTF-8"};
  return std::nullopt;
}

std::optional<Failure> unfit_origin(std::string_view origin) {
  const bool fits =
      origin.size() <= limits::origin_bytes &&
      std::all_of(origin.begin(), origin.end(), [](char c) { return c > 0x20 && c < 0x7F; });
  if (fits) return std::nullopt;
  return Failure{400, "bad-origin",
                 "origin is SERVER/CHANNEL/SEQNR[,...] of at most " +
                     std::to_string(limits::origin_bytes) + " characters"};
}

std::optional<Failure> unfit_idempotency_key(std::string_view key) {
  if (!key.empty() && key.size() <= limits::idempotency_key_bytes) return std::nullopt;
  return Failure{
      400, "bad-idempotency-key",
      "an Idempotency-Key has 1 to " + std::to_string(limits::idempotency_key_bytes) + " bytes"};
}

Posting::Posting(Options options, Replica& replica, const Clock& clock)
    : options_(options),
      replica_(replica),
      clock_(clock),
      rate_({options.posts_a_session_a_second, options.posts_a_session_burst,
             limits::rate_limited_sessions}) {}

void Posting::post(const Session& session, const Peer& peer, NewMessage message, Done done) {
  if (!peer.loopback || options_.limit_loopback) {
    if (const auto wait = rate_.take(session.id, clock_.monotonic()))
      return done(Failure{429, "too-many-posts", "too many messages of this session; wait", *wait});
  }
  Post post;
  post.session = session.id;
  post.body = std::move(message.text);
  post.time_ms = clock_.wall_ms();
  post.origin = std::move(message.origin);
  if (message.key) post.keyed = keyed(session, *message.key, post.body, post.origin);
  replica_.submit(std::move(post), [done = std::move(done)](const Outcome& outcome) {
    if (const auto* posted = std::get_if<outcome::Posted>(&outcome))
      done(posted->seqnr);
    else
      done(failure_of(std::get<outcome::Refused>(outcome).why));
  });
}

}  // namespace yallchat
