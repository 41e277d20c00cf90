// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/bodies.h"

#include <algorithm>
#include <stdexcept>

#include "dicomweb/dicom_json.h"

namespace sekisho::dicomweb {
namespace {

using anonymization::Masked;

constexpr std::int64_t kLivenessHoldsFor_us = 100'000;
/// Less than that is cheaper to copy.
constexpr std::uint64_t kLeastFromFile_bytes = 16 * 1024;

std::string delimiter(std::string_view boundary, std::size_t part, const Masked& instance) {
  if (boundary.empty()) return {};
  std::string text = part == 0 ? "--" : "\r\n--";
  text += boundary;
  text += "\r\nContent-Type: application/dicom; transfer-syntax=";
  text += instance.transfer_syntax().uid;
  text += "\r\n\r\n";
  return text;
}

/// The series of `instances` that staff have approved, ascending.
std::vector<core::SeriesKey> approved_of(const ShareView& view,
                                         const std::vector<InstanceRef>& instances) {
  std::vector<core::SeriesKey> approved;
  const ShownSeries* last = nullptr;
  for (const InstanceRef& instance : instances) {
    if (view.approved().empty() || instance.series == last) continue;
    last = instance.series;
    core::SeriesKey series = instance.key().series;
    if (std::ranges::binary_search(view.approved(), series)) approved.push_back(std::move(series));
  }
  std::ranges::sort(approved);
  return approved;
}

std::string last_delimiter(std::string_view boundary) {
  return boundary.empty() ? std::string() : "\r\n--" + std::string(boundary) + "--\r\n";
}

}  // namespace

InstanceSource::InstanceSource(const Ports& ports, std::shared_ptr<const ShareView> view,
                               std::vector<InstanceRef> instances, std::uint64_t receipt,
                               core::Time live_at)
    : ports_(ports),
      view_(std::move(view)),
      instances_(std::move(instances)),
      approved_(approved_of(*view_, instances_)),
      receipt_(receipt),
      asked_at_us_(live_at.time_since_epoch().count()) {}

Masked InstanceSource::open(std::size_t index) {
  const auto refuse = [&](std::string_view why) {
    const std::string text = "share " + view_->share().text() + ", receipt " +
                             std::to_string(receipt_) + ": answer cut, " + std::string(why);
    ports_.report(core::Severity::warning, text);
    throw std::runtime_error(text);
  };
  if (!ports_.shares.is_live(view_->share(), ports_.clock(), approved_)) {
    stop_ = Stop::dead_share;
    refuse("the share is no longer live, or an approval was withdrawn");
  }
  auto fetched = fetch(ports_.store, *view_, instances_[index]);
  if (const auto* why = std::get_if<Unavailable>(&fetched)) {
    stop_ = Stop::unavailable;
    refuse("an instance is " + std::string(name(*why)));
  }
  return std::move(std::get<Masked>(fetched));
}

bool InstanceSource::may_go_on() const {
  const core::Time now = ports_.clock();
  const std::int64_t now_us = now.time_since_epoch().count();
  const std::int64_t asked_at = asked_at_us_.load(std::memory_order_relaxed);
  const bool fresh = now_us >= asked_at && now_us - asked_at < kLivenessHoldsFor_us;
  if (fresh || !live_) return live_;
  try {
    if (!ports_.shares.is_live(view_->share(), now, approved_)) live_ = false;
  } catch (const core::db::Error&) {
    // Asked between two buffers, where nobody waits for an exception: what cannot be known to be
    // live is not.
    live_ = false;
  }
  asked_at_us_.store(now_us, std::memory_order_relaxed);
  return live_;
}

Ending InstanceSource::ending(bool complete) const {
  if (complete) return Ending::complete;
  if (stop() == Stop::unavailable) return Ending::unavailable;
  return stop() == Stop::dead_share ? Ending::revoked : Ending::aborted;
}

DicomBody::DicomBody(std::unique_ptr<InstanceSource> source, std::optional<Masked> first,
                     std::string boundary, Showing showing)
    : source_(std::move(source)), boundary_(std::move(boundary)), showing_(std::move(showing)) {
  if (first) begin_part(std::move(*first));
}

std::uint64_t DicomBody::size_of(const Masked& instance, std::string_view boundary) {
  return delimiter(boundary, 0, instance).size() + instance.size_bytes() +
         last_delimiter(boundary).size();
}

std::size_t DicomBody::read(std::span<core::Byte> out) {
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

bool DicomBody::is_at_file() const {
  return segment_ == Segment::pixels && part_->pixels().descriptor() >= 0 &&
         segment_size() - position_ >= kLeastFromFile_bytes;
}

FileRange DicomBody::take_file(std::uint64_t most_bytes) {
  const std::uint64_t count = std::min(segment_size() - position_, most_bytes);
  FileRange range{part_->pixels(), part_->pixel_offset() + position_, count};
  position_ += count;
  produced_ += count;
  return range;
}

void DicomBody::begin_part(Masked part) {
  frame_ = delimiter(boundary_, opened_, part);
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
  if (opened_ < source_->size()) {
    begin_part(source_->open(opened_));
    return true;
  }
  closed_ = true;
  frame_ = last_delimiter(boundary_);
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
    part_->pixels().read(part_->pixel_offset() + offset, out);
    return;
  }
  const core::ByteView from = segment_ == Segment::frame  ? core::as_bytes(frame_)
                              : segment_ == Segment::head ? part_->head()
                                                          : part_->tail();
  std::copy_n(from.begin() + static_cast<std::ptrdiff_t>(offset), out.size(), out.begin());
}

void DicomBody::finished(bool complete, std::uint64_t bytes_sent) noexcept {
  const auto sent = std::upper_bound(part_ends_.begin(), part_ends_.end(), bytes_sent);
  showing_.end(source_->ending(complete), static_cast<std::uint64_t>(sent - part_ends_.begin()),
               bytes_sent);
}

std::size_t MetadataBody::read(std::span<core::Byte> out) {
  while (text_.size() - position_ < out.size() && !closed_) {
    text_.erase(0, position_);
    position_ = 0;
    if (next_ < source_->size()) {
      text_ += next_ == 0 ? '[' : ',';
      append_metadata(text_, source_->open(next_));
      ++next_;
    } else {
      text_ += next_ == 0 ? "[]" : "]";
      closed_ = true;
    }
  }
  const std::size_t count = std::min(out.size(), text_.size() - position_);
  const auto from = core::as_bytes(text_).subspan(position_, count);
  std::copy(from.begin(), from.end(), out.begin());
  position_ += count;
  return count;
}

void MetadataBody::finished(bool complete, std::uint64_t bytes_sent) noexcept {
  if (showing_) showing_->end(source_->ending(complete), 0, bytes_sent);
}

void append_metadata(std::string& out, const Masked& instance) {
  const auto& syntax = instance.transfer_syntax();
  const Dataset parts[] = {
      {instance.head().subspan(instance.dataset_offset()), syntax.vr, syntax.order},
      {instance.tail(), syntax.vr, syntax.order},
  };
  // Metadata has no group 2; viewers still want to know what they would retrieve.
  const Extra extras[] = {{tags::kAvailableTransferSyntaxUid, core::dicom::Vr::UI, syntax.uid}};
  append_json(out, parts, kEverything, extras);
}

}  // namespace sekisho::dicomweb
