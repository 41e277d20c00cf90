// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace sekisho::core {

/// A long text that many values have: copies of it are one in memory, and it is hashed once. An
/// immutable value; any thread.
class SharedText {
 public:
  SharedText() : SharedText(std::string()) {}
  // NOLINTNEXTLINE(google-explicit-constructor): a text is one of these wherever one is wanted
  SharedText(std::string text) : held_(std::make_shared<const Held>(std::move(text))) {}
  // NOLINTNEXTLINE(google-explicit-constructor)
  SharedText(const char* text) : SharedText(std::string(text)) {}

  const std::string& str() const { return held_->text; }
  std::size_t hash() const { return held_->hash; }

  friend bool operator==(const SharedText& one, const SharedText& other) {
    return one.held_ == other.held_ || (one.hash() == other.hash() && one.str() == other.str());
  }

 private:
  struct Held {
    explicit Held(std::string said) : text(std::move(said)), hash(std::hash<std::string>{}(text)) {}
    std::string text;
    std::size_t hash;
  };
  std::shared_ptr<const Held> held_;
};

}  // namespace sekisho::core

template <>
struct std::hash<sekisho::core::SharedText> {
  std::size_t operator()(const sekisho::core::SharedText& text) const noexcept {
    return text.hash();
  }
};
