// SPDX-License-Identifier: GPL-3.0-or-later
#include <turbojpeg.h>

#include <memory>
#include <stdexcept>

#include "imaging/rendering/embed_profile.h"
#include "imaging/rendering/encoders.h"

namespace sekisho::imaging {
namespace {

struct Destroy {
  void operator()(void* handle) const { tjDestroy(handle); }
};
struct Free {
  void operator()(unsigned char* bytes) const { tjFree(bytes); }
};

}  // namespace

core::Bytes encode_jpeg(const Picture& picture, int quality) {
  const std::unique_ptr<void, Destroy> compressor(tjInitCompress());
  if (!compressor) throw std::runtime_error("no JPEG encoder");
  const bool is_grey = picture.samples == 1;
  unsigned char* made = nullptr;
  unsigned long size = 0;  // NOLINT(google-runtime-int): the library's type
  const int result = tjCompress2(
      compressor.get(), picture.cells.data(), static_cast<int>(picture.width),
      static_cast<int>(picture.row_bytes()), static_cast<int>(picture.height),
      is_grey ? TJPF_GRAY : TJPF_RGB, &made, &size, is_grey ? TJSAMP_GRAY : TJSAMP_444, quality, 0);
  const std::unique_ptr<unsigned char, Free> owned(made);
  if (result != 0) throw std::runtime_error("a picture cannot be encoded as JPEG");
  if (!picture.profile.empty()) return with_profile_in_jpeg({made, size}, picture.profile);
  return {made, made + size};
}

}  // namespace sekisho::imaging
