// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/json_body.h"

#include <json/reader.h>
#include <json/writer.h>

#include <algorithm>
#include <memory>

#include "core/utf8.h"

namespace sekisho::core {
namespace {

constexpr int kDeepestNesting = 16;

/// What jsoncpp would overlook: it recurses as deep as it is told to, and takes a comment behind a
/// value even where comments are off.
std::optional<std::string> overlooked_problem(std::string_view text) {
  int depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      if (++depth > kDeepestNesting) {
        return "nests deeper than " + std::to_string(kDeepestNesting) + " levels";
      }
    } else if (c == '}' || c == ']') {
      --depth;
    } else if (c == '/') {
      return "holds a comment";
    }
  }
  return std::nullopt;
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

bool is_one_line(const std::string& text) {
  return std::none_of(text.begin(), text.end(), is_control);
}

std::size_t characters(std::string_view utf8) {
  return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

/// A key as it may be shown again: JSON escapes can write what is no Unicode text.
std::string shown(const std::string& key) {
  constexpr std::size_t kLongestKey = 100;
  const bool plain = key.size() <= kLongestKey && is_utf8(key) && is_one_line(key);
  return plain ? '"' + key + '"' : "one of the keys";
}

}  // namespace

std::variant<Json::Value, Unreadable> parse_json_object(std::string_view text) {
  if (!is_utf8(text)) return Unreadable{"is not UTF-8"};
  if (auto problem = overlooked_problem(text)) return Unreadable{std::move(*problem)};
  Json::CharReaderBuilder builder;
  Json::CharReaderBuilder::strictMode(&builder.settings_);
  const std::unique_ptr<Json::CharReader> reader(builder.newCharReader());
  Json::Value root;
  std::string errors;
  if (!reader->parse(text.data(), text.data() + text.size(), &root, &errors)) {
    std::replace(errors.begin(), errors.end(), '\n', ' ');
    return Unreadable{"is not strict JSON: " + errors};
  }
  if (!root.isObject()) return Unreadable{"is not an object"};
  return root;
}

std::string to_text(const Json::Value& json) {
  Json::StreamWriterBuilder builder;
  builder["indentation"] = "";
  builder["emitUTF8"] = true;
  return Json::writeString(builder, json);
}

const Json::Value* BodyReader::value(const char* key) {
  known_.insert(key);
  return object_.isMember(key) ? &object_[key] : nullptr;
}

BodyReader& BodyReader::require(const char* key) {
  if (!object_.isMember(key)) complain(key, "is missing");
  return *this;
}

std::optional<std::string> BodyReader::raw_text(const char* key) {
  const Json::Value* found = value(key);
  if (found == nullptr) return std::nullopt;
  if (!found->isString() || !is_utf8(found->asString())) {
    complain(key, "must be a text");
    return std::nullopt;
  }
  return found->asString();
}

std::optional<std::string> BodyReader::text(const char* key, std::size_t limit) {
  auto written = raw_text(key);
  if (!written) return std::nullopt;
  if (!is_one_line(*written)) {
    complain(key, "must be one line without control characters");
    return std::nullopt;
  }
  if (characters(*written) > limit) {
    complain(key, "must have at most " + std::to_string(limit) + " characters");
    return std::nullopt;
  }
  return written;
}

std::optional<std::string> BodyReader::required_text(const char* key, std::size_t limit) {
  auto written = require(key).text(key, limit);
  if (!written || !written->empty()) return written;
  complain(key, "must not be empty");
  return std::nullopt;
}

std::optional<std::int64_t> BodyReader::number(const char* key, std::int64_t least,
                                               std::int64_t most) {
  const Json::Value* found = value(key);
  if (found == nullptr) return std::nullopt;
  const bool whole = found->type() == Json::intValue || found->type() == Json::uintValue;
  if (!whole || !found->isInt64() || found->asInt64() < least || found->asInt64() > most) {
    complain(key, "must be a whole number from " + std::to_string(least) + " to " +
                      std::to_string(most));
    return std::nullopt;
  }
  return found->asInt64();
}

std::optional<bool> BodyReader::flag(const char* key) {
  const Json::Value* found = value(key);
  if (found == nullptr) return std::nullopt;
  if (found->isBool()) return found->asBool();
  complain(key, "must be true or false");
  return std::nullopt;
}

std::optional<Time> BodyReader::time(const char* key) {
  return parsed(key, parse_rfc3339, "a time as in RFC 3339, such as 2026-01-31T09:00:00Z");
}

std::optional<std::vector<std::string>> BodyReader::texts(const char* key, std::size_t limit) {
  const Json::Value* found = value(key);
  if (found == nullptr) return std::nullopt;
  if (!found->isArray() || found->empty() || found->size() > limit) {
    complain(key, "must be a list of 1 to " + std::to_string(limit) + " texts");
    return std::nullopt;
  }
  std::vector<std::string> texts;
  std::set<std::string> seen;
  for (Json::ArrayIndex i = 0; i < found->size(); ++i) {
    const Json::Value& item = (*found)[i];
    const std::string place = std::string(key) + '[' + std::to_string(i) + ']';
    if (!item.isString() || !is_utf8(item.asString())) {
      complain(place, "must be a text");
    } else if (!seen.insert(item.asString()).second) {
      complain(place, "stands in the list twice");
    } else {
      texts.push_back(item.asString());
    }
  }
  if (texts.size() != found->size()) return std::nullopt;
  return texts;
}

std::optional<BodyReader> BodyReader::object(const char* key) {
  const Json::Value* found = value(key);
  if (found == nullptr) return std::nullopt;
  if (!found->isObject()) {
    complain(key, "must be an object");
    return std::nullopt;
  }
  return BodyReader(*found, path_ + key + '.', problems_);
}

void BodyReader::complain(const std::string& key, std::string_view what) {
  problems_.push_back('"' + path_ + key + "\" " + std::string(what) + '.');
}

void BodyReader::refuse_the_rest() {
  for (const std::string& key : object_.getMemberNames()) {
    if (known_.contains(key)) continue;
    std::string known;
    for (const std::string& name : known_) known += (known.empty() ? "" : ", ") + name;
    problems_.push_back(shown(path_ + key) +
                        " is not known here; known are: " + (known.empty() ? "none" : known) + '.');
  }
}

}  // namespace sekisho::core
