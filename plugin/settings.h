// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <json/value.h>

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/setup_trouble.h"

namespace sekisho::plugin {

/// Everything wrong with a configuration so far, one sentence each.
using Problems = std::vector<std::string>;

/// Reads one JSON object of the configuration key by key and complains of the rest. A getter gives
/// `nullopt` for a key that is absent or wrong; the wrong ones are in `problems`.
class Settings {
 public:
  /// `path` names the object in complaints: "Sekisho.Gateway". Both outlive this.
  Settings(const Json::Value& object, std::string path, Problems& problems);

  bool has(const char* key) const;
  std::optional<std::string> text(const char* key);
  std::optional<std::int64_t> number(const char* key, std::int64_t least, std::int64_t most);
  std::optional<bool> flag(const char* key);
  std::optional<Settings> object(const char* key);
  /// A list of texts and nothing else.
  std::optional<std::vector<std::string>> texts(const char* key);
  /// A list of objects and nothing else.
  std::optional<std::vector<Settings>> objects(const char* key);
  /// Any value, written as JSON, for a reader of its own.
  std::optional<std::string> json(const char* key);
  /// An absolute path.
  std::optional<std::string> path(const char* key);
  /// The same with its name; an empty path where there is none.
  core::ConfiguredPath file(const char* key);

  /// What names this object to people.
  std::string name() const { return '"' + path_ + '"'; }

  void complain(const char* key, const std::string& what);
  /// What such a reader complains of: a sentence that names its place below this object.
  void complain_text(const std::string& sentence);
  /// Complains if the key is absent.
  void require(const char* key, const std::string& meaning);
  /// Complains of every key that nobody asked for.
  void refuse_the_rest();

 private:
  std::string name(const std::string& key) const { return '"' + path_ + '.' + key + '"'; }
  const Json::Value* find(const char* key);
  /// A list whose items are all of one kind; null where it is absent, or complained of as wrong.
  const Json::Value* list(const char* key, bool (Json::Value::*is_of_kind)() const,
                          const char* kind);

  const Json::Value* object_;
  std::string path_;
  Problems* problems_;
  std::set<std::string> known_;
};

}  // namespace sekisho::plugin
