// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dicomweb/fetch.h"
#include "dicomweb/ports.h"
#include "dicomweb/reply.h"
#include "dicomweb/viewing.h"

namespace sekisho::dicomweb {

/// The masked instances of one answer, one at a time, for as long as their share is live and what
/// staff approved of them is not withdrawn. One
/// thread at a time but where it says otherwise.
class InstanceSource {
 public:
  /// Why it stopped giving.
  enum class Stop { none, dead_share, unavailable };

  /// `ports` outlives this. `receipt` is where the answer stands in the log. The share was live at
  /// `live_at`.
  InstanceSource(const Ports& ports, std::shared_ptr<const ShareView> view,
                 std::vector<InstanceRef> instances, std::uint64_t receipt, core::Time live_at);

  std::size_t size() const { return instances_.size(); }
  /// Throws std::runtime_error where the share has died or the instance cannot be given: a list
  /// that silently lacks one would be taken for the whole.
  anonymization::Masked open(std::size_t index);
  /// Asks nobody: what was found while bytes were asked for.
  Stop stop() const { return live_ ? stop_ : Stop::dead_share; }
  /// How an answer from here ended.
  Ending ending(bool complete) const;
  /// The share is live, as far as the last 100 ms know. False too when the database cannot tell.
  /// Any thread.
  bool may_go_on() const;

 private:
  const Ports& ports_;
  const std::shared_ptr<const ShareView> view_;
  const std::vector<InstanceRef> instances_;
  const std::vector<core::SeriesKey> approved_;  ///< whose images are among them
  const std::uint64_t receipt_;
  Stop stop_ = Stop::none;
  mutable std::atomic<bool> live_{true};
  mutable std::atomic<std::int64_t> asked_at_us_;
};

/// Part 10 files: several in multipart/related, or one as it is. Masks a part when its turn comes
/// and gives pixel elements out by reference to the archive's file, or copied straight from it into
/// the caller's buffer.
class DicomBody final : public Body {
 public:
  /// An empty `boundary` makes a single part of the only instance. `first` is the first instance
  /// where it is masked already. `showing` is told how the body ended.
  DicomBody(std::unique_ptr<InstanceSource> source, std::optional<anonymization::Masked> first,
            std::string boundary, Showing showing);

  std::size_t read(std::span<core::Byte> out) override;
  bool is_at_file() const override;
  FileRange take_file(std::uint64_t most_bytes) override;
  bool may_go_on() const override { return source_->may_go_on(); }
  void finished(bool complete, std::uint64_t bytes_sent) noexcept override;

  /// How long the body of a single instance is.
  static std::uint64_t size_of(const anonymization::Masked& instance, std::string_view boundary);

 private:
  enum class Segment { frame, head, pixels, tail };
  void begin_part(anonymization::Masked part);
  bool advance();
  std::uint64_t segment_size() const;
  void copy(std::uint64_t offset, std::span<core::Byte> out) const;

  const std::unique_ptr<InstanceSource> source_;
  const std::string boundary_;
  Showing showing_;
  std::size_t opened_ = 0;                     ///< instances so far
  std::optional<anonymization::Masked> part_;  ///< the one being sent
  std::string frame_;                          ///< the delimiter before it, or the last of all
  Segment segment_ = Segment::frame;
  std::uint64_t position_ = 0;  ///< in the segment
  std::uint64_t produced_ = 0;  ///< bytes in all
  bool closed_ = false;
  std::vector<std::uint64_t> part_ends_;  ///< where in the body each part ends
};

/// A JSON array of the metadata of instances.
class MetadataBody final : public Body {
 public:
  explicit MetadataBody(std::unique_ptr<InstanceSource> source) : source_(std::move(source)) {}
  /// All of it is `made` already: what one instance is told of in a viewing.
  MetadataBody(std::unique_ptr<InstanceSource> source, std::string made, Showing showing)
      : source_(std::move(source)),
        showing_(std::move(showing)),
        text_(std::move(made)),
        closed_(true) {}

  std::size_t read(std::span<core::Byte> out) override;
  bool may_go_on() const override { return source_->may_go_on(); }
  void finished(bool complete, std::uint64_t bytes_sent) noexcept override;

 private:
  const std::unique_ptr<InstanceSource> source_;
  std::optional<Showing> showing_;  ///< without one, all is on record with the intent
  std::size_t next_ = 0;
  std::string text_;  ///< made, and from position_ on not yet handed out
  std::size_t position_ = 0;
  bool closed_ = false;
};

/// The metadata of one instance, as an object of the DICOM JSON Model.
void append_metadata(std::string& out, const anonymization::Masked& instance);

}  // namespace sekisho::dicomweb
