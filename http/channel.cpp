// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/channel.h"

#include <openssl/err.h>
#include <openssl/x509.h>
#include <sys/sendfile.h>

#include <cerrno>
#include <memory>
#include <stdexcept>

namespace sekisho::http {
namespace {

IoResult outcome_in_clear(ssize_t result, Io would_block) {
  if (result > 0) return {Io::done, static_cast<std::size_t>(result)};
  if (result == 0) return {Io::ended, 0};
  if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) return {would_block, 0};
  return {Io::failed, 0};
}

struct BioDeleter {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(BIO_METHOD* method) const { BIO_meth_free(method); }
};

int send_record(BIO* bio, const char* data, int size) {
  const auto& outlet = *static_cast<const Channel::Outlet*>(BIO_get_data(bio));
  BIO_clear_retry_flags(bio);
  const ssize_t sent =
      ::send(outlet.descriptor, data, static_cast<std::size_t>(size), outlet.flags);
  if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) {
    BIO_set_retry_write(bio);
  }
  return static_cast<int>(sent);
}

/// Nothing is kept back, so that there is nothing to flush.
long control(BIO* /*bio*/, int command, long /*number*/, void* /*pointer*/) {
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

/// The sending half of a socket as OpenSSL wants it; its own knows no flags of send(2).
BIO* new_outlet(Channel::Outlet& outlet) {
  static const std::unique_ptr<BIO_METHOD, BioDeleter> method = [] {
    BIO_METHOD* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket, sending");
    if (made != nullptr) {
      BIO_meth_set_write(made, send_record);
      BIO_meth_set_ctrl(made, control);
    }
    return std::unique_ptr<BIO_METHOD, BioDeleter>(made);
  }();
  BIO* bio = method ? BIO_new(method.get()) : nullptr;
  if (bio == nullptr) return nullptr;
  BIO_set_data(bio, &outlet);
  BIO_set_init(bio, 1);
  return bio;
}

}  // namespace

Channel::Channel(int descriptor, SSL_CTX& context) : outlet_{descriptor}, ssl_(SSL_new(&context)) {
  std::unique_ptr<BIO, BioDeleter> in(BIO_new_socket(descriptor, BIO_NOCLOSE));
  std::unique_ptr<BIO, BioDeleter> out(new_outlet(outlet_));
  if (!ssl_ || !in || !out) {
    ERR_clear_error();
    throw std::runtime_error("OpenSSL cannot make a connection");
  }
  SSL_set_bio(ssl_.get(), in.release(), out.release());
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
  if (!ssl_)
    return outcome_in_clear(::recv(outlet_.descriptor, into.data(), into.size(), 0),
                            Io::wants_read);
  ERR_clear_error();
  std::size_t bytes = 0;
  const int result = SSL_read_ex(ssl_.get(), into.data(), into.size(), &bytes);
  return outcome(result, bytes);
}

IoResult Channel::write(core::ByteView from, More more) {
  const bool more_records = ssl_ && from.size() > SSL3_RT_MAX_PLAIN_LENGTH;
  const int flags = MSG_NOSIGNAL | (more == More::at_once || more_records ? MSG_MORE : 0);
  if (!ssl_) {
    return outcome_in_clear(::send(outlet_.descriptor, from.data(), from.size(), flags),
                            Io::wants_write);
  }
  ERR_clear_error();
  std::size_t bytes = 0;
  outlet_.flags = flags;
  const int result = SSL_write_ex(ssl_.get(), from.data(), from.size(), &bytes);
  outlet_.flags = MSG_NOSIGNAL;
  return outcome(result, bytes);
}

IoResult Channel::send_file(int file, std::uint64_t offset, std::uint64_t size_bytes) {
  auto from = static_cast<off_t>(offset);
  return outcome_in_clear(::sendfile(outlet_.descriptor, file, &from, size_bytes), Io::wants_write);
}

void Channel::end_writing() {
  if (ssl_ && !broken_ && SSL_is_init_finished(ssl_.get()) != 0) {
    SSL_shutdown(ssl_.get());
    ERR_clear_error();
  }
  ::shutdown(outlet_.descriptor, SHUT_WR);
}

IoResult Channel::discard(std::span<core::Byte> scratch) {
  return outcome_in_clear(::recv(outlet_.descriptor, scratch.data(), scratch.size(), 0),
                          Io::wants_read);
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
