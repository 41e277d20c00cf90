// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include "core/setup_trouble.h"

namespace sekisho::audit {

/// An audit record repository that takes syslog over TLS (RFC 5425).
struct RepositoryAddress {
  std::string host;  ///< a DNS name or an IP address; its certificate must bear it
  std::uint16_t port = 6514;
  core::ConfiguredPath authorities;  ///< PEM: who may have issued that certificate
  core::ConfiguredPath certificate;  ///< PEM: ours, and those of the authorities that issued it
  core::ConfiguredPath private_key;  ///< PEM, without a passphrase
};

/// Something between us and the repository. The text is for staff.
class LinkError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Ends a thread's waiting from another one. Any thread.
class StopSignal {
 public:
  StopSignal();
  ~StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;

  void raise();
  /// Waits for that long; true if the signal was raised before or meanwhile.
  bool wait(std::chrono::milliseconds time) const;
  /// Readable for good once it is raised.
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

/// Sends to a repository: TLS 1.2 or 1.3 with a client certificate, the server's certificate
/// checked against `authorities` and `host`. One thread, which must have SIGPIPE blocked.
class RepositoryLink {
 public:
  /// `stop` outlives this: once it is raised, every call throws LinkError soon.
  RepositoryLink(RepositoryAddress address, const StopSignal& stop);
  ~RepositoryLink();
  RepositoryLink(const RepositoryLink&) = delete;
  RepositoryLink& operator=(const RepositoryLink&) = delete;

  /// Sends in one TLS session and closes it from this side. On return the repository has answered
  /// the close, so it has read all that was before it: syslog itself confirms nothing (RFC 5425
  /// §4.4). Throws LinkError: then it may have read all, some or nothing.
  void deliver(std::string_view frames);

 private:
  struct Context;

  const RepositoryAddress address_;
  const StopSignal& stop_;
  std::unique_ptr<Context> context_;  ///< read again after a failure: files may have been renewed
};

}  // namespace sekisho::audit
