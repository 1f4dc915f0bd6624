// A server: every part wired together, and the loop that drives them.
//
// One turn of the loop reads all that is ready, appends and syncs once, applies, answers, and sends
// once to each connection. Main thread; only the store and the log's background jobs have threads
// of their own.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <vector>

#include "admin/admin_service.h"
#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "http/connection_pool.h"
#include "http/listener.h"
#include "http/service.h"
#include "hub/hub.h"
#include "log/local_log.h"
#include "log/lock.h"
#include "log/posix_disk.h"
#include "replica/replica.h"
#include "search/search.h"
#include "server/config.h"
#include "server/worker.h"
#include "store/store.h"

namespace yallchat {

class Server {
 public:
  explicit Server(const Config& config);

  // Takes the ports, the data directory and the admin socket, and recovers what was there. Error:
  // what the operator must know.
  Result<void> open();
  // Serves until a signal to stop, then finishes what was begun.
  void run();

 private:
  Result<void> open_data();
  Result<Store::Contents> open_store();
  Result<void> open_log(Index opened_after);
  void make_parts(Machine machine, Index applied);
  void commit(std::function<void()> job);
  Result<void> bind();
  Result<void> bind_admin();
  Result<void> serve();
  void catch_signals();
  void await(ConnectionPool& pool, boost::asio::posix::stream_descriptor& readable);
  void on_timer();
  void turn();
  bool has_work() const;
  void stop();
  void wait_for_connections();

  const Config config_;
  SystemClock system_clock_;
  LoopClock clock_{system_clock_};
  SystemRandom random_;
  PosixDisk disk_;
  std::optional<DataDirectoryLock> lock_;
  ConnectionPool pool_;
  ConnectionPool admin_pool_;  // of its own, so that no crowd keeps an operator out
  boost::asio::io_context loop_{1};
  boost::asio::posix::stream_descriptor connections_{loop_};  // readable: the pool has something
  boost::asio::posix::stream_descriptor admin_connections_{loop_};
  boost::asio::signal_set signals_{loop_};
  boost::asio::steady_timer timer_{loop_};
  Worker worker_;  // runs the log's background jobs
  std::optional<Worker> commit_worker_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<LocalLog> log_;
  std::unique_ptr<Search> search_;
  std::optional<Replica> replica_;
  std::optional<Hub> hub_;
  std::optional<Service> service_;
  std::optional<AdminService> admin_;
  std::vector<std::unique_ptr<Listener>> listeners_;
  std::unique_ptr<Listener> admin_listener_;  // or none
  bool stopping_ = false;
};

}  // namespace yallchat
