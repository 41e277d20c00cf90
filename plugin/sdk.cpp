// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/sdk.h"

#include <json/reader.h>

#include <array>
#include <cstdint>
#include <memory>

#include "core/store_error.h"

namespace sekisho::plugin {
namespace {

/// Memory that Orthanc allocated. Freeing it needs no context, so it may outlive Orthanc's stop.
class SdkBuffer {
 public:
  explicit SdkBuffer(const OrthancPluginContext& context) : free_(context.Free) {}
  ~SdkBuffer() { free_(buffer_.data); }
  SdkBuffer(const SdkBuffer&) = delete;
  SdkBuffer& operator=(const SdkBuffer&) = delete;

  OrthancPluginMemoryBuffer* target() { return &buffer_; }
  core::ByteView view() const {
    return {static_cast<const core::Byte*>(buffer_.data), buffer_.size};
  }

 private:
  decltype(OrthancPluginContext::Free) free_;
  OrthancPluginMemoryBuffer buffer_{};
};

/// False when the resource does not exist.
bool found(OrthancPluginErrorCode code, const char* call) {
  if (code == OrthancPluginErrorCode_Success) return true;
  if (code == OrthancPluginErrorCode_UnknownResource) return false;
  throw core::StoreError(std::string(call) + " failed with Orthanc's error " +
                         std::to_string(static_cast<int>(code)));
}

Json::Value parse(std::string_view text) {
  const std::unique_ptr<Json::CharReader> reader(Json::CharReaderBuilder().newCharReader());
  Json::Value value;
  if (!reader->parse(text.data(), text.data() + text.size(), &value, nullptr)) {
    throw core::StoreError("Orthanc's answer is not JSON");
  }
  return value;
}

}  // namespace

std::string Sdk::configuration() const {
  char* text = OrthancPluginGetConfiguration(&context_);
  if (text == nullptr) throw core::StoreError("Orthanc gave no configuration");
  std::string copy(text);
  OrthancPluginFreeString(&context_, text);
  return copy;
}

std::optional<std::string> Sdk::get_text(const std::string& uri) const {
  SdkBuffer answer(context_);
  if (!found(OrthancPluginRestApiGet(&context_, answer.target(), uri.c_str()), "GET")) {
    return std::nullopt;
  }
  return std::string(core::as_text(answer.view()));
}

std::optional<Json::Value> Sdk::get(const std::string& uri) const {
  SdkBuffer answer(context_);
  if (!found(OrthancPluginRestApiGet(&context_, answer.target(), uri.c_str()), "GET")) {
    return std::nullopt;
  }
  return parse(core::as_text(answer.view()));
}

Json::Value Sdk::post(const std::string& uri, std::string_view body) const {
  // The SDK counts in 32 bits: the rest would be cut off.
  if (body.size() > UINT32_MAX) throw core::StoreError("a body of 4 GiB or more");
  SdkBuffer answer(context_);
  const auto code = OrthancPluginRestApiPost(&context_, answer.target(), uri.c_str(), body.data(),
                                             static_cast<std::uint32_t>(body.size()));
  if (!found(code, "POST")) throw core::StoreError("Orthanc does not know a route of its own");
  return parse(core::as_text(answer.view()));
}

std::optional<core::StoredFile> Sdk::dicom(const std::string& instance_id) const {
  const auto file = std::make_shared<SdkBuffer>(context_);
  const auto code =
      OrthancPluginGetDicomForInstance(&context_, file->target(), instance_id.c_str());
  if (!found(code, "GetDicomForInstance")) return std::nullopt;
  return core::StoredFile::borrowed(file->view(), file);
}

void Sdk::log(core::Severity severity, std::string_view message) const noexcept {
  constexpr std::size_t kLongestMessage = 1000;
  std::array<char, kLongestMessage + 1> text{};
  message.copy(text.data(), kLongestMessage);
  switch (severity) {
    case core::Severity::info:
      return OrthancPluginLogInfo(&context_, text.data());
    case core::Severity::warning:
      return OrthancPluginLogWarning(&context_, text.data());
    case core::Severity::error:
      return OrthancPluginLogError(&context_, text.data());
  }
}

// OrthancPluginSetDescription is deprecated in SDK 1.12.7, and what takes its place is not in
// 1.10.1: both make this call.
void Sdk::describe(const char* plugin, const char* description) const {
  const _OrthancPluginSetPluginProperty property{plugin, _OrthancPluginProperty_Description,
                                                 description};
  context_.InvokeService(&context_, _OrthancPluginService_SetPluginProperty, &property);
}

}  // namespace sekisho::plugin
