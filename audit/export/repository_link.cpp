// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/export/repository_link.h"

#include <netdb.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <ctime>
#include <memory>
#include <system_error>
#include <utility>

#include "core/steady_clock.h"

namespace sekisho::audit {
namespace {

using std::chrono::milliseconds;
using Clock = core::SteadyClock;

constexpr milliseconds kConnectTime{10'000};
constexpr milliseconds kHandshakeTime{10'000};
constexpr milliseconds kStalledTime{30'000};
constexpr milliseconds kCloseTime{20'000};

/// BCP 195 (RFC 9325 §4.2): forward secrecy and authenticated encryption only.
constexpr const char* kTls12Suites =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
    "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";

struct SslContextDeleter {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
using SslContext = std::unique_ptr<SSL_CTX, SslContextDeleter>;
struct SslDeleter {
  void operator()(SSL* ssl) const { SSL_free(ssl); }
};
using Ssl = std::unique_ptr<SSL, SslDeleter>;
struct AddressesDeleter {
  void operator()(addrinfo* addresses) const { ::freeaddrinfo(addresses); }
};
using Addresses = std::unique_ptr<addrinfo, AddressesDeleter>;

class Socket {
 public:
  explicit Socket(int descriptor) : descriptor_(descriptor) {}
  ~Socket() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  Socket(Socket&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  Socket& operator=(Socket&&) = delete;
  int get() const { return descriptor_; }

 private:
  int descriptor_;
};

/// What the system or OpenSSL says went wrong last, without the file or the data it went wrong
/// with.
std::string system_reason(int error) { return std::generic_category().message(error); }

std::string tls_reason(SSL* ssl) {
  if (const long verified = SSL_get_verify_result(ssl); verified != X509_V_OK) {
    return std::string("its certificate is not accepted: ") +
           X509_verify_cert_error_string(verified);
  }
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  return reason == nullptr ? "the connection was closed" : reason;
}

/// Waits until the socket is ready. Throws LinkError at the deadline and when told to stop.
void wait_for(int socket, short events, Clock::time_point deadline, const StopSignal& stop) {
  std::array<pollfd, 2> waiting{{{socket, events, 0}, {stop.descriptor(), POLLIN, 0}}};
  for (;;) {
    const auto left = std::chrono::ceil<milliseconds>(deadline - Clock::now());
    if (left.count() <= 0) throw LinkError("The audit repository does not answer in time.");
    const int ready = ::poll(waiting.data(), waiting.size(), static_cast<int>(left.count()));
    if (ready < 0 && errno != EINTR) throw LinkError(system_reason(errno));
    if (ready > 0 && waiting[1].revents != 0) throw LinkError("Sending was stopped.");
    if (ready > 0) return;
  }
}

/// What a thread of the C library asks name servers. They may take half a minute to be given up,
/// and nothing ends that: whoever cannot wait leaves the question to that thread.
class Question {
 public:
  explicit Question(const RepositoryAddress& address)
      : host_(address.host), port_(std::to_string(address.port)) {
    hints_.ai_family = AF_UNSPEC;
    hints_.ai_socktype = SOCK_STREAM;
    question_.ar_name = host_.c_str();
    question_.ar_service = port_.c_str();
    question_.ar_request = &hints_;
  }
  ~Question() { take_answer(); }
  Question(const Question&) = delete;
  Question& operator=(const Question&) = delete;

  /// Of getaddrinfo(3), as are the errors below.
  int ask() {
    gaicb* all = &question_;
    return ::getaddrinfo_a(GAI_NOWAIT, &all, 1, nullptr);
  }
  int wait_for(milliseconds time) {
    const gaicb* all = &question_;
    const timespec most{0, std::chrono::nanoseconds(time).count()};
    ::gai_suspend(&all, 1, &most);
    return ::gai_error(&question_);
  }
  /// False where it is being asked.
  bool take_back() { return ::gai_cancel(&question_) != EAI_NOTCANCELED; }
  Addresses take_answer() { return Addresses(std::exchange(question_.ar_result, nullptr)); }

 private:
  const std::string host_, port_;
  addrinfo hints_{};
  gaicb question_{};
};

Addresses resolve(const RepositoryAddress& address, const StopSignal& stop) {
  constexpr milliseconds kGlance{100};
  auto question = std::make_unique<Question>(address);
  int error = question->ask();
  if (error == 0) error = question->wait_for(kGlance);
  while (error == EAI_INPROGRESS) {
    if (stop.wait(milliseconds{0})) {
      if (!question->take_back()) static_cast<void>(question.release());
      throw LinkError("Sending was stopped.");
    }
    error = question->wait_for(kGlance);
  }
  if (error != 0) {
    throw LinkError(std::string("The audit repository's address is not found: ") +
                    ::gai_strerror(error) + ".");
  }
  return question->take_answer();
}

/// -1 and errno where it is refused.
Socket connect_to(const addrinfo& address, const StopSignal& stop) {
  Socket socket(::socket(address.ai_family, address.ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC,
                         address.ai_protocol));
  if (socket.get() < 0) return socket;
  if (::connect(socket.get(), address.ai_addr, address.ai_addrlen) == 0) return socket;
  if (errno != EINPROGRESS) return Socket(-1);
  wait_for(socket.get(), POLLOUT, Clock::now() + kConnectTime, stop);
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &size);
  if (error == 0) return socket;
  errno = error;
  return Socket(-1);
}

Socket connect(const RepositoryAddress& address, const StopSignal& stop) {
  const Addresses addresses = resolve(address, stop);
  int error = 0;
  for (const addrinfo* next = addresses.get(); next != nullptr; next = next->ai_next) {
    Socket socket = connect_to(*next, stop);
    if (socket.get() >= 0) return socket;
    error = errno;
  }
  throw LinkError("The audit repository cannot be reached: " + system_reason(error) + ".");
}

/// One TLS session over one connection.
class Session {
 public:
  Session(SSL_CTX* context, const RepositoryAddress& address, const StopSignal& stop)
      : stop_(stop), socket_(connect(address, stop)), ssl_(SSL_new(context)) {
    if (!ssl_ || SSL_set_fd(ssl_.get(), socket_.get()) != 1 || !expect_name(address.host)) {
      throw LinkError("The TLS library has no memory.");
    }
    ERR_clear_error();
    repeat(kHandshakeTime, [this] { return SSL_connect(ssl_.get()); });
  }

  void write(std::string_view data) {
    while (!data.empty()) {
      std::size_t written = 0;
      repeat(kStalledTime,
             [&] { return SSL_write_ex(ssl_.get(), data.data(), data.size(), &written); });
      data.remove_prefix(written);
    }
  }

  /// Says that nothing more comes and waits until the other side has read that.
  void close() {
    const auto deadline = Clock::now() + kCloseTime;
    repeat(kCloseTime, [this] { return SSL_shutdown(ssl_.get()) < 0 ? -1 : 1; });
    std::array<char, 256> ignored{};  // a syslog server sends nothing; session tickets are not data
    for (;;) {
      std::size_t read = 0;
      errno = 0;
      if (SSL_read_ex(ssl_.get(), ignored.data(), ignored.size(), &read) == 1) continue;
      const int error = SSL_get_error(ssl_.get(), 0);
      if (error == SSL_ERROR_ZERO_RETURN || ended_quietly(error)) return;
      await(error, deadline);
    }
  }

 private:
  bool expect_name(const std::string& host) {
    X509_VERIFY_PARAM* const expected = SSL_get0_param(ssl_.get());
    if (X509_VERIFY_PARAM_set1_ip_asc(expected, host.c_str()) == 1) return true;
    ERR_clear_error();
    SSL_set_hostflags(ssl_.get(), X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    return SSL_set1_host(ssl_.get(), host.c_str()) == 1 &&
           SSL_set_tlsext_host_name(ssl_.get(), host.c_str()) == 1;
  }

  /// The end of the stream without a close_notify. A socket closed with something unread resets the
  /// connection instead, which is an error (tcp(7), RFC 1122 §4.2.2.13).
  bool ended_quietly(int error) const {
    if (error == SSL_ERROR_SYSCALL) return ERR_peek_error() == 0 && errno == 0;
    return error == SSL_ERROR_SSL &&
           ERR_GET_REASON(ERR_peek_last_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING;
  }

  template <class Step>
  void repeat(milliseconds patience, Step step) {
    const auto deadline = Clock::now() + patience;
    for (int done = step(); done != 1; done = step()) {
      await(SSL_get_error(ssl_.get(), done), deadline);
    }
  }

  void await(int error, Clock::time_point deadline) const {
    if (error == SSL_ERROR_WANT_READ) return wait_for(socket_.get(), POLLIN, deadline, stop_);
    if (error == SSL_ERROR_WANT_WRITE) return wait_for(socket_.get(), POLLOUT, deadline, stop_);
    const std::string reason =
        error == SSL_ERROR_SYSCALL && errno != 0 ? system_reason(errno) : tls_reason(ssl_.get());
    throw LinkError("The TLS connection to the audit repository failed: " + reason + ".");
  }

  const StopSignal& stop_;
  const Socket socket_;
  const Ssl ssl_;
};

/// Never asks at a terminal, as OpenSSL's own callback does.
int no_passphrase(char*, int, int, void*) { return -1; }

void demand(bool holds, const char* otherwise) {
  if (!holds) throw LinkError(otherwise);
}

/// `done` is 1 where OpenSSL has taken the file. Otherwise the file's rights are the likely reason.
void take(const core::ConfiguredPath& file, const char* what,
          std::optional<core::SetupTrouble> (*trouble_in)(const core::ConfiguredPath&,
                                                          std::string_view),
          int done, const char* otherwise) {
  if (const auto trouble = trouble_in(file, what)) throw LinkError(trouble->what());
  if (done == 1) return;
  throw LinkError(core::SetupTrouble({std::string(what) + " cannot be used", file.path.string(),
                                      file.setting, otherwise, "Put the right file in place."})
                      .what());
}

}  // namespace

StopSignal::StopSignal() : descriptor_(::eventfd(0, EFD_CLOEXEC)) {
  if (descriptor_ < 0) throw LinkError("No more files can be opened: " + system_reason(errno));
}

StopSignal::~StopSignal() { ::close(descriptor_); }

void StopSignal::raise() { ::eventfd_write(descriptor_, 1); }

bool StopSignal::wait(milliseconds time) const {
  pollfd waiting{descriptor_, POLLIN, 0};
  return ::poll(&waiting, 1, static_cast<int>(time.count())) > 0;
}

struct RepositoryLink::Context {
  explicit Context(const RepositoryAddress& address) : ssl(SSL_CTX_new(TLS_client_method())) {
    demand(ssl && SSL_CTX_set_min_proto_version(ssl.get(), TLS1_2_VERSION) == 1 &&
               SSL_CTX_set_cipher_list(ssl.get(), kTls12Suites) == 1,
           "The TLS library has no memory.");
    SSL_CTX_set_verify(ssl.get(), SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_session_cache_mode(ssl.get(), SSL_SESS_CACHE_OFF);
    SSL_CTX_set_default_passwd_cb(ssl.get(), no_passphrase);
    take(address.authorities, "The list of authorities", core::trouble_reading,
         SSL_CTX_load_verify_file(ssl.get(), address.authorities.path.c_str()),
         "it holds no certificate in PEM");
    take(address.certificate, "The client certificate", core::trouble_reading,
         SSL_CTX_use_certificate_chain_file(ssl.get(), address.certificate.path.c_str()),
         "it holds no certificate in PEM");
    take(address.private_key, "The client certificate's key", core::trouble_reading_key,
         SSL_CTX_use_PrivateKey_file(ssl.get(), address.private_key.path.c_str(), SSL_FILETYPE_PEM),
         "it is not a private key in PEM without a passphrase, or that of another certificate");
  }
  SslContext ssl;
};

RepositoryLink::RepositoryLink(RepositoryAddress address, const StopSignal& stop)
    : address_(std::move(address)), stop_(stop) {}

RepositoryLink::~RepositoryLink() = default;

void RepositoryLink::deliver(std::string_view frames) {
  ERR_clear_error();  // the queue of this thread, which is ours
  try {
    if (!context_) context_ = std::make_unique<Context>(address_);
    Session session(context_->ssl.get(), address_, stop_);
    session.write(frames);
    session.close();
  } catch (const LinkError&) {
    context_.reset();
    ERR_clear_error();
    throw;
  }
}

}  // namespace sekisho::audit
