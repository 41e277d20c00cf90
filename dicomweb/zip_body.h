// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "anonymization/masking/mask.h"
#include "core/bytes.h"
#include "dicomweb/disclosed_body.h"
#include "dicomweb/negotiation.h"

namespace sekisho::dicomweb {

/// Part 10 files in a ZIP archive (PS3.18 §8.7.3.1; APPNOTE.TXT 6.3 of PKWARE), one masked and
/// read at a time, as large as they are: ZIP64 where numbers need it. Names are numbers in order of
/// the shown UIDs, `SE000001/IM000001.dcm`, and dates are none: neither says anything of the
/// files. What is compressed already is not compressed again, but stands in blocks of DEFLATE
/// (RFC 1951 §3.2.4), whose end readers find without the directory: checksums come behind the
/// files, so that the first byte does not wait for the last.
class ZipBody final : public DisclosedBody {
 public:
  /// Each leaves as write_as_wished() says.
  ZipBody(disclosure::Disclosure disclosure, SyntaxWishes wishes);

 private:
  /// A file that is in the archive, or being put there.
  struct Entry {
    std::string name;
    std::uint64_t offset = 0;  ///< of its header in the archive
    std::uint64_t size = 0;
    std::uint64_t packed_size = 0;
    std::uint32_t checksum = 0;
    bool is_large() const;
  };
  std::size_t fill(std::span<core::Byte> out) override;
  std::uint64_t instances_in(std::uint64_t bytes) const noexcept override;
  /// Has something for `text_` or the file; false behind the last byte.
  bool advance();
  void begin_entry();
  void begin_block();
  void end_entry();
  void append_directory();
  std::string next_name();
  std::size_t take_text(std::span<core::Byte> out);
  std::size_t take_content(std::span<core::Byte> out);

  const SyntaxWishes wishes_;
  std::vector<Entry> entries_;
  std::vector<std::uint64_t> entry_ends_;      ///< where in the body each entry ends
  std::optional<anonymization::Masked> file_;  ///< of the last entry, while it is put there
  std::uint64_t position_ = 0;                 ///< in the file
  std::size_t block_left_ = 0;                 ///< bytes of the file in the block
  std::string text_;                           ///< made, and from text_position_ on not given out
  std::size_t text_position_ = 0;
  std::uint64_t produced_ = 0;  ///< bytes in all
  std::size_t series_ = 0;      ///< so far
  std::size_t in_series_ = 0;   ///< files of the last series
  bool closed_ = false;
};

}  // namespace sekisho::dicomweb
