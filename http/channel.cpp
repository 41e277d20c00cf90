// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/channel.h"

#include <openssl/err.h>
#include <openssl/x509.h>

#include <stdexcept>

namespace sekisho::http {
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
  if (!ssl_) return send(descriptor_, from, more);
  ERR_clear_error();
  std::size_t bytes = 0;
  const int result = SSL_write_ex(ssl_.get(), from.data(), from.size(), &bytes);
  return outcome(result, bytes);
}

IoResult Channel::send_file(int file, std::uint64_t offset, std::uint64_t size_bytes) {
  return http::send_file(descriptor_, file, offset, size_bytes);
}

void Channel::end_writing() {
  if (ssl_ && !broken_ && SSL_is_init_finished(ssl_.get()) != 0) {
    SSL_shutdown(ssl_.get());
    ERR_clear_error();
  }
  end_sending(descriptor_);
}

IoResult Channel::read_below_tls(std::span<core::Byte> into) { return receive(descriptor_, into); }

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
