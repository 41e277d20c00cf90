// SPDX-License-Identifier: GPL-3.0-or-later
// Whatever body a client sends, its parts lie in it one behind the other, hold no delimiter, and
// are the same where they are sent again. The first line is the Content-Type.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "dicomweb/multipart.h"

namespace {

using namespace sekisho;
using dicomweb::Part;

constexpr std::size_t kMostParts = 16;

void require(bool ok) {
  if (!ok) std::abort();
}

std::variant<std::vector<Part>, dicomweb::MultipartProblem> read(std::string_view body,
                                                                 std::string_view boundary) {
  const core::ByteView bytes = core::as_bytes(body);
  const auto file = core::StoredFile::in_memory(core::Bytes(bytes.begin(), bytes.end()));
  return dicomweb::read_multipart(file, boundary, kMostParts);
}

void take_apart(std::string_view body, std::string_view boundary) {
  const auto found = read(body, boundary);
  const auto* parts = std::get_if<std::vector<Part>>(&found);
  if (parts == nullptr) return;
  require(!parts->empty() && parts->size() <= kMostParts);
  const std::string delimiter = "\r\n--" + std::string(boundary);
  std::uint64_t end = 0;
  std::string again;
  for (const Part& part : *parts) {
    require(part.offset >= end && part.offset <= body.size());
    require(part.size <= body.size() - part.offset);
    end = part.offset + part.size;
    const std::string_view content = body.substr(part.offset, part.size);
    require(content.find(delimiter) == std::string_view::npos);
    again.append(delimiter).append("\r\n\r\n").append(content);
  }
  again += delimiter + "--";
  const std::string_view sent = std::string_view(again).substr(2);
  const auto repeated = read(sent, boundary);
  const auto* same = std::get_if<std::vector<Part>>(&repeated);
  require(same != nullptr && same->size() == parts->size());
  for (std::size_t i = 0; i < same->size(); ++i) {
    require(sent.substr((*same)[i].offset, (*same)[i].size) ==
            body.substr((*parts)[i].offset, (*parts)[i].size));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::size_t line = bytes.find('\n');
  const auto type = dicomweb::parse_media_type(bytes.substr(0, line));
  if (!type || line == std::string_view::npos) return 0;
  require(type->name.find('/') != std::string::npos);
  for (const auto& [name, value] : type->parameters) require(type->parameter(name) == value);
  const std::string_view boundary = type->parameter("boundary");
  if (!boundary.empty()) take_apart(bytes.substr(line + 1), boundary);
  return 0;
}
