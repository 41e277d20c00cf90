// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/channel.h"

#include <openssl/err.h>
#include <openssl/x509.h>
#include <sys/sendfile.h>
#include <sys/socket.h>

#include <cerrno>
#include <stdexcept>

namespace sekisho::http {
namespace {

IoResult outcome_in_clear(ssize_t result, Io would_block) {
  if (result > 0) return {Io::done, static_cast<std::size_t>(result)};
  if (result == 0) return {Io::ended, 0};
  if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) return {would_block, 0};
  return {Io::failed, 0};
}

}  // namespace

Channel::Channel(int descriptor, SSL_CTX& context)
    : descriptor_(descriptor), ssl_(SSL_new(&context)) {
  if (!ssl_ || SSL_set_fd(ssl_.get(), descriptor) != 1) {
    ERR_clear_error();
    throw std::runtime_error("OpenSSL cannot make a connection");
  }
  SSL_set_accept_state(ssl_.get());
}

IoResult Channel::outcome(int result, std::size_t bytes) {
  if (result > 0) return {Io::done, bytes};
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      return {Io::wants_read, 0};
    case SSL_ERROR_WANT_WRITE:
      return {Io::wants_write, 0};
    case SSL_ERROR_ZERO_RETURN:
      return {Io::ended, 0};
    default:
      broken_ = true;
      ERR_clear_error();
      return {Io::failed, 0};
  }
}

Io Channel::handshake() {
  if (!ssl_) return Io::done;
  ERR_clear_error();
  return outcome(SSL_do_handshake(ssl_.get()), 0).io;
}

IoResult Channel::read(std::span<core::Byte> into) {
  if (!ssl_) return read_below_tls(into);
  ERR_clear_error();
  std::size_t bytes = 0;
  const int result = SSL_read_ex(ssl_.get(), into.data(), into.size(), &bytes);
  return outcome(result, bytes);
}

IoResult Channel::write(core::ByteView from, More more) {
  if (!ssl_) {
    const int flags = MSG_NOSIGNAL | (more == More::at_once ? MSG_MORE : 0);
    return outcome_in_clear(::send(descriptor_, from.data(), from.size(), flags), Io::wants_write);
  }
  ERR_clear_error();
  std::size_t bytes = 0;
  const int result = SSL_write_ex(ssl_.get(), from.data(), from.size(), &bytes);
  return outcome(result, bytes);
}

IoResult Channel::send_file(int file, std::uint64_t offset, std::uint64_t size_bytes) {
  auto from = static_cast<off_t>(offset);
  return outcome_in_clear(::sendfile(descriptor_, file, &from, size_bytes), Io::wants_write);
}

void Channel::end_writing() {
  if (ssl_ && !broken_ && SSL_is_init_finished(ssl_.get()) != 0) {
    SSL_shutdown(ssl_.get());
    ERR_clear_error();
  }
  ::shutdown(descriptor_, SHUT_WR);
}

IoResult Channel::read_below_tls(std::span<core::Byte> into) {
  return outcome_in_clear(::recv(descriptor_, into.data(), into.size(), 0), Io::wants_read);
}

std::optional<core::Sha256> Channel::peer_certificate() const {
  X509* certificate = ssl_ ? SSL_get0_peer_certificate(ssl_.get()) : nullptr;
  if (certificate == nullptr) return std::nullopt;
  core::Sha256 digest{};
  unsigned int size = 0;
  if (X509_digest(certificate, EVP_sha256(), digest.data(), &size) != 1 || size != digest.size()) {
    throw std::runtime_error("OpenSSL cannot digest a certificate");
  }
  return digest;
}

}  // namespace sekisho::http
