#include "client/http.h"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "base/check.h"
#include "base/limits.h"
#include "client/trimmed.h"

namespace yallchat {

struct HttpTransfer {
  Transport::RequestId id = 0;
  CURL* easy = nullptr;
  curl_slist* fields = nullptr;
  HttpRequest request;
  HttpAnswer answer;
  std::size_t head_bytes = 0;
  bool too_large = false;
  std::array<char, CURL_ERROR_SIZE> error{};
  Transport::Done done;

  ~HttpTransfer() {
    curl_easy_cleanup(easy);
    curl_slist_free_all(fields);
  }
};

namespace {

// curl's callbacks: any count but the one given aborts the transfer.
std::size_t take_header(char* data, std::size_t size, std::size_t count, void* to) {
  auto& transfer = *static_cast<HttpTransfer*>(to);
  const std::string_view line(data, size * count);
  transfer.head_bytes += line.size();
  transfer.too_large = transfer.head_bytes > limits::client_head_bytes;
  if (transfer.too_large) return 0;
  const auto colon = line.find(':');
  if (line.starts_with("HTTP/")) {
    transfer.answer.headers.clear();  // what came before was a 100
  } else if (colon != std::string_view::npos) {
    std::string name(trimmed(line.substr(0, colon)));
    std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::tolower(c); });
    transfer.answer.headers.emplace_back(std::move(name), trimmed(line.substr(colon + 1)));
  }
  return line.size();
}

std::size_t take_body(char* data, std::size_t size, std::size_t count, void* to) {
  auto& transfer = *static_cast<HttpTransfer*>(to);
  const std::string_view part(data, size * count);
  transfer.too_large = transfer.answer.body.size() + part.size() > limits::client_answer_bytes;
  if (transfer.too_large) return 0;
  transfer.answer.body.append(part);
  return part.size();
}

// Whether no byte of the request can have left.
bool failed_before_sending(CURLcode code, CURL* easy) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION: return true;
    default: break;
  }
  curl_off_t begun = 0;
  curl_easy_getinfo(easy, CURLINFO_PRETRANSFER_TIME_T, &begun);
  return begun == 0;
}

std::string words_of(const HttpTransfer& transfer, CURLcode code) {
  if (transfer.too_large) return "the answer is larger than this program takes";
  std::string words = transfer.error[0] != '\0' ? transfer.error.data() : curl_easy_strerror(code);
  // What OpenSSL says of an answer that is no TLS.
  if (code == CURLE_SSL_CONNECT_ERROR && words.find("wrong version number") != words.npos)
    words = "the server does not speak TLS there; try http:// (" + words + ")";
  return words;
}

int status_of(CURL* easy) {
  long status = 0;
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
  return static_cast<int>(status);
}

HttpOutcome outcome_of(HttpTransfer& transfer, CURLcode code) {
  HttpOutcome outcome;
  if (code == CURLE_OK) {
    transfer.answer.status = status_of(transfer.easy);
    outcome.answer = std::move(transfer.answer);
    return outcome;
  }
  outcome.failure.message = words_of(transfer, code);
  outcome.failure.may_have_arrived = !failed_before_sending(code, transfer.easy);
  outcome.failure.timed_out = code == CURLE_OPERATION_TIMEDOUT;
  return outcome;
}

template <class Value>
void set(CURL* easy, CURLoption option, Value value) {
  const CURLcode code = curl_easy_setopt(easy, option, value);
  CHECK(code == CURLE_OK, curl_easy_strerror(code));
}

void add_field(HttpTransfer& transfer, const std::string& line) {
  curl_slist* const longer = curl_slist_append(transfer.fields, line.c_str());
  CHECK(longer != nullptr, "out of memory");
  transfer.fields = longer;
}

void set_request(HttpTransfer& transfer, const CurlTransport::Options& options) {
  CURL* const easy = transfer.easy;
  const HttpRequest& request = transfer.request;
  set(easy, CURLOPT_URL, request.url.c_str());
  set(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  set(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(easy, CURLOPT_PATH_AS_IS, 1L);
  set(easy, CURLOPT_USERAGENT, options.user_agent.c_str());
  if (!options.unix_socket.empty())
    set(easy, CURLOPT_UNIX_SOCKET_PATH, options.unix_socket.c_str());
  set(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(limits::client_connect_timeout_ms));
  set(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(request.timeout.count()));
  for (const auto& [name, value] : request.headers) add_field(transfer, name + ": " + value);
  add_field(transfer, "Expect:");  // an empty value removes what curl would add by itself
  if (request.method != "GET") {
    // POSTFIELDS under another method is curl's way to a request with an exact Content-Length, 0
    // included.
    set(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    set(easy, CURLOPT_POSTFIELDS, request.body.data());
    set(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
    if (request.body.empty()) add_field(transfer, "Content-Type:");
  }
  if (!request.keep_alive) {
    add_field(transfer, "Connection: close");
    set(easy, CURLOPT_FRESH_CONNECT, 1L);
    set(easy, CURLOPT_FORBID_REUSE, 1L);
  }
  set(easy, CURLOPT_HTTPHEADER, transfer.fields);
}

void set_callbacks(HttpTransfer& transfer) {
  CURL* const easy = transfer.easy;
  set(easy, CURLOPT_NOSIGNAL, 1L);
  set(easy, CURLOPT_ERRORBUFFER, transfer.error.data());
  set(easy, CURLOPT_HEADERFUNCTION, &take_header);
  set(easy, CURLOPT_HEADERDATA, &transfer);
  set(easy, CURLOPT_WRITEFUNCTION, &take_body);
  set(easy, CURLOPT_WRITEDATA, &transfer);
  set(easy, CURLOPT_PRIVATE, &transfer);
  set(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
}

}  // namespace

CurlTransport::CurlTransport(Options options) : options_(std::move(options)) {
  CHECK(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK, "libcurl does not start");
  multi_ = curl_multi_init();
  CHECK(multi_ != nullptr, "libcurl does not start");
  curl_multi_setopt(multi_, CURLMOPT_MAX_HOST_CONNECTIONS, static_cast<long>(options_.connections));
}

CurlTransport::~CurlTransport() {
  for (const auto& [id, transfer] : transfers_) curl_multi_remove_handle(multi_, transfer->easy);
  transfers_.clear();
  curl_multi_cleanup(multi_);
  curl_global_cleanup();
}

Transport::RequestId CurlTransport::start(HttpRequest request, Done done) {
  auto transfer = std::make_shared<HttpTransfer>();
  transfer->id = ++last_id_;
  transfer->easy = curl_easy_init();
  CHECK(transfer->easy != nullptr, "out of memory");
  transfer->request = std::move(request);
  transfer->done = std::move(done);
  set_callbacks(*transfer);
  set_request(*transfer, options_);
  if (options_.trace) options_.trace("> " + transfer->request.method + " " + transfer->request.url);
  CHECK(curl_multi_add_handle(multi_, transfer->easy) == CURLM_OK, "libcurl takes a transfer");
  transfers_.emplace(last_id_, std::move(transfer));
  return last_id_;
}

void CurlTransport::cancel(RequestId id) {
  const auto found = transfers_.find(id);
  if (found == transfers_.end()) return;
  curl_multi_remove_handle(multi_, found->second->easy);
  transfers_.erase(found);
}

void CurlTransport::wait(std::chrono::milliseconds timeout, std::span<Watched> watched) {
  std::vector<curl_waitfd> fds;
  for (const Watched& one : watched)
    fds.push_back({one.fd, one.output ? short{CURL_WAIT_POLLOUT} : short{CURL_WAIT_POLLIN}, 0});
  curl_multi_poll(multi_, fds.data(), static_cast<unsigned>(fds.size()),
                  static_cast<int>(timeout.count()), nullptr);
  for (std::size_t i = 0; i < watched.size(); ++i) watched[i].readable = fds[i].revents != 0;
}

// From outside of libcurl's own callbacks, in which no transfer can be cancelled.
void CurlTransport::give_parts() {
  std::vector<std::shared_ptr<HttpTransfer>> with_parts;
  for (const auto& [id, transfer] : transfers_)
    if (transfer->request.part && !transfer->answer.body.empty()) with_parts.push_back(transfer);
  for (const auto& transfer : with_parts) {
    if (!transfers_.contains(transfer->id)) continue;  // cancelled by the one before
    transfer->answer.status = status_of(transfer->easy);
    const std::string part = std::exchange(transfer->answer.body, {});
    transfer->request.part(transfer->answer, part);
  }
}

void CurlTransport::perform() {
  int running = 0;
  curl_multi_perform(multi_, &running);
  give_parts();
  int left = 0;
  while (const CURLMsg* const message = curl_multi_info_read(multi_, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    const CURLcode code = message->data.result;  // the message dies with the handle's removal
    HttpTransfer* transfer = nullptr;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
    const auto found = transfers_.find(transfer->id);
    CHECK(found != transfers_.end(), "a transfer of ours");
    const std::shared_ptr<HttpTransfer> owned = std::move(found->second);
    transfers_.erase(found);
    curl_multi_remove_handle(multi_, owned->easy);
    HttpOutcome outcome = outcome_of(*owned, code);
    if (options_.trace)
      options_.trace(
          "< " +
          (outcome.answer ? std::to_string(outcome.answer->status) : outcome.failure.message) +
          " " + owned->request.method + " " + owned->request.url);
    owned->done(std::move(outcome));
  }
}

}  // namespace yallchat
