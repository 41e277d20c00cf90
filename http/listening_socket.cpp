// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/listening_socket.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace sekisho::http {
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

/// A place to listen at, in words, and the setting that names it.
struct Where {
  std::string place;
  std::string setting;
  std::filesystem::path unix_socket;  ///< empty: an address and a port
};

std::string address_remedy(int error) {
  switch (error) {
    case EACCES:
      return "A port below 1024 needs AmbientCapabilities=CAP_NET_BIND_SERVICE in the service's "
             "unit; the package brings a drop-in with it (\"systemctl cat orthanc\"). Add it, or "
             "take a port from 1024 on.";
    case EADDRNOTAVAIL:
      return "No interface of this machine has that address (\"ip address\" lists them): bring the "
             "VPN up, or correct the setting.";
    case EADDRINUSE:
      return "Another process listens there (as root, \"ss -ltnp\" says which): end it, or take "
             "another port.";
    default:
      return "Correct the setting.";
  }
}

std::string socket_remedy(const std::filesystem::path& socket, int error) {
  if (error == EADDRINUSE) return "Another process listens there: end it, or take another name.";
  if (error == ENOENT || error == EACCES) return core::directory_remedy(socket.parent_path());
  return "Take another name, or move away what lies there.";
}

[[noreturn]] void fail(const Where& where, int error) {
  throw core::SetupTrouble({"The door cannot listen", where.place, where.setting,
                            std::generic_category().message(error),
                            where.unix_socket.empty() ? address_remedy(error)
                                                      : socket_remedy(where.unix_socket, error)});
}

Descriptor make_socket(const Address& address, const Where& where) {
  Descriptor socket(
      ::socket(address.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (socket.get() < 0) fail(where, errno);
  return socket;
}

/// A socket file left by a process that died is in the way of its successor.
void remove_stale(const Where& where, const Address& address) {
  struct stat status{};
  if (::lstat(where.unix_socket.c_str(), &status) != 0) return;
  if (!S_ISSOCK(status.st_mode)) fail(where, EEXIST);
  const Descriptor probe = make_socket(address, where);
  if (::connect(probe.get(), address.get(), address.size) == 0 || errno != ECONNREFUSED) {
    fail(where, EADDRINUSE);
  }
  if (::unlink(where.unix_socket.c_str()) != 0) fail(where, errno);
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

Descriptor listen_on(const std::string& address_text, std::uint16_t port,
                     const std::string& setting) {
  const Where where{address_text + " port " + std::to_string(port), setting, {}};
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

Descriptor listen_on(const core::ConfiguredPath& unix_socket) {
  const Where where{unix_socket.path.string(), unix_socket.setting, unix_socket.path};
  const auto address = local(unix_socket.path);
  if (!address) fail(where, ENAMETOOLONG);
  remove_stale(where, *address);
  Descriptor socket = make_socket(*address, where);
  // Nobody can connect before listen(), so the mode is right from the first moment that matters.
  if (::bind(socket.get(), address->get(), address->size) != 0 ||
      ::chmod(where.place.c_str(), 0660) != 0 || ::listen(socket.get(), kBacklog) != 0) {
    fail(where, errno);
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

Descriptor accept_client(int listening_socket, sockaddr_storage& address) {
  socklen_t size = sizeof address;
  return Descriptor(::accept4(listening_socket, reinterpret_cast<sockaddr*>(&address), &size,
                              SOCK_NONBLOCK | SOCK_CLOEXEC));
}

std::optional<core::IpAddress> source_of(const sockaddr_storage& peer) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const void* bytes = nullptr;
  if (peer.ss_family == AF_INET) {
    bytes = &reinterpret_cast<const sockaddr_in*>(&peer)->sin_addr;
  } else if (peer.ss_family == AF_INET6) {
    bytes = &reinterpret_cast<const sockaddr_in6*>(&peer)->sin6_addr;
  } else if (peer.ss_family == AF_UNIX) {
    return core::IpAddress::parse("127.0.0.1");
  }
  if (bytes == nullptr || inet_ntop(peer.ss_family, bytes, text.data(), text.size()) == nullptr) {
    return std::nullopt;
  }
  return core::IpAddress::parse(text.data());
}

}  // namespace sekisho::http
