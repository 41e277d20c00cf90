// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "core/network.h"
#include "core/setup_trouble.h"

namespace sekisho::http {

/// A file descriptor with one owner.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor();
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  int get() const { return number_; }
  int release() { return std::exchange(number_, -1); }

 private:
  int number_ = -1;
};

/// True for 127.0.0.0/8 and ::1.
bool is_loopback(const std::string& address);

/// Listens on a numeric address; port 0 takes a free one. The socket is non-blocking. Throws
/// core::SetupTrouble, which names `setting` (core::ConfiguredPath) as what said so.
Descriptor listen_on(const std::string& address, std::uint16_t port, const std::string& setting);

/// Listens on a unix socket that only Orthanc's user and group may connect to. A socket file that
/// nobody listens on any more is replaced. Throws core::SetupTrouble.
Descriptor listen_on(const core::ConfiguredPath& unix_socket);

/// The port of a listening socket; 0 for a unix socket.
std::uint16_t port_of(const Descriptor& socket);

/// A client that waits at a listening socket, and its address; none, with errno, where none does or
/// there is no room for one. The socket is non-blocking.
Descriptor accept_client(int listening_socket, sockaddr_storage& address);

/// The other side of an accepted connection. Whoever comes through a unix socket is on this
/// machine: 127.0.0.1.
std::optional<core::IpAddress> source_of(const sockaddr_storage& peer);

}  // namespace sekisho::http
