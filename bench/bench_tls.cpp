// SPDX-License-Identifier: GPL-3.0-or-later
// A server that does nothing but read, encrypt and send: whatever is asked, it answers with a copy
// of every file, one after the other, to anybody, unmasked and unchecked. A block of 256 KB is
// read, encrypted as a whole and sent at once, which is the fastest of the loops that were tried
// (docs/performance.md). Prints its port on loopback; ends when its input does.
//   bench_tls CERTIFICATE KEY < LIST OF FILES, one a line, then an empty line
#include <fcntl.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "http/listening_socket.h"

namespace {

using sekisho::http::Descriptor;

constexpr std::size_t kBlockBytes = 256 * 1024;

/// What OpenSSL writes, one block after the other in one piece of memory.
struct Sealed {
  std::vector<unsigned char> bytes = std::vector<unsigned char>(kBlockBytes + 8 * 1024);
  std::size_t size = 0;
};

int gather(BIO* bio, const char* from, std::size_t size, std::size_t* count) {
  auto& sealed = *static_cast<Sealed*>(BIO_get_data(bio));
  if (size > sealed.bytes.size() - sealed.size) return 0;
  std::copy_n(from, size, sealed.bytes.begin() + static_cast<std::ptrdiff_t>(sealed.size));
  sealed.size += size;
  *count = size;
  return 1;
}

long control(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

BIO* gathering_bio(Sealed& sealed) {
  static BIO_METHOD* const kMethod = [] {
    BIO_METHOD* method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "bench");
    BIO_meth_set_write_ex(method, gather);
    BIO_meth_set_ctrl(method, control);
    return method;
  }();
  BIO* bio = BIO_new(kMethod);
  BIO_set_data(bio, &sealed);
  BIO_set_init(bio, 1);
  return bio;
}

void send_all(int socket, Sealed& sealed) {
  for (std::size_t sent = 0; sent < sealed.size;) {
    const ssize_t count =
        ::send(socket, sealed.bytes.data() + sent, sealed.size - sent, MSG_NOSIGNAL);
    if (count <= 0) throw std::runtime_error("the client has gone");
    sent += static_cast<std::size_t>(count);
  }
  sealed.size = 0;
}

void answer(SSL_CTX& context, int socket, const std::vector<std::string>& files) {
  Sealed sealed;
  const std::unique_ptr<SSL, decltype(&SSL_free)> ssl(SSL_new(&context), SSL_free);
  SSL_set_fd(ssl.get(), socket);
  std::vector<char> block(kBlockBytes);
  if (SSL_accept(ssl.get()) != 1 || SSL_read(ssl.get(), block.data(), 16 * 1024) <= 0) return;
  SSL_set0_wbio(ssl.get(), gathering_bio(sealed));
  constexpr std::string_view kHead = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n";
  SSL_write(ssl.get(), kHead.data(), static_cast<int>(kHead.size()));
  send_all(socket, sealed);
  for (const std::string& name : files) {
    const Descriptor file(::open(name.c_str(), O_RDONLY | O_CLOEXEC));
    for (;;) {
      const ssize_t count = ::read(file.get(), block.data(), block.size());
      if (count <= 0) break;
      SSL_write(ssl.get(), block.data(), static_cast<int>(count));
      send_all(socket, sealed);
    }
  }
  SSL_shutdown(ssl.get());
  send_all(socket, sealed);
}

std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_of(const char* certificate,
                                                             const char* key) {
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_server_method()),
                                                            SSL_CTX_free);
  if (!context || SSL_CTX_use_certificate_chain_file(context.get(), certificate) != 1 ||
      SSL_CTX_use_PrivateKey_file(context.get(), key, SSL_FILETYPE_PEM) != 1) {
    throw std::runtime_error("OpenSSL does not take the certificate");
  }
  SSL_CTX_set_num_tickets(context.get(), 0);
  return context;
}

void serve(SSL_CTX& context, const Descriptor& listening, const std::vector<std::string>& files) {
  for (;;) {
    const int client = ::accept4(listening.get(), nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) continue;
    std::thread([&context, &files, client] {
      const Descriptor socket(client);
      try {
        answer(context, socket.get(), files);
      } catch (const std::exception& error) {
        std::fprintf(stderr, "bench_tls: %s\n", error.what());
      }
    }).detach();
  }
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 3) throw std::runtime_error("wants CERTIFICATE KEY");
  std::vector<std::string> files;
  for (std::string line; std::getline(std::cin, line) && !line.empty();) files.push_back(line);
  const auto context = context_of(argv[1], argv[2]);
  const Descriptor listening = sekisho::http::listen_on("127.0.0.1", 0, "bench_tls");
  ::fcntl(listening.get(), F_SETFL, 0);  // accept4 waits
  std::printf("%d\n", sekisho::http::port_of(listening));
  std::fflush(stdout);
  std::thread([&] { serve(*context, listening, files); }).detach();
  for (std::string line; std::getline(std::cin, line);) {
  }
  std::_Exit(0);  // with whoever is still being served
} catch (const std::exception& error) {
  std::fprintf(stderr, "bench_tls: %s\n", error.what());
  return 1;
}
