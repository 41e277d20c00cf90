// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dicom/iconv_decoder.h"

#include <iconv.h>

#include <array>
#include <cerrno>

namespace sekisho::core::dicom {
namespace {

/// A conversion has state, so each call opens its own: 1 µs with glibc 2.36, which caches modules.
class Conversion {
 public:
  explicit Conversion(const char* from) : descriptor_(iconv_open("UTF-8", from)) {}
  ~Conversion() {
    if (is_open()) iconv_close(descriptor_);
  }
  Conversion(const Conversion&) = delete;
  Conversion& operator=(const Conversion&) = delete;
  bool is_open() const { return descriptor_ != reinterpret_cast<iconv_t>(-1); }

  /// Takes from the front of `text` what decodes and appends it. 0 when all of it did, else errno.
  int convert(std::string_view& text, std::string& out) {
    while (!text.empty()) {
      std::array<char, 256> room;
      // iconv() promises not to write to its input.
      char* in = const_cast<char*>(text.data());  // NOLINT(cppcoreguidelines-pro-type-const-cast)
      char* to = room.data();
      std::size_t in_left = text.size();
      std::size_t room_left = room.size();
      const std::size_t result = iconv(descriptor_, &in, &in_left, &to, &room_left);
      const int error = result == static_cast<std::size_t>(-1) ? errno : 0;
      out.append(room.data(), room.size() - room_left);
      text.remove_prefix(text.size() - in_left);
      if (error != 0 && error != E2BIG) return error;
    }
    return 0;
  }

 private:
  iconv_t descriptor_;
};

}  // namespace

std::optional<std::string> decode(const char* encoding, std::string_view text) {
  Conversion conversion(encoding);
  std::string out;
  if (!conversion.is_open() || conversion.convert(text, out) != 0) return std::nullopt;
  return out;
}

std::string decode_what_is_valid(const char* encoding, std::string_view text) {
  Conversion conversion(encoding);
  std::string out;
  while (!text.empty()) {
    if (conversion.is_open() && conversion.convert(text, out) == 0) break;
    out += kReplacementCharacter;
    text.remove_prefix(1);
  }
  return out;
}

}  // namespace sekisho::core::dicom
