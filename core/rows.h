// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/bytes.h"
#include "core/database.h"
#include "core/digest.h"
#include "core/id.h"
#include "core/time.h"

namespace sekisho::core::db {

/// One run of a prepared statement, its parameters bound in order. Ready for the next run when it
/// is destroyed. Every method throws Error.
class Rows {
 public:
  template <class... Values>
  explicit Rows(Statement& statement, const Values&... values) : statement_(statement) {
    [[maybe_unused]] int index = 0;
    (bind_next(index, values), ...);
  }
  ~Rows() { statement_.tryReset(); }
  Rows(const Rows&) = delete;
  Rows& operator=(const Rows&) = delete;

  bool next() { return statement_.executeStep(); }
  /// For a statement that answers no rows: how many it changed.
  int execute() { return statement_.exec(); }

  std::string text(int column) const { return statement_.getColumn(column).getString(); }
  std::int64_t integer(int column) const { return statement_.getColumn(column).getInt64(); }
  bool is_null(int column) const { return statement_.isColumnNull(column); }
  ByteView bytes(int column) const { return bytes_of(statement_.getColumn(column)); }
  Time time(int column) const { return Time(std::chrono::microseconds(integer(column))); }
  std::optional<Time> optional_time(int column) const {
    if (is_null(column)) return std::nullopt;
    return time(column);
  }

 private:
  template <class Value>
  void bind_next(int& index, const Value& value) {
    bind(++index, value);
  }
  /// One parameter for each.
  void bind_next(int& index, const std::vector<std::string>& values) {
    for (const std::string& value : values) bind(++index, std::string_view(value));
  }
  void bind(int index, std::int64_t value) { statement_.bind(index, value); }
  void bind(int index, std::string_view value) { statement_.bind(index, std::string(value)); }
  void bind(int index, ByteView value) {
    statement_.bind(index, value.data(), static_cast<int>(value.size()));
  }
  void bind(int index, Time value) { bind(index, value.time_since_epoch().count()); }
  template <class Kind>
  void bind(int index, const Id<Kind>& value) {
    bind(index, std::string_view(value.text()));
  }
  template <class Value>
  void bind(int index, const std::optional<Value>& value) {
    if (value) {
      bind(index, *value);
    } else {
      statement_.bind(index);  // NULL
    }
  }

  Statement& statement_;
};

/// An id as stored. Throws Error for what is none: somebody else wrote the file.
template <class Id>
Id read_id(const Rows& rows, int column) {
  auto id = Id::parse(rows.text(column));
  if (!id) throw Error("the database holds an identifier that cannot be read");
  return std::move(*id);
}

inline Sha256 read_sha256(const Rows& rows, int column) {
  const ByteView bytes = rows.bytes(column);
  Sha256 hash{};
  if (bytes.size() != hash.size()) throw Error("the database holds a hash of wrong length");
  std::copy(bytes.begin(), bytes.end(), hash.begin());
  return hash;
}

/// The statements of one connection, prepared at their first use and kept: preparing costs more
/// than running most of them. One thread at a time, like the connection, which outlives this.
class Statements {
 public:
  explicit Statements(Database& database) : database_(database) {}

  /// At most one run of the same statement at a time.
  Statement& operator[](std::string_view sql) {
    const std::string text(sql);
    return prepared_.try_emplace(text, database_, text).first->second;
  }

 private:
  Database& database_;
  std::unordered_map<std::string, Statement> prepared_;
};

}  // namespace sekisho::core::db
