// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/dicom_body.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "dicomweb/multipart.h"
#include "dicomweb/wished_syntax.h"

namespace sekisho::dicomweb {
namespace {

using anonymization::Masked;

}  // namespace

std::string dicom_type(std::string_view transfer_syntax) {
  return std::string(kDicom) + "; transfer-syntax=" + std::string(transfer_syntax);
}

DicomBody::DicomBody(disclosure::Disclosure disclosure, SyntaxWishes wishes, std::string boundary)
    : DisclosedBody(std::move(disclosure)),
      wishes_(std::move(wishes)),
      boundary_(std::move(boundary)) {
  if (this->disclosure().first() != nullptr) begin_part(this->disclosure().take(0));
}

std::optional<std::uint64_t> DicomBody::size_bytes() const {
  if (disclosure().size() != 1 || part_ends_.empty()) return std::nullopt;
  return part_ends_.front() + end().size();
}

/// What stands behind the last part.
std::string DicomBody::end() const {
  return boundary_.empty() ? std::string() : last_delimiter(boundary_);
}

std::size_t DicomBody::fill(std::span<core::Byte> out) {
  std::size_t written = 0;
  while (written < out.size()) {
    const std::uint64_t left = segment_size() - position_;
    if (left == 0) {
      if (!advance()) break;
      if (written > 0 && is_at_file()) break;
      continue;
    }
    const std::size_t room = out.size() - written;
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(left, room));
    copy(position_, out.subspan(written, count));
    position_ += count;
    produced_ += count;
    written += count;
  }
  return written;
}

void DicomBody::pass_over(std::uint64_t bytes) {
  while (bytes > 0) {
    const std::uint64_t left = segment_size() - position_;
    if (left == 0 && !advance()) throw std::runtime_error("an instance is shorter than was said");
    const std::uint64_t count = std::min(left, bytes);
    position_ += count;
    produced_ += count;
    bytes -= count;
  }
}

bool DicomBody::is_at_file() const {
  if (segment_ != Segment::pixels || part_->pixels().file().descriptor() < 0) return false;
  const auto range = part_->pixels().range_at(position_);
  return range && range->size >= http::kLeastFromFile_bytes;
}

FileRange DicomBody::take_file(std::uint64_t most_bytes) {
  const auto from = part_->pixels().range_at(position_).value();
  const std::uint64_t count = std::min(from.size, most_bytes);
  FileRange range{part_->pixels().file(), from.offset, count};
  position_ += count;
  produced_ += count;
  return range;
}

void DicomBody::begin_part(Masked part) {
  part.look_at_cells(disclosure().demand());
  write_as_wished(part, wishes_, disclosure().demand());
  frame_.clear();
  if (!boundary_.empty()) {
    frame_ = part_head(boundary_, opened_ == 0 ? Place::first : Place::later,
                       dicom_type(part.transfer_syntax().uid));
  }
  part_ends_.push_back(produced_ + frame_.size() + part.size_bytes());
  part_ = std::move(part);
  segment_ = Segment::frame;
  ++opened_;
}

/// On to the next segment, which may be empty. False after the last.
bool DicomBody::advance() {
  if (closed_) return false;
  position_ = 0;
  if (part_ && segment_ != Segment::tail) {
    segment_ = static_cast<Segment>(static_cast<int>(segment_) + 1);
    return true;
  }
  part_.reset();
  if (opened_ < disclosure().size()) {
    begin_part(disclosure().take(opened_));
    return true;
  }
  closed_ = true;
  frame_ = end();
  segment_ = Segment::frame;
  return true;
}

std::uint64_t DicomBody::segment_size() const {
  if (segment_ == Segment::frame) return frame_.size();
  if (segment_ == Segment::head) return part_->head().size();
  return segment_ == Segment::pixels ? part_->pixel_size() : part_->tail().size();
}

void DicomBody::copy(std::uint64_t offset, std::span<core::Byte> out) const {
  if (segment_ == Segment::pixels) {
    part_->pixels().read(offset, out);
    return;
  }
  const core::ByteView from = segment_ == Segment::frame  ? core::as_bytes(frame_)
                              : segment_ == Segment::head ? part_->head()
                                                          : part_->tail();
  std::copy_n(from.begin() + static_cast<std::ptrdiff_t>(offset), out.size(), out.begin());
}

std::uint64_t DicomBody::instances_in(std::uint64_t bytes) const noexcept {
  const auto sent = std::upper_bound(part_ends_.begin(), part_ends_.end(), bytes);
  return static_cast<std::uint64_t>(sent - part_ends_.begin());
}

}  // namespace sekisho::dicomweb
