// SPDX-License-Identifier: GPL-3.0-or-later
#include "unit/http/client.h"

#include <netinet/in.h>
#include <openssl/err.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <stdexcept>

namespace sekisho::tests {
namespace {

void set_timeout(int socket) {
  const timeval patience{10, 0};
  ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  ::setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
}

}  // namespace

Client::Client(std::uint16_t port, ReceiveBuffer buffer)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  set_timeout(socket_.get());
  if (buffer == ReceiveBuffer::tiny) {
    const int bytes = 4096;
    ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
  }
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    throw std::runtime_error("cannot connect");
  }
}

Client::Client(const std::filesystem::path& unix_socket)
    : socket_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  set_timeout(socket_.get());
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, unix_socket.c_str(), sizeof address.sun_path - 1);
  if (::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    throw std::runtime_error("cannot connect");
  }
}

bool Client::start_tls(const Tls& wish) {
  std::signal(SIGPIPE, SIG_IGN);  // OpenSSL's own socket writes have no MSG_NOSIGNAL
  context_.reset(SSL_CTX_new(TLS_client_method()));
  SSL_CTX_set_min_proto_version(context_.get(), wish.min_version);
  SSL_CTX_set_max_proto_version(context_.get(), wish.max_version);
  SSL_CTX_set_security_level(context_.get(), 0);
  if (wish.suites != nullptr) SSL_CTX_set_cipher_list(context_.get(), wish.suites);
  if (wish.certificate != nullptr) {
    SSL_CTX_use_certificate(context_.get(), wish.certificate->certificate.get());
    SSL_CTX_use_PrivateKey(context_.get(), wish.certificate->key.get());
  }
  if (wish.sent_along != nullptr) {
    SSL_CTX_add1_chain_cert(context_.get(), wish.sent_along->certificate.get());
  }
  ssl_.reset(SSL_new(context_.get()));
  SSL_set_fd(ssl_.get(), socket_.get());
  if (!wish.alpn.empty()) {
    std::string list(1, static_cast<char>(wish.alpn.size()));
    list += wish.alpn;
    SSL_set_alpn_protos(ssl_.get(), reinterpret_cast<const unsigned char*>(list.data()),
                        static_cast<unsigned>(list.size()));
  }
  if (wish.resume != nullptr) SSL_set_session(ssl_.get(), wish.resume);
  const bool done = SSL_connect(ssl_.get()) == 1;
  ERR_clear_error();
  return done;
}

bool Client::send(std::string_view bytes) {
  while (!bytes.empty()) {
    std::size_t sent = 0;
    if (ssl_) {
      if (SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &sent) != 1) return false;
    } else {
      const ssize_t result = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (result <= 0) return false;
      sent = static_cast<std::size_t>(result);
    }
    bytes.remove_prefix(sent);
  }
  return true;
}

bool Client::request(std::string_view line, std::string_view headers) {
  std::string text(line);
  text.append("\r\nHost: gateway.test\r\n").append(headers).append("\r\n");
  return send(text);
}

bool Client::read_some(std::size_t limit) {
  std::array<char, 65536> piece{};
  const std::size_t room = std::min(limit, piece.size());
  if (ssl_) {
    std::size_t count = 0;
    const int result = SSL_read_ex(ssl_.get(), piece.data(), room, &count);
    if (result != 1) {
      const int error = SSL_get_error(ssl_.get(), result);
      ending_ = error == SSL_ERROR_ZERO_RETURN ? Ending::proper
                : errno == EAGAIN              ? Ending::open
                                               : Ending::torn;
      ERR_clear_error();
      return false;
    }
    buffer_.append(piece.data(), count);
    return true;
  }
  const ssize_t count = ::recv(socket_.get(), piece.data(), room, 0);
  if (count > 0) {
    buffer_.append(piece.data(), static_cast<std::size_t>(count));
    return true;
  }
  ending_ = count == 0 ? Ending::proper : errno == ECONNRESET ? Ending::torn : Ending::open;
  return false;
}

bool Client::read_until(std::string_view delimiter, std::string& into) {
  std::size_t at = 0;
  while ((at = buffer_.find(delimiter)) == std::string::npos) {
    if (!read_some()) return false;
  }
  into = buffer_.substr(0, at);
  buffer_.erase(0, at + delimiter.size());
  return true;
}

bool Client::read_exactly(std::size_t count, std::string& into) {
  while (buffer_.size() < count) {
    if (!read_some()) return false;
  }
  into.append(buffer_, 0, count);
  buffer_.erase(0, count);
  return true;
}

Answer Client::answer(Expect expect) {
  Answer answer;
  std::string head;
  if (!read_until("\r\n\r\n", head)) return answer;
  answer.status = std::stoi(head.substr(head.find(' ') + 1));
  for (std::size_t at = head.find("\r\n"); at != std::string::npos;) {
    const std::size_t next = head.find("\r\n", at + 2);
    const std::string line = head.substr(at + 2, next == std::string::npos ? next : next - at - 2);
    std::string name = line.substr(0, line.find(':'));
    std::transform(name.begin(), name.end(), name.begin(), ::tolower);
    answer.headers[name] = line.substr(line.find(':') + 2);
    at = next;
  }
  if (expect == Expect::head_only) return answer;
  if (answer.headers.contains("content-length")) {
    if (!read_exactly(std::stoul(answer.headers["content-length"]), answer.body)) answer.status = 0;
  } else if (answer.headers.contains("transfer-encoding")) {
    for (;;) {
      std::string size_line;
      std::string chunk;
      if (!read_until("\r\n", size_line) ||
          !read_exactly(std::stoul(size_line, nullptr, 16) + 2, chunk)) {
        answer.status = 0;
        return answer;
      }
      if (chunk.size() == 2) break;
      answer.body.append(chunk, 0, chunk.size() - 2);
    }
  }
  return answer;
}

Ending Client::read_to_end() {
  while (read_some()) {
  }
  return ending_;
}

void Client::vanish() { socket_ = http::Descriptor(); }

}  // namespace sekisho::tests
