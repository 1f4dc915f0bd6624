#include "generator.h"

#include <sys/epoll.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <limits>

#include "die.h"
#include "resources.h"

namespace yallchat::bench {
namespace {

constexpr std::int64_t second_ns = 1'000'000'000;
constexpr std::int64_t drain_ns = 5 * second_ns;  // for answers after what is measured
constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();

std::int64_t to_ns(double seconds) {
  return static_cast<std::int64_t>(seconds * 1e9);
}

}  // namespace

Generator::Generator(const Options& options, const RequestFile& requests)
    : options_(options), requests_(requests), epoll_(epoll_create1(EPOLL_CLOEXEC)) {
  if (epoll_ < 0) die_of_errno("no epoll");
  if (!options_.capture.empty()) captured_.resize(options_.count);
  // An open loop's requests shall leave when they are due, not up to 50 us later.
  prctl(PR_SET_TIMERSLACK, 1);
}

Generator::~Generator() {
  close(epoll_);
}

void Generator::connect() {
  clients_.resize(options_.connections);
  for (std::size_t i = 0; i < clients_.size(); ++i) {
    clients_[i].connection = std::make_unique<Connection>(options_.port);
    clients_[i].next = i;
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = i;
    if (epoll_ctl(epoll_, EPOLL_CTL_ADD, clients_[i].connection->fd(), &event) != 0)
      die_of_errno("epoll_ctl");
  }
}

RunResult Generator::run() {
  connect();
  start_ns_ = monotonic_ns();
  from_ns_ = start_ns_ + to_ns(options_.warmup_s);
  to_ns_ = options_.count > 0 ? never : from_ns_ + to_ns(options_.seconds);
  if (from_ns_ == start_ns_) begin_measuring(start_ns_);
  for (std::size_t i = 0; options_.rate == 0 && i < clients_.size(); ++i) {
    fill(clients_[i], monotonic_ns());
    flush(i);
  }
  for (;;) {
    const std::int64_t now = monotonic_ns();
    if (!measuring_ && !measured_ && now >= from_ns_) begin_measuring(now);
    if (options_.rate > 0) ask_what_is_due(std::min(now, to_ns_));
    if (measuring_ && now >= to_ns_) end_measuring(now);
    if (done(now)) break;
    wait(next_event(now));
  }
  if (measuring_) end_measuring(monotonic_ns());
  // In a closed loop what is still unanswered is outside of what was measured, but never lost.
  result_.unanswered = unanswered_;
  return result_;
}

void Generator::begin_measuring(std::int64_t now) {
  measuring_ = true;
  from_ns_ = now;
  if (options_.count == 0) to_ns_ = now + to_ns(options_.seconds);
  result_ = {};
  result_.server_cpu_ns = -cpu_ns_of(options_.cpu_of);
  result_.own_cpu_ns = -own_cpu_ns();
  result_.machine_cpu_ns = -machine_cpu_ns();
}

void Generator::end_measuring(std::int64_t now) {
  measuring_ = false;
  measured_ = true;
  result_.server_cpu_ns += cpu_ns_of(options_.cpu_of);
  result_.own_cpu_ns += own_cpu_ns();
  result_.machine_cpu_ns += machine_cpu_ns();
  result_.seconds = static_cast<double>(now - from_ns_) / 1e9;
}

bool Generator::done(std::int64_t now) const {
  if (options_.count > 0) {
    const bool all_asked = std::none_of(clients_.begin(), clients_.end(),
                                        [this](const Client& c) { return more_to_ask(c); });
    return all_asked && unanswered_ == 0;
  }
  return measured_ && (unanswered_ == 0 || now >= to_ns_ + drain_ns);
}

bool Generator::more_to_ask(const Client& client) const {
  return options_.count > 0 ? client.next < options_.count : !measured_;
}

void Generator::ask_next(Client& client, std::int64_t intended_ns) {
  client.connection->ask(requests_.request(client.next), {client.next, intended_ns});
  client.next += options_.connections;
}

void Generator::ask_what_is_due(std::int64_t now) {
  for (;;) {
    const std::int64_t due = start_ns_ + to_ns(static_cast<double>(due_number_) / options_.rate);
    if (due >= now) return;
    const std::size_t index = due_number_++ % clients_.size();
    clients_[index].due.push_back(due);
    ++unanswered_;
    fill(clients_[index], now);
    flush(index);
  }
}

void Generator::fill(Client& client, std::int64_t now) {
  while (client.connection->unanswered() < options_.depth) {
    if (options_.rate > 0) {
      if (client.due.empty()) return;
      ask_next(client, client.due.front());
      client.due.pop_front();
    } else {
      if (!more_to_ask(client)) return;
      ask_next(client, now);
      ++unanswered_;
    }
  }
}

void Generator::flush(std::size_t index) {
  Client& client = clients_[index];
  const bool all_sent = client.connection->flush();
  if (client.wants_write == !all_sent) return;
  client.wants_write = !all_sent;
  epoll_event event{};
  event.events = all_sent ? EPOLLIN : EPOLLIN | EPOLLOUT;
  event.data.u64 = index;
  if (epoll_ctl(epoll_, EPOLL_CTL_MOD, client.connection->fd(), &event) != 0)
    die_of_errno("epoll_ctl");
}

void Generator::read(std::size_t index) {
  Client& client = clients_[index];
  std::int64_t now = 0;  // the same for all answers of one read
  client.connection->read(options_.protocol,
                          [&](const Connection::Asked& asked, int status, std::string_view answer) {
                            if (now == 0) now = monotonic_ns();
                            answered(asked, status, answer, now);
                          });
  if (now != 0) fill(client, now);
}

void Generator::answered(const Connection::Asked& asked, int status, std::string_view answer,
                         std::int64_t now) {
  --unanswered_;
  if (!captured_.empty() && asked.number < captured_.size())
    captured_[asked.number] = header_of(answer, options_.capture);
  const std::int64_t decisive = options_.rate > 0 ? asked.intended_ns : now;
  if (decisive < from_ns_ || decisive >= to_ns_) return;
  ++result_.status[static_cast<std::size_t>(std::clamp(status, 0, 999))];
  if (status != options_.expect) return;
  result_.latency.record(now - asked.intended_ns);
  const auto second = static_cast<std::size_t>((decisive - from_ns_) / second_ns);
  if (result_.every_second.size() <= second) result_.every_second.resize(second + 1);
  ++result_.every_second[second];
}

std::int64_t Generator::next_event(std::int64_t now) const {
  if (measured_) return to_ns_ + drain_ns;
  const std::int64_t boundary = measuring_ ? to_ns_ : from_ns_;
  if (options_.rate == 0) return boundary;
  const std::int64_t due = start_ns_ + to_ns(static_cast<double>(due_number_) / options_.rate);
  return std::clamp(due, now, std::max(now, boundary));
}

void Generator::wait(std::int64_t until_ns) {
  std::array<epoll_event, 256> events;
  timespec timeout{};
  if (until_ns != never) {
    const std::int64_t rest = std::max<std::int64_t>(until_ns - monotonic_ns(), 0);
    timeout.tv_sec = rest / second_ns;
    timeout.tv_nsec = rest % second_ns;
  }
  const int ready = epoll_pwait2(epoll_, events.data(), static_cast<int>(events.size()),
                                 until_ns == never ? nullptr : &timeout, nullptr);
  if (ready < 0 && errno != EINTR) die_of_errno("epoll_wait");
  for (int i = 0; i < ready; ++i) {
    const auto index = static_cast<std::size_t>(events[static_cast<std::size_t>(i)].data.u64);
    if (events[static_cast<std::size_t>(i)].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) read(index);
    flush(index);
  }
}

}  // namespace yallchat::bench
