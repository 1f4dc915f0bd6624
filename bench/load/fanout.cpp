#include "fanout.h"

#include <sys/epoll.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "die.h"
#include "resources.h"

namespace yallchat::bench {
namespace {

constexpr std::int64_t second_ns = 1'000'000'000;
constexpr std::int64_t subscribing_ns = 120 * second_ns;  // all readers
constexpr std::int64_t drain_ns = 10 * second_ns;         // for deliveries after the last post
constexpr std::int64_t catching_up_ns = 60 * second_ns;
constexpr std::size_t subscribing_at_once = 8;  // ngircd lets 10 wait to be accepted
constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();

std::int64_t to_ns(double seconds) {
  return static_cast<std::int64_t>(seconds * 1e9);
}

}  // namespace

Fanout::Fanout(const Options& options)
    : options_(options),
      steps_(options.readers),
      steps_a_reader_(options.ready.size()),
      readers_wanted_(steps_.size() / steps_a_reader_),
      posters_wanted_(options.backlog > 0 ? 1 : options.connections),
      ledger_({readers_wanted_, posters_wanted_, options.channels}),
      epoll_(epoll_create1(EPOLL_CLOEXEC)) {
  if (epoll_ < 0) die_of_errno("no epoll");
  if (steps_.size() % steps_a_reader_ != 0) die("not all readers have all their steps");
  subscribers_.reserve(readers_wanted_);
  if (options_.rate > 0) read_posts();
  prctl(PR_SET_TIMERSLACK, 1);  // posts shall leave when they are due, not up to 50 us later
}

Fanout::~Fanout() {
  close(epoll_);
}

void Fanout::read_posts() {
  const RequestFile file(options_.requests);
  for (std::size_t i = 0; i < file.size(); ++i) {
    Post post{std::string(file.request(i)), find_stamp(file.request(i))};
    if (post.stamp_at == std::string::npos) die("a post has no stamp");
    posts_.push_back(std::move(post));
  }
}

FanoutResult Fanout::run() {
  result_.memory_before = memory_bytes_of(options_.cpu_of);
  const std::int64_t start = monotonic_ns();
  subscribe_all();
  result_.subscribing_s = static_cast<double>(monotonic_ns() - start) / 1e9;
  if (options_.backlog > 0)
    catch_up();
  else
    live();
  const std::int64_t end = monotonic_ns();
  ledger_.end([&](std::uint32_t number) { miss(number, end); });
  result_.memory_after = memory_bytes_of(options_.cpu_of);
  result_.readers = subscribers_.size();
  result_.posts.unanswered = unanswered_;
  return result_;
}

void Fanout::subscribe_all() {
  const std::int64_t deadline = monotonic_ns() + subscribing_ns;
  while (subscribed_ < readers_wanted_) {
    while (subscribers_.size() < std::min(readers_wanted_, subscribed_ + subscribing_at_once))
      open_subscriber();
    if (monotonic_ns() >= deadline)
      die("only " + std::to_string(subscribed_) + " of " + std::to_string(readers_wanted_) +
          " readers could subscribe");
    wait(deadline);
  }
}

void Fanout::open_subscriber() {
  subscribers_.push_back({std::make_unique<Reader>(options_.port)});
  watch(EPOLL_CTL_ADD, subscribers_.back().reader->fd(), EPOLLOUT, subscribers_.size() - 1);
}

void Fanout::say_next(std::size_t index) {
  Subscriber& subscriber = subscribers_[index];
  subscriber.reader->say(steps_.request(index * steps_a_reader_ + subscriber.steps));
  ++subscriber.steps;
}

// The first event says that it is connected, all others that there is something to read.
void Fanout::on_subscriber(std::size_t index, std::uint32_t events) {
  Subscriber& subscriber = subscribers_[index];
  if (!subscriber.reader) return;
  if (subscriber.listening) return listen(index);
  if (events & EPOLLOUT)
    watch(EPOLL_CTL_MOD, subscriber.reader->fd(), EPOLLIN, index);
  else if (!subscriber.reader->hears(options_.ready[subscriber.steps - 1]))
    return;
  const std::size_t steps_before_listening = steps_a_reader_ - (options_.backlog > 0 ? 1 : 0);
  if (subscriber.steps < steps_before_listening) return say_next(index);
  subscriber.listening = true;
  ++subscribed_;
}

void Fanout::open_posters() {
  posters_.resize(posters_wanted_);
  for (std::size_t i = 0; i < posters_.size(); ++i) {
    posters_[i].connection = std::make_unique<Connection>(options_.port);
    watch(EPOLL_CTL_ADD, posters_[i].connection->fd(), EPOLLIN, subscribers_.size() + i);
  }
}

// One after another, as few can wait to be accepted.
void Fanout::open_greeting_posters() {
  const RequestFile greetings(options_.greetings);
  const std::int64_t deadline = monotonic_ns() + subscribing_ns;
  for (std::size_t i = 0; i < posters_wanted_; ++i) {
    posters_.push_back({std::make_unique<Connection>(options_.port)});
    posters_[i].connection->say(greetings.request(i));
    watch(EPOLL_CTL_ADD, posters_[i].connection->fd(), EPOLLIN | EPOLLOUT, subscribers_.size() + i);
    posters_[i].wants_write = true;
    while (!posters_[i].heard) {
      if (monotonic_ns() >= deadline) die("a poster is not greeted");
      wait(deadline);
    }
  }
}

void Fanout::live() {
  if (!options_.greetings.empty())
    open_greeting_posters();
  else if (options_.rate > 0)
    open_posters();
  start_ns_ = monotonic_ns();
  from_ns_ = start_ns_ + to_ns(options_.warmup_s);
  to_ns_ = from_ns_ + to_ns(options_.seconds);
  if (options_.rate > 0) next_due_ns_ = start_ns_;
  bool begun = false;
  for (std::int64_t now = start_ns_; now < to_ns_; now = monotonic_ns()) {
    if (!begun && now >= from_ns_) {
      begin_measuring();
      begun = true;
    }
    post_what_is_due(now);
    wait(std::min(next_due_ns_, begun ? to_ns_ : from_ns_));
  }
  post_what_is_due(to_ns_);
  next_due_ns_ = never;
  while ((ledger_.owed() > 0 || unanswered_ > 0) && monotonic_ns() < to_ns_ + drain_ns)
    wait(to_ns_ + drain_ns);
  end_measuring();  // with what is still on its way, so that who is behind is not cheap
}

void Fanout::catch_up() {
  for (std::uint64_t i = 0; i < options_.backlog; ++i) ledger_.post();
  begin_measuring();
  start_ns_ = from_ns_ = monotonic_ns();
  for (std::size_t i = 0; i < subscribers_.size(); ++i) say_next(i);
  const std::int64_t deadline = from_ns_ + catching_up_ns;
  while (ledger_.owed() > 0 && monotonic_ns() < deadline) wait(deadline);
  end_measuring();
}

void Fanout::begin_measuring() {
  result_.posts.server_cpu_ns = -cpu_ns_of(options_.cpu_of);
  result_.posts.own_cpu_ns = -own_cpu_ns();
  result_.posts.machine_cpu_ns = -machine_cpu_ns();
  result_.posts.seconds = -static_cast<double>(monotonic_ns()) / 1e9;
}

void Fanout::end_measuring() {
  result_.posts.server_cpu_ns += cpu_ns_of(options_.cpu_of);
  result_.posts.own_cpu_ns += own_cpu_ns();
  result_.posts.machine_cpu_ns += machine_cpu_ns();
  result_.posts.seconds += static_cast<double>(monotonic_ns()) / 1e9;
}

std::int64_t Fanout::due_ns(std::uint64_t number) const {
  return start_ns_ + to_ns(static_cast<double>(number) / options_.rate);
}

void Fanout::post_what_is_due(std::int64_t now) {
  while (next_due_ns_ < std::min(now, to_ns_)) {
    const std::uint32_t number = ledger_.post();
    const std::size_t poster = number % posters_.size();
    Post& post = posts_[number % posts_.size()];
    write_stamp(post.request.data() + post.stamp_at, {next_due_ns_ - start_ns_, number});
    if (options_.protocol == Protocol::irc) {
      posters_[poster].connection->say(post.request);
    } else {
      posters_[poster].connection->ask(post.request, {number, next_due_ns_});
      ++unanswered_;
    }
    flush(poster);
    next_due_ns_ = due_ns(ledger_.posted());
  }
}

void Fanout::flush(std::size_t poster) {
  Poster& of = posters_[poster];
  const bool all_sent = of.connection->flush();
  if (of.wants_write == !all_sent) return;
  of.wants_write = !all_sent;
  watch(EPOLL_CTL_MOD, of.connection->fd(), all_sent ? EPOLLIN : EPOLLIN | EPOLLOUT,
        subscribers_.size() + poster);
}

void Fanout::read_answers(std::size_t poster) {
  Connection& connection = *posters_[poster].connection;
  posters_[poster].heard = true;
  if (options_.protocol == Protocol::irc) return connection.ignore();
  connection.read(options_.protocol,
                  [this](const Connection::Asked& asked, int status, std::string_view) {
                    --unanswered_;
                    ++result_.posts.status[static_cast<std::size_t>(std::clamp(status, 0, 999))];
                    if (status != options_.expect || asked.intended_ns < from_ns_) return;
                    result_.posts.latency.record(monotonic_ns() - asked.intended_ns);
                  });
}

void Fanout::listen(std::size_t index) {
  std::int64_t now = 0;  // the same for all that comes in one read
  const bool open = subscribers_[index].reader->listen([&] { now = monotonic_ns(); },
                                                       [&](Stamp s) { heard(index, s, now); });
  if (!open) {
    subscribers_[index].reader.reset();
    ledger_.lose(index);
    ++result_.lost;
  }
  if (now >= next_due_ns_) post_what_is_due(now);
}

void Fanout::heard(std::size_t index, Stamp stamp, std::int64_t now) {
  if (!ledger_.hear(index, stamp.number, [&](std::uint32_t number) { miss(number, now); })) {
    ++result_.wrong;
    return;
  }
  if (options_.backlog > 0) {
    ++result_.deliveries;
    if (ledger_.complete(index)) result_.latency.record(now - from_ns_);
  } else if (start_ns_ + stamp.due_ns >= from_ns_) {
    ++result_.deliveries;
    result_.latency.record(now - start_ns_ - stamp.due_ns);
  }
}

void Fanout::miss(std::uint32_t number, std::int64_t now) {
  const std::int64_t since_ns = options_.backlog > 0 ? from_ns_ : due_ns(number);
  if (since_ns < from_ns_) return;
  ++result_.missing;
  result_.latency.record(now - since_ns);
}

void Fanout::watch(int operation, int fd, std::uint32_t events, std::size_t id) {
  epoll_event event{};
  event.events = events;
  event.data.u64 = id;
  if (epoll_ctl(epoll_, operation, fd, &event) != 0) die_of_errno("epoll_ctl");
}

void Fanout::wait(std::int64_t until_ns) {
  std::array<epoll_event, 512> events;
  const std::int64_t rest = std::max<std::int64_t>(until_ns - monotonic_ns(), 0);
  const timespec timeout{rest / second_ns, rest % second_ns};
  const int ready =
      epoll_pwait2(epoll_, events.data(), static_cast<int>(events.size()), &timeout, nullptr);
  if (ready < 0 && errno != EINTR) die_of_errno("epoll_wait");
  for (int i = 0; i < ready; ++i) {
    const epoll_event& event = events[static_cast<std::size_t>(i)];
    const auto id = static_cast<std::size_t>(event.data.u64);
    if (id < subscribers_.size()) {
      on_subscriber(id, event.events);
    } else {
      if (event.events & (EPOLLIN | EPOLLHUP | EPOLLERR)) read_answers(id - subscribers_.size());
      flush(id - subscribers_.size());
    }
  }
}

}  // namespace yallchat::bench
