// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/report_page.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "core/dicom/padding.h"
#include "core/dicom/text_reader.h"
#include "core/markup.h"

namespace sekisho::dicomweb {
namespace {

using core::dicom::Dataset;
using core::dicom::Tag;
using core::dicom::TextReader;
using core::dicom::Token;

constexpr Tag kContentSequence{0x0040, 0xA730};
constexpr Tag kConceptNameCode{0x0040, 0xA043};
constexpr Tag kConceptCode{0x0040, 0xA168};
constexpr Tag kMeasuredValue{0x0040, 0xA300};
constexpr Tag kMeasurementUnits{0x0040, 0x08EA};
constexpr Tag kReferencedSop{0x0008, 0x1199};
constexpr Tag kCodeValue{0x0008, 0x0100};
constexpr Tag kCodeMeaning{0x0008, 0x0104};
constexpr Tag kNumericValue{0x0040, 0xA30A};
constexpr Tag kReferencedInstance{0x0008, 0x1155};

/// Where an item has its value (PS3.3 Table C.17.3-5): text, and what is written like it.
constexpr Tag kValues[] = {
    Tag{0x0040, 0xA120}, Tag{0x0040, 0xA121}, Tag{0x0040, 0xA122},
    Tag{0x0040, 0xA123}, Tag{0x0040, 0xA124}, Tag{0x0040, 0xA160},
};

/// What stands above the content, of the object as a whole.
struct Heading {
  Tag tag;
  std::string_view label;
};
constexpr Heading kHeadings[] = {
    {Tag{0x0010, 0x0010}, "患者氏名 Patient's Name"},
    {Tag{0x0010, 0x0020}, "患者 ID Patient ID"},
    {Tag{0x0010, 0x0030}, "生年月日 Birth Date"},
    {Tag{0x0010, 0x0040}, "性別 Sex"},
    {Tag{0x0008, 0x0020}, "検査日 Study Date"},
    {Tag{0x0008, 0x1030}, "検査記述 Study Description"},
    {Tag{0x0008, 0x0023}, "作成日 Content Date"},
    {Tag{0x0008, 0x0033}, "作成時刻 Content Time"},
    {Tag{0x0040, 0xA491}, "完成 Completion"},
    {Tag{0x0040, 0xA493}, "確認 Verification"},
};
constexpr std::string_view kUnnamed = "レポート Report";
constexpr std::string_view kReference = "参照 Reference";

/// Text in a page is text, whatever it looks like.
void append_escaped(std::string& out, std::string_view text) {
  for (const char c : text) {
    // No character of HTML (§13.5), line ends and tabs apart.
    const bool is_one = static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t';
    if (is_one) core::append_markup(out, c);
  }
}

struct Item {
  std::string name;
  std::string value;
  std::string unit;
  std::vector<std::string> references;
  std::vector<Item> content;
};

/// Makes items of the tokens of a report. The walk is no deeper than core::dicom::kMaxDepth.
class Reader {
 public:
  void see(const Token& token);

  Item report;
  std::array<std::string, std::size(kHeadings)> headings;

 private:
  /// The item that the walk is in.
  Item& item();
  void take(const Token& token);
  void take_in_item(Tag tag, std::string_view text);
  bool is_in(std::initializer_list<Tag> sequences) const;

  TextReader texts_;
  std::vector<Tag> around_;     ///< sequences around the walk
  std::size_t in_content_ = 0;  ///< how many of them, from the outermost, are content
  std::string scratch_;
};

Item& Reader::item() {
  Item* item = &report;
  for (std::size_t i = 0; i < in_content_; ++i) item = &item->content.back();
  return *item;
}

bool Reader::is_in(std::initializer_list<Tag> sequences) const {
  return std::ranges::equal(std::span(around_).subspan(in_content_), sequences);
}

void Reader::see(const Token& token) {
  texts_.see(token);
  switch (token.kind) {
    case Token::Kind::sequence_begin:
      around_.push_back(token.tag);
      break;
    case Token::Kind::sequence_end:
      around_.pop_back();
      break;
    case Token::Kind::item_begin:
      if (token.tag != kContentSequence || in_content_ + 1 != around_.size()) break;
      item().content.emplace_back();
      ++in_content_;
      break;
    case Token::Kind::item_end:
      if (token.tag == kContentSequence && in_content_ == around_.size()) --in_content_;
      break;
    case Token::Kind::element:
      take(token);
      break;
    default:
      break;
  }
}

void Reader::take(const Token& token) {
  const bool is_meaning = token.tag == kCodeMeaning;
  const bool is_value = (is_meaning && is_in({kConceptCode})) ||
                        (token.tag == kNumericValue && is_in({kMeasuredValue}));
  if (is_in({})) {
    take_in_item(token.tag, texts_.text(token, scratch_));
  } else if (is_value) {
    item().value = texts_.text(token, scratch_);
  } else if (is_meaning && is_in({kConceptNameCode})) {
    item().name = texts_.text(token, scratch_);
  } else if (is_in({kMeasuredValue, kMeasurementUnits}) && token.tag == kCodeValue) {
    item().unit = texts_.text(token, scratch_);
  } else if (is_in({kReferencedSop}) && token.tag == kReferencedInstance) {
    item().references.emplace_back(texts_.text(token, scratch_));
  }
}

void Reader::take_in_item(Tag tag, std::string_view text) {
  if (std::ranges::find(kValues, tag) != std::end(kValues)) item().value = text;
  if (in_content_ > 0) return;
  for (std::size_t i = 0; i < std::size(kHeadings); ++i) {
    if (kHeadings[i].tag == tag) headings[i] = text;
  }
}

constexpr std::string_view kStyle =
    "body{font:1rem/1.5 sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem}"
    "dl{display:grid;grid-template-columns:max-content 1fr;gap:0 1rem;border-bottom:1px solid}"
    "dt{opacity:.7}dd{margin:0}p{white-space:pre-wrap;overflow-wrap:anywhere;margin:.3rem 0}"
    "section{margin-left:1rem}code{overflow-wrap:anywhere}";

void append_item(std::string& out, const Item& item, int level) {
  constexpr int kDeepestHeading = 6;
  const bool is_container = item.value.empty() && item.references.empty();
  if (is_container && !item.name.empty()) {
    const std::string heading = 'h' + std::to_string(std::min(level, kDeepestHeading));
    out.append("<").append(heading).append(">");
    append_escaped(out, item.name);
    out.append("</").append(heading).append(">\n");
  } else if (!is_container) {
    out += "<p>";
    if (!item.name.empty()) {
      out += "<b>";
      append_escaped(out, item.name);
      out += ":</b> ";
    }
    append_escaped(out, item.value);
    if (!item.unit.empty()) out += ' ';
    append_escaped(out, item.unit);
    for (const std::string& reference : item.references) {
      out.append(kReference).append(" <code>");
      append_escaped(out, reference);
      out += "</code> ";
    }
    out += "</p>\n";
  }
  if (item.content.empty()) return;
  out += "<section>\n";
  for (const Item& each : item.content) append_item(out, each, level + 1);
  out += "</section>\n";
}

}  // namespace

std::string report_page(std::span<const Dataset> parts, const core::Demand& demand) {
  Reader reader;
  for (const Dataset& part : parts) {
    demand.ask();
    core::dicom::for_each_token(part, [&](const Token& token) { reader.see(token); });
  }
  Item& report = reader.report;
  if (report.name.empty()) report.name = kUnnamed;
  std::string page = "<!DOCTYPE html>\n<html lang=\"ja\">\n<meta charset=\"utf-8\">\n<title>";
  append_escaped(page, report.name);
  page.append("</title>\n<style>").append(kStyle).append("</style>\n<dl>\n");
  for (std::size_t i = 0; i < std::size(kHeadings); ++i) {
    if (reader.headings[i].empty()) continue;
    page.append("<dt>").append(kHeadings[i].label).append("</dt><dd>");
    append_escaped(page, reader.headings[i]);
    page += "</dd>\n";
  }
  page += "</dl>\n";
  append_item(page, report, 1);
  return page += "</html>\n";
}

}  // namespace sekisho::dicomweb
