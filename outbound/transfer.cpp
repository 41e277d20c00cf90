// SPDX-License-Identifier: GPL-3.0-or-later
#include "outbound/transfer.h"

#include <new>

namespace sekisho::outbound {

Transfer::Transfer(const char* protocols, const std::string& url,
                   const std::filesystem::path& ca_file, Limits limits, const core::Demand& demand)
    : answer_bytes_(limits.answer_bytes), handle_(curl_easy_init()) {
  if (!handle_) throw std::bad_alloc();
  set(CURLOPT_PROTOCOLS_STR, protocols);
  set(CURLOPT_URL, url.c_str());
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_PROXY, "");  // nor what the environment says
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!ca_file.empty()) set(CURLOPT_CAINFO, ca_file.c_str());
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(limits.connect.count()));
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(limits.whole.count()));
  set(CURLOPT_NOSIGNAL, 1L);  // signals are the host's
  // A name server that does not answer must not hold up the host when it stops.
  set(CURLOPT_QUICK_EXIT, 1L);
  set(CURLOPT_WRITEFUNCTION, take_bytes);
  set(CURLOPT_WRITEDATA, this);
  set(CURLOPT_NOPROGRESS, 0L);
  set(CURLOPT_XFERINFOFUNCTION, is_over);
  set(CURLOPT_XFERINFODATA, const_cast<core::Demand*>(&demand));
}

/// Called by libcurl, which ends the transfer unless all is taken.
std::size_t Transfer::take_bytes(const char* bytes, std::size_t, std::size_t size, void* transfer) {
  auto& self = *static_cast<Transfer*>(transfer);
  if (self.answer_.size() + size > self.answer_bytes_) return 0;
  self.answer_.append(bytes, size);
  return size;
}

/// Called by libcurl about once a second; anything but 0 ends the transfer.
int Transfer::is_over(void* demand, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<const core::Demand*>(demand)->is_over() ? 1 : 0;
}

void Transfer::add(const std::string& line) {
  curl_slist* longer = curl_slist_append(list_.get(), line.c_str());
  if (longer == nullptr) throw std::bad_alloc();
  // The first line makes the list; libcurl gives back the same one for each further line.
  if (!list_) list_.reset(longer);
}

CURLcode Transfer::run() { return curl_easy_perform(handle_.get()); }

int Transfer::code() const {
  long code = 0;
  curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &code);
  return static_cast<int>(code);
}

std::string Transfer::content_type() const {
  const char* type = nullptr;
  curl_easy_getinfo(handle_.get(), CURLINFO_CONTENT_TYPE, &type);
  return type == nullptr ? std::string() : type;
}

}  // namespace sekisho::outbound
