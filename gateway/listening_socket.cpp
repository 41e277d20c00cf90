// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/listening_socket.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <system_error>

namespace sekisho::gateway {
namespace {

constexpr int kBacklog = 256;

struct Address {
  sockaddr_storage storage{};
  socklen_t size = 0;
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

std::optional<Address> numeric(const std::string& text, std::uint16_t port) {
  Address address;
  auto* v4 = reinterpret_cast<sockaddr_in*>(&address.storage);
  if (inet_pton(AF_INET, text.c_str(), &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
    v4->sin_port = htons(port);
    address.size = sizeof(sockaddr_in);
    return address;
  }
  auto* v6 = reinterpret_cast<sockaddr_in6*>(&address.storage);
  if (inet_pton(AF_INET6, text.c_str(), &v6->sin6_addr) == 1) {
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(port);
    address.size = sizeof(sockaddr_in6);
    return address;
  }
  return std::nullopt;
}

std::optional<Address> local(const std::filesystem::path& path) {
  Address address;
  auto* un = reinterpret_cast<sockaddr_un*>(&address.storage);
  if (path.empty() || path.native().size() >= sizeof un->sun_path) return std::nullopt;
  un->sun_family = AF_UNIX;
  std::memcpy(un->sun_path, path.c_str(), path.native().size() + 1);
  address.size = sizeof(sockaddr_un);
  return address;
}

[[noreturn]] void fail(const std::string& where, int error) {
  throw std::runtime_error("The door cannot listen on " + where + ": " +
                           std::generic_category().message(error) + ".");
}

Descriptor make_socket(const Address& address, const std::string& where) {
  Descriptor socket(
      ::socket(address.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (socket.get() < 0) fail(where, errno);
  return socket;
}

/// A socket file left by a process that died is in the way of its successor.
void remove_stale(const std::filesystem::path& path, const Address& address) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) return;
  const std::string where = path.string();
  if (!S_ISSOCK(status.st_mode)) fail(where, EEXIST);
  const Descriptor probe = make_socket(address, where);
  if (::connect(probe.get(), address.get(), address.size) == 0 || errno != ECONNREFUSED) {
    fail(where, EADDRINUSE);
  }
  if (::unlink(path.c_str()) != 0) fail(where, errno);
}

}  // namespace

Descriptor::~Descriptor() {
  if (number_ >= 0) ::close(number_);
}

bool is_loopback(const std::string& address) {
  const auto parsed = numeric(address, 0);
  if (!parsed) return false;
  if (parsed->storage.ss_family == AF_INET) {
    const auto* v4 = reinterpret_cast<const sockaddr_in*>(&parsed->storage);
    return ntohl(v4->sin_addr.s_addr) >> 24 == 127;
  }
  const auto* v6 = reinterpret_cast<const sockaddr_in6*>(&parsed->storage);
  return IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr);
}

Descriptor listen_on(const std::string& address_text, std::uint16_t port) {
  const std::string where = address_text + " port " + std::to_string(port);
  const auto address = numeric(address_text, port);
  if (!address) fail(where, EINVAL);
  Descriptor socket = make_socket(*address, where);
  const int on = 1;
  ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (::bind(socket.get(), address->get(), address->size) != 0 ||
      ::listen(socket.get(), kBacklog) != 0) {
    fail(where, errno);
  }
  return socket;
}

Descriptor listen_on(const std::filesystem::path& unix_socket) {
  const auto address = local(unix_socket);
  if (!address) fail(unix_socket.string(), ENAMETOOLONG);
  remove_stale(unix_socket, *address);
  Descriptor socket = make_socket(*address, unix_socket.string());
  // Nobody can connect before listen(), so the mode is right from the first moment that matters.
  if (::bind(socket.get(), address->get(), address->size) != 0 ||
      ::chmod(unix_socket.c_str(), 0660) != 0 || ::listen(socket.get(), kBacklog) != 0) {
    fail(unix_socket.string(), errno);
  }
  return socket;
}

std::uint16_t port_of(const Descriptor& socket) {
  sockaddr_storage bound{};
  socklen_t size = sizeof bound;
  if (::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&bound), &size) != 0) return 0;
  if (bound.ss_family == AF_INET) {
    return ntohs(reinterpret_cast<const sockaddr_in*>(&bound)->sin_port);
  }
  if (bound.ss_family == AF_INET6) {
    return ntohs(reinterpret_cast<const sockaddr_in6*>(&bound)->sin6_port);
  }
  return 0;
}

std::optional<sharing::IpAddress> source_of(const sockaddr_storage& peer) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const void* bytes = nullptr;
  if (peer.ss_family == AF_INET) {
    bytes = &reinterpret_cast<const sockaddr_in*>(&peer)->sin_addr;
  } else if (peer.ss_family == AF_INET6) {
    bytes = &reinterpret_cast<const sockaddr_in6*>(&peer)->sin6_addr;
  } else if (peer.ss_family == AF_UNIX) {
    return sharing::IpAddress::parse("127.0.0.1");
  }
  if (bytes == nullptr || inet_ntop(peer.ss_family, bytes, text.data(), text.size()) == nullptr) {
    return std::nullopt;
  }
  return sharing::IpAddress::parse(text.data());
}

}  // namespace sekisho::gateway
