// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/tls_transport.h"

#include <new>
#include <stdexcept>

namespace sekisho::http {

/// What OpenSSL calls: nothing may be thrown out of here.
struct TlsTransportCalls {
  static TlsTransport& of(BIO* bio) { return *static_cast<TlsTransport*>(BIO_get_data(bio)); }

  static int read(BIO* bio, char* into, std::size_t size, std::size_t* count) {
    BIO_clear_retry_flags(bio);
    const IoResult result =
        receive(of(bio).descriptor_, {reinterpret_cast<core::Byte*>(into), size});
    *count = result.bytes;
    if (result.io == Io::wants_read) BIO_set_retry_read(bio);
    return result.io == Io::done ? 1 : 0;
  }

  static int write(BIO* bio, const char* from, std::size_t size, std::size_t* count) {
    BIO_clear_retry_flags(bio);
    const auto* bytes = reinterpret_cast<const core::Byte*>(from);
    std::vector<core::Byte>& gathered = of(bio).gathered_;
    try {
      gathered.insert(gathered.end(), bytes, bytes + size);
    } catch (const std::bad_alloc&) {
      return 0;
    }
    *count = size;
    return 1;
  }

  static long control(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }
};

namespace {

struct MethodDeleter {
  void operator()(BIO_METHOD* method) const { BIO_meth_free(method); }
};

std::unique_ptr<BIO_METHOD, MethodDeleter> make_method() {
  std::unique_ptr<BIO_METHOD, MethodDeleter> method(
      BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "sekisho"));
  if (!method || BIO_meth_set_read_ex(method.get(), &TlsTransportCalls::read) != 1 ||
      BIO_meth_set_write_ex(method.get(), &TlsTransportCalls::write) != 1 ||
      BIO_meth_set_ctrl(method.get(), &TlsTransportCalls::control) != 1) {
    throw std::runtime_error("OpenSSL cannot make a kind of BIO");
  }
  return method;
}

}  // namespace

Bio TlsTransport::make_bio() {
  static const auto kMethod = make_method();
  Bio bio(BIO_new(kMethod.get()));
  if (!bio) throw std::runtime_error("OpenSSL cannot make a BIO");
  BIO_set_data(bio.get(), this);
  BIO_set_init(bio.get(), 1);
  return bio;
}

Io TlsTransport::flush() {
  while (sent_ < gathered_.size()) {
    const IoResult result = send(descriptor_, core::ByteView(gathered_).subspan(sent_), More::none);
    if (result.io != Io::done) return result.io;
    sent_ += result.bytes;
  }
  gathered_ = {};
  sent_ = counted_ = 0;
  return Io::done;
}

std::size_t TlsTransport::take_sent_records() {
  constexpr std::size_t kHeaderBytes = 5;  // RFC 8446 §5.1: its length stands in the last two
  std::size_t records = 0;
  while (gathered_.size() - counted_ >= kHeaderBytes) {
    const std::size_t end =
        counted_ + kHeaderBytes + (gathered_[counted_ + 3] << 8U) + gathered_[counted_ + 4];
    if (end > sent_) break;
    counted_ = end;
    ++records;
  }
  return records;
}

}  // namespace sekisho::http
