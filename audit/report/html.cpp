// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/report/html.h"

#include <array>
#include <utility>

#include "audit/export/xml.h"
#include "audit/proof/hash_lines.h"
#include "audit/report/words.h"
#include "core/digest.h"
#include "core/encoding.h"

namespace sekisho::audit::report {
namespace {

constexpr std::string_view kStyle = R"(
:root { --ink: #1c2733; --soft: #5b6875; --rule: #cfd6dd; --tint: #f3f6f8; --mark: #0b5d66; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 78rem; padding: 2.5rem 2rem; color: var(--ink); background: #fff;
  font: 16px/1.65 "Hiragino Sans", "Noto Sans JP", "Noto Sans CJK JP", "Yu Gothic", Meiryo,
  IPAexGothic, system-ui, sans-serif; overflow-wrap: break-word; }
header { border-bottom: 3px solid var(--mark); margin-bottom: 1rem; }
h1 { font-size: 1.7rem; line-height: 1.3; margin: 0 0 .6rem; }
h2 { font-size: 1.1rem; color: var(--mark); margin: 1.8rem 0 .4rem; }
dl { display: grid; grid-template-columns: repeat(2, max-content 1fr); gap: .2rem 1rem;
  margin: .8rem 0 1.2rem; }
dt, .label { color: var(--soft); }
dd { margin: 0; min-width: 0; }
.label { white-space: nowrap; }
table { width: 100%; border-collapse: collapse; table-layout: fixed; margin: 0 0 1rem;
  font-size: .92rem; line-height: 1.5; }
caption { text-align: left; font-size: 1.1rem; font-weight: bold; color: var(--mark);
  padding: 1.2rem 0 .5rem; }
th, td { text-align: left; vertical-align: top; padding: .5rem .6rem;
  border-bottom: 1px solid var(--rule); font-weight: normal; }
thead th { background: var(--tint); border-bottom: 2px solid var(--mark); font-weight: bold; }
thead th:first-child { padding-right: 0; white-space: nowrap; }
tbody tr:nth-child(even) { background: #fafbfc; }
th p, td p { margin: 0; }
.minor { font-size: .88em; color: #3f4c59; }
.opened { text-decoration: underline dotted #9aa5b0; text-underline-offset: .22em; }
section p { margin: .3rem 0; max-width: 62rem; }
article { border-top: 3px solid var(--rule); margin-top: 2.5rem; padding-top: 1.5rem;
  font-size: .88rem; }
article h1 { font-size: 1.25rem; }
article p { margin: .3rem 0; }
code, pre { font-family: "DejaVu Sans Mono", "Noto Sans Mono", Menlo, Consolas, monospace; }
code { font-size: .9em; overflow-wrap: anywhere; }
pre { font-size: 12px; line-height: 1.45; white-space: pre-wrap; overflow-wrap: anywhere;
  background: var(--tint); border: 1px solid var(--rule); padding: .8rem; margin: .4rem 0; }
#evidence { max-height: 18rem; overflow: auto; font-size: 10px; color: var(--soft); }
@media screen and (max-width: 50rem) {
  body { padding: 1rem; }
  dl { grid-template-columns: max-content 1fr; }
  table, caption, tbody, tr, th, td { display: block; width: 100%; }
  thead, colgroup { display: none; }
  tr { border-bottom: 2px solid var(--rule); padding: .5rem 0; }
  tbody th, tbody td { border: 0; padding: .15rem .4rem; display: grid;
    grid-template-columns: 6em 1fr; }
  tbody th::before, tbody td::before { content: attr(data-name); grid-column: 1;
    grid-row: 1 / span 20; color: var(--soft); font-size: .88em; }
  tbody p { grid-column: 2; min-width: 0; }
}
@media print {
  @page { size: A4 landscape; margin: 12mm;
    @bottom-right { content: counter(page) " / " counter(pages); font-size: 8pt; } }
  body { max-width: none; padding: 0; font-size: 9.5pt; }
  thead { display: table-header-group; }
  tr, section { break-inside: avoid; }
  h1, h2, caption, thead { break-after: avoid; }
  article { break-before: page; border: 0; margin: 0; padding: 0; }
  thead th, pre { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  footer { display: none; }
}
)";

constexpr std::string_view kEvidenceBegin = "<pre id=\"evidence\">\n";
constexpr std::string_view kEvidenceEnd = "</pre>";
constexpr Phrase kEvidence{"証拠（機械で読むためのもの）", "Evidence, for programs to read"};

/// What append_xml() writes for what may stand in evidence.
constexpr std::array<std::pair<std::string_view, char>, 5> kReferences = {{
    {"&amp;", '&'},
    {"&lt;", '<'},
    {"&gt;", '>'},
    {"&quot;", '"'},
    {"&#39;", '\''},
}};

/// Appends to a page. Text is escaped, tags are ours.
class Page {
 public:
  Page& tag(std::string_view markup) {
    out_ += markup;
    return *this;
  }
  Page& text(std::string_view text) {
    append_xml(out_, text);
    return *this;
  }
  /// With its line feeds as they are.
  Page& lines(std::string_view text) {
    while (const auto line = take_line(text)) this->text(*line).tag("\n");
    return this->text(text);
  }
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

/// What the line says, without its label.
void write_said(Page& page, const Line& line) {
  if (line.face == Face::code) page.tag("<code>");
  if (line.voice == Voice::hospital) page.tag("<span class=\"opened\">");
  page.text(line.text);
  if (line.voice == Voice::hospital) page.tag("</span>");
  if (line.face == Face::code) page.tag("</code>");
}

void write_line(Page& page, const Line& line) {
  page.tag(line.size == Size::minor ? "<p class=\"minor\">" : "<p>");
  if (!line.label.empty()) page.tag("<span class=\"label\">").text(line.label).tag("</span> ");
  write_said(page, line);
  page.tag("</p>");
}

void write_cell(Page& page, const Cell& cell, std::string_view tag, const Column& column) {
  page.tag("<").tag(tag).tag(" data-name=\"").text(column.name).tag("\">");
  for (const Line& line : cell) write_line(page, line);
  page.tag("</").tag(tag == "td" ? tag : "th").tag(">\n");
}

void write_table(Page& page, const Table& table, std::string_view kind) {
  page.tag("<table class=\"").tag(kind).tag("\">\n<caption>").text(table.caption);
  page.tag("</caption>\n<colgroup>");
  for (const Column& column : table.columns) {
    page.tag("<col width=\"").tag(std::to_string(column.width)).tag("%\">");
  }
  page.tag("</colgroup>\n<thead><tr>");
  for (const Column& column : table.columns) {
    page.tag("<th scope=\"col\">").text(column.name).tag("</th>");
  }
  page.tag("</tr></thead>\n<tbody>\n");
  for (const Row& row : table.rows) {
    page.tag("<tr>");
    for (std::size_t i = 0; i < row.size(); ++i) {
      write_cell(page, row[i], i == 0 ? "th scope=\"row\"" : "td", table.columns[i]);
    }
    page.tag("</tr>\n");
  }
  page.tag("</tbody>\n</table>\n");
}

/// The page may do nothing but look like this.
void write_head(Page& page, const Document& document) {
  const std::string style = core::to_base64(core::sha256(core::as_bytes(kStyle)));
  page.tag("<!DOCTYPE html>\n<html lang=\"").tag(language_code(document.language));
  page.tag("\">\n<head>\n<meta charset=\"utf-8\">\n");
  page.tag("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; ");
  page.tag("base-uri 'none'; form-action 'none'; style-src 'sha256-").tag(style).tag("'\">\n");
  page.tag("<meta name=\"viewport\" content=\"width=device-width\">\n");
  page.tag("<meta name=\"referrer\" content=\"no-referrer\">\n<title>").text(document.title);
  page.tag("</title>\n<style>").tag(kStyle).tag("</style>\n</head>\n<body>\n");
}

void write_facts(Page& page, const std::vector<Line>& facts) {
  page.tag("<dl>\n");
  for (const Line& fact : facts) {
    page.tag("<dt>").text(fact.label).tag("</dt><dd>");
    write_said(page, fact);
    page.tag("</dd>\n");
  }
  page.tag("</dl>\n");
}

void write_notes(Page& page, const std::vector<Section>& notes) {
  for (const Section& section : notes) {
    page.tag("<section>\n<h2>").text(section.heading).tag("</h2>\n");
    for (const std::string& paragraph : section.paragraphs) {
      page.tag("<p>").text(paragraph).tag("</p>\n");
    }
    page.tag("</section>\n");
  }
}

void write_annex(Page& page, const Annex& annex) {
  page.tag("<article>\n<h1>").text(annex.heading).tag("</h1>\n<p>").text(annex.introduction);
  page.tag("</p>\n");
  write_facts(page, annex.facts);
  if (!annex.studies.rows.empty()) write_table(page, annex.studies, "studies");
  if (!annex.details.rows.empty()) write_table(page, annex.details, "details");
  write_notes(page, annex.notes);
  page.tag("<section>\n<h2>").text(annex.checkpoint_heading).tag("</h2>\n<pre>\n");
  page.lines(annex.checkpoint).tag("</pre>\n</section>\n</article>\n");
}

}  // namespace

std::string write_html(const Document& document, std::string_view evidence) {
  Page page;
  write_head(page, document);
  page.tag("<header>\n<h1>").text(document.title).tag("</h1>\n<p>").text(document.introduction);
  page.tag("</p>\n");
  write_facts(page, document.facts);
  page.tag("</header>\n<main>\n");
  if (document.acts.rows.empty()) {
    page.tag("<p>").text(document.no_acts).tag("</p>\n");
  } else {
    write_table(page, document.summary, "summary");
    write_table(page, document.acts, "acts");
  }
  write_notes(page, document.notes);
  write_annex(page, document.annex);
  page.tag("</main>\n<footer>\n<h2>").text(kEvidence.in(document.language)).tag("</h2>\n");
  page.tag(kEvidenceBegin).lines(evidence).tag(kEvidenceEnd);
  return page.tag("\n</footer>\n</body>\n</html>\n").take();
}

std::optional<std::string> evidence_in_html(std::string_view html) {
  const auto begin = html.find(kEvidenceBegin);
  if (begin == std::string_view::npos) return std::nullopt;
  html.remove_prefix(begin + kEvidenceBegin.size());
  html = html.substr(0, html.find(kEvidenceEnd));
  std::string evidence;
  while (!html.empty()) {
    std::size_t taken = 1;
    char character = html.front();
    for (const auto& [spelling, meant] : kReferences) {
      if (!html.starts_with(spelling)) continue;
      taken = spelling.size();
      character = meant;
    }
    evidence += character;
    html.remove_prefix(taken);
  }
  return evidence;
}

}  // namespace sekisho::audit::report
