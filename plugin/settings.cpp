// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/settings.h"

#include <json/writer.h>

#include <algorithm>
#include <filesystem>
#include <numeric>
#include <string_view>

#include "core/letter_case.h"

namespace sekisho::plugin {
namespace {

constexpr std::size_t kLikelyTypo = 2;  // edits

/// Levenshtein distance, letters of either case being equal.
std::size_t edits_between(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (core::lower(a[i]) == core::lower(b[j]) ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

}  // namespace

Settings::Settings(const Json::Value& object, std::string path, Problems& problems)
    : object_(&object), path_(std::move(path)), problems_(&problems) {}

bool Settings::has(const char* key) const { return object_->isMember(key); }

const Json::Value* Settings::find(const char* key) {
  known_.insert(key);
  return object_->isMember(key) ? &(*object_)[key] : nullptr;
}

std::optional<std::string> Settings::text(const char* key) {
  const Json::Value* value = find(key);
  if (value == nullptr) return std::nullopt;
  if (!value->isString()) {
    complain(key, "must be a text");
    return std::nullopt;
  }
  return value->asString();
}

std::optional<std::int64_t> Settings::number(const char* key, std::int64_t least,
                                             std::int64_t most) {
  const Json::Value* value = find(key);
  if (value == nullptr) return std::nullopt;
  if (value->type() != Json::intValue && value->type() != Json::uintValue) {
    complain(key, "must be a whole number");
    return std::nullopt;
  }
  if (!value->isInt64() || value->asInt64() < least || value->asInt64() > most) {
    complain(key, "must lie between " + std::to_string(least) + " and " + std::to_string(most));
    return std::nullopt;
  }
  return value->asInt64();
}

std::optional<bool> Settings::flag(const char* key) {
  const Json::Value* value = find(key);
  if (value == nullptr) return std::nullopt;
  if (!value->isBool()) {
    complain(key, "must be true or false");
    return std::nullopt;
  }
  return value->asBool();
}

std::optional<std::string> Settings::json(const char* key) {
  const Json::Value* value = find(key);
  if (value == nullptr) return std::nullopt;
  Json::StreamWriterBuilder builder;
  builder["indentation"] = "";
  return Json::writeString(builder, *value);
}

std::optional<Settings> Settings::object(const char* key) {
  const Json::Value* value = find(key);
  if (value == nullptr) return std::nullopt;
  if (!value->isObject()) {
    complain(key, "must be an object");
    return std::nullopt;
  }
  return Settings(*value, path_ + '.' + key, *problems_);
}

const Json::Value* Settings::list(const char* key, bool (Json::Value::*is_of_kind)() const,
                                  const char* kind) {
  const Json::Value* value = find(key);
  if (value == nullptr) return nullptr;
  if (value->isArray() && std::all_of(value->begin(), value->end(), [&](const Json::Value& item) {
        return (item.*is_of_kind)();
      })) {
    return value;
  }
  complain(key, std::string("must be a list of ") + kind);
  return nullptr;
}

std::optional<std::vector<std::string>> Settings::texts(const char* key) {
  const Json::Value* value = list(key, &Json::Value::isString, "texts");
  if (value == nullptr) return std::nullopt;
  std::vector<std::string> all;
  for (const Json::Value& item : *value) all.push_back(item.asString());
  return all;
}

std::optional<std::vector<Settings>> Settings::objects(const char* key) {
  const Json::Value* value = list(key, &Json::Value::isObject, "objects");
  if (value == nullptr) return std::nullopt;
  std::vector<Settings> all;
  for (Json::ArrayIndex i = 0; i < value->size(); ++i) {
    all.push_back(
        Settings((*value)[i], path_ + '.' + key + '[' + std::to_string(i) + ']', *problems_));
  }
  return all;
}

std::optional<std::string> Settings::path(const char* key) {
  std::optional<std::string> value = text(key);
  if (value && !std::filesystem::path(*value).is_absolute()) {
    complain(key, "must be an absolute path");
    return std::nullopt;
  }
  return value;
}

core::ConfiguredPath Settings::file(const char* key) { return {path(key).value_or(""), name(key)}; }

void Settings::complain_text(const std::string& sentence) {
  problems_->push_back(path_ + '.' + sentence);
}

void Settings::complain(const char* key, const std::string& what) {
  problems_->push_back(name(key) + ' ' + what + '.');
}

void Settings::require(const char* key, const std::string& meaning) {
  if (!has(key)) problems_->push_back(name(key) + " is missing: " + meaning + '.');
}

void Settings::refuse_the_rest() {
  for (const std::string& key : object_->getMemberNames()) {
    if (known_.contains(key)) continue;
    std::string problem = name(key) + " is not a setting";
    const auto nearest =
        std::ranges::min_element(known_, {}, [&](const auto& k) { return edits_between(k, key); });
    if (nearest != known_.end() && edits_between(*nearest, key) <= kLikelyTypo) {
      problem += "; did you mean \"" + *nearest + "\"?";
    } else {
      problem += '.';
    }
    problems_->push_back(std::move(problem));
  }
}

}  // namespace sekisho::plugin
