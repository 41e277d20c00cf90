// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <curl/curl.h>

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>

#include "core/demand.h"

namespace sekisho::outbound {

/// One transfer by libcurl to a server of others: directly, whatever proxies the environment names,
/// and over TLS 1.2 or later where it is TLS, with a certificate for the server's name. Its global
/// state is the host's. One thread.
class Transfer {
 public:
  struct Limits {
    std::chrono::milliseconds connect{5'000};
    std::chrono::milliseconds whole{10'000};
    std::size_t answer_bytes = 64 * 1024;  ///< the transfer ends where more come
  };

  /// `protocols` as CURLOPT_PROTOCOLS_STR has them. An empty `ca_file`: the system's authorities.
  /// The transfer ends when `demand` does, which outlives this. Throws std::bad_alloc.
  Transfer(const char* protocols, const std::string& url, const std::filesystem::path& ca_file,
           Limits limits, const core::Demand& demand);
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  /// What `value` points to outlives the transfer, unless libcurl keeps a copy of it.
  template <class Value>
  void set(CURLoption option, Value value) {
    curl_easy_setopt(handle_.get(), option, value);
  }
  /// Adds a line to the list that set_list() gives libcurl.
  void add(const std::string& line);
  void set_list(CURLoption option) { set(option, list_.get()); }

  CURLcode run();
  /// What came; empty for most of what failed.
  const std::string& answer() const { return answer_; }
  /// The last code of the protocol (HTTP status, SMTP reply); 0 where none came.
  int code() const;
  std::string content_type() const;

 private:
  struct Cleanup {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };
  static std::size_t take_bytes(const char* bytes, std::size_t, std::size_t size, void* transfer);
  static int is_over(void* demand, curl_off_t, curl_off_t, curl_off_t, curl_off_t);

  const std::size_t answer_bytes_;
  std::string answer_;
  std::unique_ptr<curl_slist, Cleanup> list_;
  const std::unique_ptr<CURL, Cleanup> handle_;  // last: it refers to all of the above
};

}  // namespace sekisho::outbound
