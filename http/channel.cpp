// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/channel.h"

#include <openssl/err.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace sekisho::http {
namespace {

constexpr std::size_t kRecordBytes = 16 * 1024;        // RFC 8446 §5.1
constexpr std::size_t kAroundRecord_bytes = 64;        // more than any suite of ours adds
constexpr std::size_t kMostAtOnce_bytes = 256 * 1024;  // a block; texts are of any length
/// Certificates; a chain has two or three.
constexpr int kMostSentAlong = 16;

std::size_t encrypted_size(std::size_t plain_bytes) {
  return plain_bytes + (plain_bytes / kRecordBytes + 1) * kAroundRecord_bytes;
}

}  // namespace

Channel::Channel(int descriptor, SSL_CTX& context)
    : descriptor_(descriptor),
      transport_(std::make_unique<TlsTransport>(descriptor)),
      ssl_(SSL_new(&context)) {
  if (!ssl_) {
    ERR_clear_error();
    throw std::runtime_error("OpenSSL cannot make a connection");
  }
  BIO* bio = transport_->make_bio().release();
  SSL_set_bio(ssl_.get(), bio, bio);  // takes it over
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

Io Channel::flush() {
  const Io io = transport_->flush();
  if (io == Io::failed) broken_ = true;
  return io;
}

Io Channel::handshake() {
  if (!ssl_) return Io::done;
  if (const Io io = flush(); io != Io::done) return io;
  ERR_clear_error();
  const Io io = outcome(SSL_do_handshake(ssl_.get()), 0).io;
  const Io flushed = flush();  // an alert too
  return io == Io::failed || flushed == Io::done ? io : flushed;
}

IoResult Channel::read(std::span<core::Byte> into) {
  if (!ssl_) return read_below_tls(into);
  if (const Io io = flush(); io != Io::done) return {io, 0};
  ERR_clear_error();
  std::size_t bytes = 0;
  const int result = SSL_read_ex(ssl_.get(), into.data(), into.size(), &bytes);
  return outcome(result, bytes);
}

IoResult Channel::write(core::ByteView from, More more) {
  if (!ssl_) return send(descriptor_, from, more);
  if (encrypted_bytes_ == 0) {
    const std::size_t count = std::min(from.size(), kMostAtOnce_bytes);
    transport_->expect(encrypted_size(count));
    ERR_clear_error();
    const int result = SSL_write_ex(ssl_.get(), from.data(), count, &encrypted_bytes_);
    if (result <= 0) return outcome(result, 0);
  }
  const Io io = flush();
  // As long as anything waits the last of it does, also where a record of TLS's own, as the answer
  // to a KeyUpdate, is counted in front.
  const std::size_t sent =
      io == Io::done
          ? encrypted_bytes_
          : std::min(encrypted_bytes_ - 1, transport_->take_sent_records() * kRecordBytes);
  encrypted_bytes_ -= sent;
  return {io, sent};
}

IoResult Channel::send_file(int file, std::uint64_t offset, std::uint64_t size_bytes) {
  return http::send_file(descriptor_, file, offset, size_bytes);
}

void Channel::end_writing() {
  if (ssl_ && !broken_ && SSL_is_init_finished(ssl_.get()) != 0) {
    SSL_shutdown(ssl_.get());
    ERR_clear_error();
    flush();
  }
  end_sending(descriptor_);
}

IoResult Channel::read_below_tls(std::span<core::Byte> into) { return receive(descriptor_, into); }

std::shared_ptr<const core::CertificateChain> Channel::peer_certificate() const {
  core::X509Handle own(ssl_ ? SSL_get1_peer_certificate(ssl_.get()) : nullptr);
  if (!own) return nullptr;
  // Of a client, what stands in its message behind its own.
  STACK_OF(X509)* sent = SSL_get_peer_cert_chain(ssl_.get());
  std::vector<core::X509Handle> sent_along;
  for (int i = 0; i < std::min(sk_X509_num(sent), kMostSentAlong); ++i) {
    X509* each = sk_X509_value(sent, i);
    X509_up_ref(each);
    sent_along.emplace_back(each);
  }
  return std::make_shared<const core::CertificateChain>(std::move(own), std::move(sent_along));
}

}  // namespace sekisho::http
