// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "audit/report/question.h"
#include "core/time.h"

namespace sekisho::audit::report {

/// On whose word a text stands: the reader sees the difference.
enum class Voice {
  log,       ///< it stands in entries that are proven, or is counted from them
  hospital,  ///< it was encrypted, and the hospital opened it; or the hospital says so here
};
enum class Size { main, minor };
/// How letters look: in codes no two may look alike.
enum class Face { words, code };

/// A line of a cell. UTF-8 without control characters, whatever the log held.
struct Line {
  std::string label;  ///< what `text` is; may be empty
  std::string text;
  Voice voice = Voice::log;
  Size size = Size::main;
  Face face = Face::words;
};
using Cell = std::vector<Line>;
using Row = std::vector<Cell>;

struct Column {
  std::string_view name;
  int width;  ///< in parts of the sum of all
};
struct Table {
  std::string_view caption;
  std::vector<Column> columns;
  std::vector<Row> rows;  ///< the first cell is the row's heading
};
struct Section {
  std::string_view heading;
  std::vector<std::string> paragraphs;
};

/// What the patient need not read, and whoever checks the report does.
struct Annex {
  std::string_view heading;
  std::string_view introduction;
  std::vector<Line> facts;  ///< each with its label
  Table studies;
  Table details;
  std::vector<Section> notes;
  std::string_view checkpoint_heading;
  std::string checkpoint;
};

/// A report in words of its language, whatever it is drawn on. A value.
struct Document {
  Language language = Language::japanese;
  std::string_view title;
  std::string_view introduction;
  core::Time made;
  std::vector<Line> facts;  ///< each with its label
  Table summary;
  Table acts;
  std::string_view no_acts;  ///< in place of all tables where there are no rows
  std::vector<Section> notes;
  Annex annex;
};

}  // namespace sekisho::audit::report
