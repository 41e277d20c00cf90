// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/client_socket.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

namespace sekisho::http {
namespace {

IoResult outcome(ssize_t result, Io would_block) {
  if (result > 0) return {Io::done, static_cast<std::size_t>(result)};
  if (result == 0) return {Io::ended, 0};
  if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) return {would_block, 0};
  return {Io::failed, 0};
}

}  // namespace

IoResult receive(int socket, std::span<core::Byte> into) {
  return outcome(::recv(socket, into.data(), into.size(), 0), Io::wants_read);
}

IoResult send(int socket, core::ByteView from, More more) {
  const int flags = MSG_NOSIGNAL | (more == More::at_once ? MSG_MORE : 0);
  return outcome(::send(socket, from.data(), from.size(), flags), Io::wants_write);
}

IoResult send_file(int socket, int file, std::uint64_t offset, std::uint64_t size_bytes) {
  auto from = static_cast<off_t>(offset);
  return outcome(::sendfile(socket, file, &from, size_bytes), Io::wants_write);
}

void send_at_once(int socket) {
  const int on = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);  // fails on unix sockets
}

void end_sending(int socket) { ::shutdown(socket, SHUT_WR); }

bool has_other_side_closed(int socket) {
  pollfd asked{socket, POLLRDHUP, 0};
  return ::poll(&asked, 1, 0) > 0;
}

/// Dissolving a TCP association sends RST. A unix socket has no RST: there the end comes before the
/// promised one. connect(2) goes by its number: the kernel serialises it with the worker's send(2),
/// but ThreadSanitizer takes the function for the making of a new descriptor, and reports a race.
void reset(int socket) {
  sockaddr nobody{};
  nobody.sa_family = AF_UNSPEC;
  if (::syscall(SYS_connect, socket, &nobody, sizeof nobody) != 0) ::shutdown(socket, SHUT_RDWR);
}

void reset_when_closed(int socket) {
  const struct ::linger reset{1, 0};
  ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
}

}  // namespace sekisho::http
