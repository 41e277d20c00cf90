// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/witness_client.h"

#include <curl/curl.h>

#include <memory>

namespace sekisho::plugin {
namespace {

constexpr long kConnectMilliseconds = 5'000;
constexpr long kWholeMilliseconds = 10'000;
/// 100 signature lines are 20 KB.
constexpr std::size_t kLargestAnswer = 64 * 1024;

struct EasyDeleter {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
using Easy = std::unique_ptr<CURL, EasyDeleter>;
struct ListDeleter {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using HeaderList = std::unique_ptr<curl_slist, ListDeleter>;

/// Called by libcurl, which ends the transfer unless all is taken.
std::size_t take_bytes(const char* bytes, std::size_t, std::size_t size, void* into) {
  auto& body = *static_cast<std::string*>(into);
  if (body.size() + size > kLargestAnswer) return 0;
  body.append(bytes, size);
  return size;
}

/// Called by libcurl about once a second; anything but 0 ends the transfer.
int is_stopping(void* token, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<const std::stop_token*>(token)->stop_requested() ? 1 : 0;
}

void set_transport(CURL* handle, const std::filesystem::path& ca_file) {
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(handle, CURLOPT_PROXY, "");  // nor what the environment says
  curl_easy_setopt(handle, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(handle, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!ca_file.empty()) curl_easy_setopt(handle, CURLOPT_CAINFO, ca_file.c_str());
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, kConnectMilliseconds);
  curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, kWholeMilliseconds);
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);  // signals are the host's
  // A name server that does not answer must not hold up the host when it stops.
  curl_easy_setopt(handle, CURLOPT_QUICK_EXIT, 1L);
}

}  // namespace

WitnessClient::WitnessClient(const std::string& url, std::filesystem::path ca_file)
    : target_((url.ends_with('/') ? url.substr(0, url.size() - 1) : url) + "/add-checkpoint"),
      ca_file_(std::move(ca_file)) {}

std::optional<audit::WitnessReply> WitnessClient::post(const std::string& body,
                                                       const std::stop_token& stop) const {
  const Easy handle(curl_easy_init());
  if (!handle) return std::nullopt;
  // Without "Expect: 100-continue", for which a second would pass.
  HeaderList headers(curl_slist_append(nullptr, "Content-Type: text/plain"));
  curl_slist_append(headers.get(), "Expect:");
  audit::WitnessReply reply;
  std::stop_token token = stop;
  set_transport(handle.get(), ca_file_);
  curl_easy_setopt(handle.get(), CURLOPT_URL, target_.c_str());
  curl_easy_setopt(handle.get(), CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(handle.get(), CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
  curl_easy_setopt(handle.get(), CURLOPT_POSTFIELDS, body.data());
  curl_easy_setopt(handle.get(), CURLOPT_WRITEFUNCTION, take_bytes);
  curl_easy_setopt(handle.get(), CURLOPT_WRITEDATA, &reply.body);
  curl_easy_setopt(handle.get(), CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(handle.get(), CURLOPT_XFERINFOFUNCTION, is_stopping);
  curl_easy_setopt(handle.get(), CURLOPT_XFERINFODATA, &token);
  if (curl_easy_perform(handle.get()) != CURLE_OK) return std::nullopt;
  long status = 0;
  const char* content_type = nullptr;
  curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(handle.get(), CURLINFO_CONTENT_TYPE, &content_type);
  reply.status = static_cast<int>(status);
  if (content_type != nullptr) reply.content_type = content_type;
  return reply;
}

}  // namespace sekisho::plugin
