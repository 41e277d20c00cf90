// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <json/value.h>

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/time.h"

namespace sekisho::core {

/// Why a text is no JSON object, to go behind "The body": "is not UTF-8".
struct Unreadable {
  std::string why;
};

/// One JSON object, strictly: no comments, no repeated keys, nothing after it, UTF-8, nested at
/// most 16 deep (jsoncpp recurses, and this runs inside a PACS).
std::variant<Json::Value, Unreadable> parse_json_object(std::string_view text);

/// Compact, UTF-8.
std::string to_text(const Json::Value& json);

/// Everything wrong with a request, one sentence each.
using RequestProblems = std::vector<std::string>;

/// Reads the object of one request key by key and collects everything that is wrong with it. A
/// getter gives `nullopt` for a key that is absent or wrong; the wrong ones are in the problems.
/// One thread; the object and the problems outlive it.
class BodyReader {
 public:
  BodyReader(const Json::Value& object, RequestProblems& problems)
      : BodyReader(object, "", problems) {}

  /// Complains if the key is absent.
  BodyReader& require(const char* key);

  /// One line of at most `limit` characters.
  std::optional<std::string> text(const char* key, std::size_t limit);
  /// The same, not empty; complains if it is absent.
  std::optional<std::string> required_text(const char* key, std::size_t limit);
  /// Any text.
  std::optional<std::string> raw_text(const char* key);
  std::optional<std::int64_t> number(const char* key, std::int64_t least, std::int64_t most);
  std::optional<bool> flag(const char* key);
  /// RFC 3339.
  std::optional<Time> time(const char* key);
  /// Between 1 and `limit` texts, none twice.
  std::optional<std::vector<std::string>> texts(const char* key, std::size_t limit);
  std::optional<BodyReader> object(const char* key);
  /// Whether the key is there, without asking for it.
  bool has(const char* key) const { return object_.isMember(key); }
  /// What the caller checks; null if absent.
  const Json::Value* value(const char* key);
  /// A text that `parse` makes something of; `meaning` says what it must be.
  template <class Parse>
  auto parsed(const char* key, Parse parse, std::string_view meaning)
      -> decltype(parse(std::string_view())) {
    const auto written = raw_text(key);
    if (!written) return std::nullopt;
    auto result = parse(std::string_view(*written));
    if (!result) complain(key, "must be " + std::string(meaning));
    return result;
  }

  void complain(const std::string& key, std::string_view what);
  /// Complains of every key that nobody asked for.
  void refuse_the_rest();

 private:
  BodyReader(const Json::Value& object, std::string path, RequestProblems& problems)
      : object_(object), path_(std::move(path)), problems_(problems) {}

  const Json::Value& object_;
  std::string path_;  ///< "" or "Scope."
  RequestProblems& problems_;
  std::set<std::string> known_;
};

}  // namespace sekisho::core
