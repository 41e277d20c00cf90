// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "core/bytes.h"
#include "disclosure/disclosure.h"
#include "http/body.h"

namespace sekisho::dicomweb {

/// A body made of what was disclosed: it goes on as long as that does, and its end is that one's.
class DisclosedBody : public http::Body {
 public:
  const audit::Receipt& receipt() const { return disclosure_.receipt(); }
  /// It lacks instances that were asked for.
  bool is_incomplete() const { return disclosure_.is_incomplete(); }

  std::size_t read(std::span<core::Byte> out) final {
    try {
      return fill(out);
    } catch (const core::DemandOver&) {
      throw;  // who does not wait, or may not have it, has cut it off: that is no trouble
    } catch (...) {
      disclosure_.fail();
      throw;
    }
  }
  /// What is sent of an instance or a frame behind this is not all of it.
  void skip(std::uint64_t bytes) final {
    skipped_ += bytes;
    pass_over(bytes);
  }
  bool may_go_on() const final { return disclosure_.may_go_on(); }
  void finished(bool complete, std::uint64_t bytes_sent) noexcept final {
    using disclosure::Ending;
    const std::uint64_t from_begin = skipped_ == 0 ? bytes_sent : 0;
    disclosure_.end(complete ? Ending::complete : Ending::aborted, instances_in(from_begin),
                    bytes_sent, frames_in(from_begin));
  }
  void unsent() noexcept final { disclosure_.end(disclosure::Ending::header, 0, 0); }

 protected:
  explicit DisclosedBody(disclosure::Disclosure disclosure) : disclosure_(std::move(disclosure)) {}
  disclosure::Disclosure& disclosure() { return disclosure_; }
  const disclosure::Disclosure& disclosure() const { return disclosure_; }

 private:
  /// As read().
  virtual std::size_t fill(std::span<core::Byte> out) = 0;
  /// As skip().
  virtual void pass_over(std::uint64_t bytes) { http::Body::skip(bytes); }
  /// How many instances are whole in the first `bytes`.
  virtual std::uint64_t instances_in(std::uint64_t bytes) const noexcept = 0;
  /// How many frames, or pictures of frames, are whole in them and leave by themselves.
  virtual std::uint64_t frames_in(std::uint64_t /*bytes*/) const noexcept { return 0; }

  disclosure::Disclosure disclosure_;
  std::uint64_t skipped_ = 0;
};

}  // namespace sekisho::dicomweb
