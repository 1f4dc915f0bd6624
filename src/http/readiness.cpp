#include "http/readiness.h"

#include <sys/epoll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <span>

#include "base/check.h"

namespace yallchat {
namespace {

constexpr int changes_at_once = 256;

}  // namespace

Readiness::Readiness() : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
  CHECK(epoll_ >= 0, "the system gives an epoll");
}

Readiness::~Readiness() {
  ::close(epoll_);
}

bool Readiness::watch(int fd, Watcher& watcher) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.ptr = &watcher;
  return ::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event) == 0;
}

std::size_t Readiness::dispatch() {
  std::array<epoll_event, changes_at_once> events;
  std::size_t told = 0;
  for (;;) {
    const int count = ::epoll_wait(epoll_, events.data(), changes_at_once, 0);
    CHECK(count >= 0 || errno == EINTR, "an epoll of ours can be asked");
    if (count <= 0) return told;
    for (const epoll_event& event : std::span(events).first(static_cast<std::size_t>(count))) {
      const bool ended = (event.events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
      static_cast<Watcher*>(event.data.ptr)
          ->on_ready({(event.events & EPOLLIN) != 0 || ended,
                      (event.events & EPOLLOUT) != 0 || ended, ended});
    }
    told += static_cast<std::size_t>(count);
    if (count < changes_at_once) return told;
  }
}

}  // namespace yallchat
