// Which of many sockets have become readable or writable: one edge-triggered epoll (epoll(7)).
//
// A watched socket costs a system call when it comes, and none afterwards: each change is told
// once, and who is told remembers it until a read or a write says otherwise. Closing a socket ends
// its watch.
//
// Owner: the connection pool. The loop's thread only.
#pragma once

#include <cstddef>

namespace yallchat {

class Readiness {
 public:
  struct Change {
    bool readable;
    bool writable;
    bool ended;  // the other end sends no more, or the connection is broken: a read says which
  };
  class Watcher {
   public:
    virtual void on_ready(Change change) = 0;

   protected:
    ~Watcher() = default;
  };

  Readiness();
  ~Readiness();
  Readiness(const Readiness&) = delete;
  Readiness& operator=(const Readiness&) = delete;

  // A descriptor that is readable while dispatch() has something to tell.
  int fd() const { return epoll_; }

  // The watcher must outlive the dispatch in which its socket is closed. False: the system is out
  // of memory for it.
  bool watch(int fd, Watcher& watcher);
  // Tells all that has changed, and returns how many sockets that was. Does not wait.
  std::size_t dispatch();

 private:
  int epoll_;
};

}  // namespace yallchat
