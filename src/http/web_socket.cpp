#include "http/web_socket.h"

#include <utility>

#include "http/access.h"
#include "http/body_reader.h"

namespace yallchat {
namespace {

void begin_text(std::string& out, std::string_view /*type*/, Seqnr /*seqnr*/,
                std::size_t json_bytes) {
  ws::append_header(out, ws::Opcode::text, json_bytes);
}
constexpr Framing text_frame{begin_text, ""};

}  // namespace

// One channel that is open.
class WebSocket::Subscription final : public Streams::Sink {
 public:
  Subscription(WebSocket& socket, const ChannelName& channel, const Session& session,
               Streams::Options options)
      : socket_(socket),
        channel_(channel),
        session_(session.id),
        stream_(socket.options_.hub.open_stream(session, std::move(options), *this)) {}
  ~Subscription() {
    if (stream_) socket_.options_.hub.close_stream(stream_, session_);
  }

  SessionId session() const { return session_; }
  const ChannelName& channel() const { return channel_; }
  void room() { socket_.options_.hub.streams().room(stream_); }

 private:
  std::size_t write(std::string_view bytes) override { return socket_.connection_.send_now(bytes); }
  std::size_t write(SharedEvent event) override {
    return socket_.connection_.send_now(std::move(event));
  }
  void keep(std::string_view rest) override { socket_.connection_.append(rest); }
  void over() override {
    stream_ = nullptr;
    socket_.forget(channel_.key);  // and with it this
  }
  void give_up() override { socket_.connection_.close(); }  // and with it this

  WebSocket& socket_;
  ChannelName channel_;
  SessionId session_;
  Streams::StreamPtr stream_;
};

WebSocket::WebSocket(Connection& connection, Options options, ChannelName channel,
                     std::optional<Seqnr> start)
    : connection_(connection),
      options_(options),
      channel_(std::move(channel)),
      start_(start),
      reader_(limits::websocket_message_bytes(options.max_message)),
      empty_since_(options.clock.monotonic()) {}

WebSocket::~WebSocket() = default;

// --- The connection ---

// Each message, ping, pong and close is one of the connection's requests of this turn.
std::size_t WebSocket::on_input(std::string_view bytes) {
  std::string_view left = bytes;
  while (wants_input() && connection_.may_begin()) {
    const ws::Event event = reader_.next(left);
    if (event.kind == ws::Event::Kind::none) break;
    connection_.count_begun();
    if (!on_event(event)) break;
  }
  return bytes.size() - left.size();
}

// Whether it goes on.
bool WebSocket::on_event(const ws::Event& event) {
  switch (event.kind) {
    case ws::Event::Kind::none:
    case ws::Event::Kind::pong: break;
    case ws::Event::Kind::text: on_message(event.payload); break;
    case ws::Event::Kind::ping: {
      std::string pong;
      ws::append_pong(pong, event.payload);
      connection_.append(pong);
      break;
    }
    case ws::Event::Kind::close: end(event.code, {}); return false;
    case ws::Event::Kind::broken: end(event.code, event.detail); return false;
  }
  return true;
}

void WebSocket::on_room() {
  for (const auto& [key, subscription] : open_) subscription->room();
}

void WebSocket::on_look(Monotonic now) {
  if (open_.empty() &&
      now >= empty_since_ + std::chrono::milliseconds(connection_.head_timeout_ms()))
    return end(ws::policy_violation, "open a channel");
  if (now < connection_.sent_at() + std::chrono::milliseconds(limits::stream_silence_ms)) return;
  std::string ping;
  ws::append_ping(ping, {});
  connection_.append(ping);
}

bool WebSocket::wants_input() const {
  return undecided_ < limits::pipelined_requests;
}

// The hub ends all streams; what they are owed goes first.
void WebSocket::on_stop() {
  stopping_ = true;
  if (open_.empty()) end(ws::going_away, "the server stops");
}

void WebSocket::on_closed() {
  *alive_ = false;
  open_.clear();
}

void WebSocket::end(ws::CloseCode code, std::string_view reason) {
  *alive_ = false;
  open_.clear();
  std::string close;
  ws::append_close(close, code, reason);
  connection_.append(close);
  connection_.finish();
}

void WebSocket::say(std::string_view json) {
  std::string frame;
  ws::append_text(frame, json);
  connection_.append(frame);
}

void WebSocket::refuse(std::string_view channel, Failure failure, std::string_view ref) {
  // Calls have the key in a header, which no browser can set here.
  if (failure.status == 401)
    failure.detail = "OPEN with \"session\", the key that join gave you; join (again) to get one";
  say(ws::error_json(channel, failure, ref));
}

void WebSocket::forget(const std::string& channel_key) {
  open_.erase(open_.find(channel_key));
  if (!open_.empty()) return;
  empty_since_ = options_.clock.monotonic();
  if (stopping_) end(ws::going_away, "the server stops");
}

// --- What the client asks ---

void WebSocket::on_message(std::string_view message) {
  ws::ClientRequest request = ws::parse_request(message);
  const std::string name = request.channel.value_or(channel_.text);
  const auto channel = parse_channel(name);
  std::optional<Failure> failure;
  if (auto* broken = std::get_if<Failure>(&request.what))
    failure = std::move(*broken);
  else if (!channel)
    failure = Failure{400, "bad-name", channel.error().message};
  else if (const auto* wanted = std::get_if<ws::Open>(&request.what))
    failure = open(*channel, *wanted, request.ref);
  else if (auto* said = std::get_if<ws::Post>(&request.what))
    failure = post(*channel, std::move(*said), request.ref);
  else
    failure = close(*channel, request.ref);
  if (failure) refuse(channel ? channel->text : std::string(), std::move(*failure), request.ref);
}

std::optional<Failure> WebSocket::open(const ChannelName& channel, const ws::Open& request,
                                       const std::string& ref) {
  const auto found = find_session(options_.replica.machine(), request.session, channel);
  if (const auto* failure = std::get_if<Failure>(&found)) return *failure;
  const Session& session = *std::get<const Session*>(found);
  if (open_.contains(channel.key))
    return Failure{409, "already-open", "this channel is open on this WebSocket; close it first"};
  if (open_.size() >= limits::web_socket_channels)
    return Failure{429, "too-many-channels",
                   "a WebSocket has at most " + std::to_string(limits::web_socket_channels) +
                       " channels open; close one"};
  if (options_.hub.streams().count(session.id) >= limits::streams_a_session)
    return too_many_streams();
  Streams::Options options{request.from, text_frame, ref};
  if (!options.from && channel.key == channel_.key)
    options.from = std::exchange(start_, std::nullopt);
  open_.emplace(channel.key,
                std::make_unique<Subscription>(*this, channel, session, std::move(options)));
  return std::nullopt;
}

std::optional<Failure> WebSocket::post(const ChannelName& channel, ws::Post request,
                                       const std::string& ref) {
  const auto found = open_.find(channel.key);
  if (found == open_.end())
    return Failure{409, "not-open", "open the channel on this WebSocket before you post"};
  if (request.body.size() > options_.max_message) return too_long(options_.max_message);
  if (auto unfit = unfit_text(request.body)) return unfit;
  if (auto unfit = unfit_origin(request.origin)) return unfit;
  if (request.key) {
    if (auto unfit = unfit_idempotency_key(*request.key)) return unfit;
  }
  // An END may be on its way.
  const Session* session = options_.replica.machine().find_session(found->second->session());
  if (!session) return failure_of(Refusal::no_session);
  ++undecided_;
  options_.posting.post(
      *session, connection_.peer(),
      {std::move(request.body), std::move(request.key), std::move(request.origin)},
      [this, alive = alive_, name = channel.text, ref](const std::variant<Seqnr, Failure>& done) {
        if (!*alive) return;
        --undecided_;
        if (const auto* failure = std::get_if<Failure>(&done))
          refuse(name, *failure, ref);
        else
          say(ws::posted_json(name, std::get<Seqnr>(done), ref));
        connection_.receive_later();
      });
  return std::nullopt;
}

std::optional<Failure> WebSocket::close(const ChannelName& channel, const std::string& ref) {
  if (!open_.contains(channel.key))
    return Failure{409, "not-open", "this channel is not open on this WebSocket"};
  forget(channel.key);
  say(ws::closed_json(channel.text, ref));
  return std::nullopt;
}

}  // namespace yallchat
