#include "server/server.h"

#include <fcntl.h>
#include <spdlog/spdlog.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/check.h"

namespace yallchat {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr auto timer_interval = milliseconds(100);
// Of the ten seconds in which a server must have stopped; the rest is for the store.
constexpr auto stop_timeout = seconds(6);

// To as many open files as the system lets it have; gives that number.
std::uint64_t raise_file_limit() {
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) != 0) return limits::reserved_files;
  if (files.rlim_cur == files.rlim_max) return files.rlim_cur;
  const rlim_t before = std::exchange(files.rlim_cur, files.rlim_max);
  if (setrlimit(RLIMIT_NOFILE, &files) == 0) return files.rlim_cur;
  spdlog::warn("cannot raise the limit of open files; fewer connections are accepted");
  return before;
}

ConnectionPool::Options admin_pool_options(const Config& config) {
  ConnectionPool::Options options;
  options.idle_timeout_ms = config.idle_timeout.count();
  options.connections = limits::admin_connections;
  return options;
}

ConnectionPool::Options pool_options(const Config& config) {
  // A log that cannot open its next file would refuse everything, and a crowd could bring that
  // about.
  const std::uint64_t files = raise_file_limit();
  const std::uint64_t of_admin = config.admin_socket.empty() ? 0 : 1 + limits::admin_connections;
  const std::uint64_t reserved = limits::reserved_files + config.listen.size() + of_admin;
  const std::uint64_t connections = files > reserved ? files - reserved : 1;
  return {config.max_message,
          config.header_timeout.count(),
          config.body_timeout.count(),
          config.idle_timeout.count(),
          config.connections_per_address,
          config.loopback,
          connections,
          config.cors_origins};
}

Service::Options service_options(const Config& config) {
  return {static_cast<double>(config.joins_per_second),
          {static_cast<double>(config.posts_per_second), static_cast<double>(config.posts_burst),
           config.loopback},
          config.loopback,
          config.max_message,
          config.cors_origins,
          config.public_list};
}

CommitMode commit_mode(const Config& config) {
  if (config.commit == "inline") return CommitMode::inline_always;
  return config.commit == "thread" ? CommitMode::thread_always : CommitMode::automatic;
}

Settings proposed_settings(const Config& config) {
  const std::int64_t ticks = (config.session_timeout.count() + 999) / 1000;
  return {static_cast<std::uint64_t>(ticks),
          config.max_channels,
          config.max_sessions,
          config.history,
          static_cast<std::uint64_t>(config.history_age.count()),
          config.history_bytes};
}

// On standard output. A signal to stop may come just then; whoever waits for the line gets it all
// the same. Without a standard output the server does its work.
void tell(std::string_view line) {
  while (!line.empty()) {
    const ssize_t written = ::write(STDOUT_FILENO, line.data(), line.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return spdlog::warn("nobody reads standard output: {}", std::strerror(errno));
    line.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace

Server::Server(const Config& config)
    : config_(config),
      pool_(pool_options(config), clock_,
            [this](Request& request, const Peer& peer, Responder respond) {
              service_->handle(request, peer, std::move(respond));
            }),
      admin_pool_(admin_pool_options(config), clock_,
                  [this](Request& request, const Peer&, const Responder& respond) {
                    admin_->handle(request, respond);
                  }) {}

Result<void> Server::open() {
  // A signal that comes while the log is read is obeyed when that is done, by a clean stop.
  catch_signals();
  // A port that is taken is told before anything is written.
  if (auto bound = bind(); !bound) return bound;
  if (auto data = open_data(); !data) return data;
  if (auto bound = bind_admin(); !bound) return bound;
  return serve();
}

Result<void> Server::open_data() {
  std::error_code error;
  std::filesystem::create_directories(config_.data, error);
  if (error)
    return Error{Errc::io,
                 "cannot make the data directory " + config_.data + ": " + error.message()};
  auto lock = lock_data_directory(config_.data);
  if (!lock) return lock.error();
  lock_.emplace(std::move(*lock));

  auto contents = open_store();
  if (!contents) return contents.error();
  auto machine = StateRows::load(contents->rows, contents->state_hash);
  if (!machine) return machine.error();
  if (auto opened = open_log(contents->position); !opened) return opened;
  make_parts(std::move(*machine), contents->position);
  return replica_->recover(proposed_settings(config_));
}

Result<Store::Contents> Server::open_store() {
  // The search begins behind the store, and ends before it.
  const auto wake = [this] {
    boost::asio::post(loop_, [this] {
      if (search_) search_->written();
    });
  };
  auto store = Store::open(
      {.file = std::filesystem::path(config_.data) / "yallchat.db", .on_written = wake});
  if (!store) return store.error();
  store_ = std::move(*store);
  return store_->load();
}

Result<void> Server::open_log(Index opened_after) {
  if (commit_mode(config_) != CommitMode::inline_always) commit_worker_.emplace();
  auto log = LocalLog::open(
      {.directory = config_.data + "/log",
       .disk = disk_,
       .random = random_,
       .opened_after = opened_after,
       .background = [this](std::function<void()> job) { worker_.run(std::move(job)); },
       .commit = commit_mode(config_),
       .commit_thread = [this](std::function<void()> job) { commit(std::move(job)); }});
  if (!log) return log.error();
  log_ = std::move(*log);
  return {};
}

void Server::make_parts(Machine machine, Index applied) {
  const auto to_loop = [this](std::function<void()> job) {
    boost::asio::post(loop_, std::move(job));
  };
  replica_.emplace(Replica::Options{*log_, *store_, clock_, std::move(machine), applied});
  hub_.emplace(*replica_, *store_, clock_, to_loop);
  search_ = Search::start({.store = std::filesystem::path(config_.data) / "yallchat.db",
                           .file = std::filesystem::path(config_.data) / "search.db"});
  service_.emplace(service_options(config_),
                   Service::Parts{*replica_, *hub_, *search_, clock_, random_, to_loop});
  admin_.emplace(AdminService::Options{std::filesystem::absolute(config_.data).lexically_normal(),
                                       *replica_, *store_, pool_, clock_});
}

// The loop may be waiting, and has answers to give then.
void Server::commit(std::function<void()> job) {
  commit_worker_->run([this, job = std::move(job)] {
    job();
    boost::asio::post(loop_, [] {});
  });
}

void Server::catch_signals() {
  signals_.add(SIGTERM);
  signals_.add(SIGINT);
  signals_.add(SIGHUP);  // the terminal is gone: a clean stop too
  signals_.async_wait([this](boost::system::error_code error, int signal) {
    if (error) return;
    spdlog::info("signal {}: stopping", signal);
    stopping_ = true;
  });
}

Result<void> Server::bind() {
  for (const std::string& address : config_.listen) {
    auto listener = Listener::bind(loop_, pool_, address);
    if (!listener) return listener.error();
    listeners_.push_back(std::move(*listener));
  }
  return {};
}

// Who has the lock may take the socket: who had it before is gone.
Result<void> Server::bind_admin() {
  const std::string path = admin_socket_path(config_);
  if (path.empty()) return {};
  auto listener = Listener::bind_path(loop_, admin_pool_, path);
  if (!listener) return listener.error();
  admin_listener_ = std::move(*listener);
  return {};
}

Result<void> Server::serve() {
  for (const auto& listener : listeners_)
    if (auto listening = listener->listen(); !listening) return listening;
  if (admin_listener_)
    if (auto listening = admin_listener_->listen(); !listening) return listening;
  for (const auto& listener : listeners_) {
    if (!listener->loopback())
      spdlog::warn(
          "{} is reachable beyond this machine WITHOUT TLS: keys and messages can be read on the "
          "way; put a TLS proxy before it",
          listener->url());
    tell("listening on " + listener->url() + "\n");
  }
  return {};
}

void Server::run() {
  await(pool_, connections_);
  await(admin_pool_, admin_connections_);
  on_timer();
  while (!stopping_) turn();
  stop();
}

// The loop looks at all connections of a pool as at one descriptor.
void Server::await(ConnectionPool& pool, boost::asio::posix::stream_descriptor& readable) {
  if (!readable.is_open()) {
    const int fd = ::fcntl(pool.readable_fd(), F_DUPFD_CLOEXEC, 0);
    CHECK(fd >= 0, "there is a file left at the start");
    readable.assign(fd);
  }
  readable.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                      [this, &pool, &readable](boost::system::error_code error) {
                        if (error) return;
                        clock_.look();  // the loop may have waited
                        // Before the next wait, or that would find it readable at once.
                        pool.receive();
                        await(pool, readable);
                      });
}

void Server::on_timer() {
  clock_.look();
  pool_.sweep();
  admin_pool_.sweep();
  timer_.expires_after(timer_interval);
  timer_.async_wait([this](boost::system::error_code error) {
    if (!error) on_timer();
  });
}

// All that is ready is read before anything is appended, so that one sync serves all who wait.
void Server::turn() {
  clock_.look();
  pool_.begin_turn();
  admin_pool_.begin_turn();
  // What was sent in the last turn may have let a held request go on: it waits for nothing else.
  if (pool_.receive() == 0 && !has_work()) loop_.run_one();
  loop_.poll();
  hub_->turn();
  replica_->turn();
  pool_.flush();
  admin_pool_.flush();
  hub_->streams().serve();
}

bool Server::has_work() const {
  return replica_->has_work() || pool_.has_work() || admin_pool_.has_work() ||
         std::as_const(*hub_).streams().has_work();
}

void Server::stop() {
  for (const auto& listener : listeners_) listener->stop();
  if (admin_listener_) admin_listener_->stop();
  hub_->stop();
  pool_.stop();
  admin_pool_.stop();
  wait_for_connections();
  replica_->flush();
  hub_->save_cursors();
  replica_->turn();
  replica_->flush();
  pool_.flush();
  admin_pool_.flush();
  pool_.close();
  admin_pool_.close();
  spdlog::info("stopped");
}

void Server::wait_for_connections() {
  const Monotonic until = clock_.monotonic() + stop_timeout;
  const auto left = [this] { return pool_.size() + admin_pool_.size(); };
  while (left() != 0 && clock_.monotonic() < until) turn();
  if (left() != 0) spdlog::warn("{} connections did not finish in time", left());
}

}  // namespace yallchat
