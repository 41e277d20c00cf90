// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/report/pdf_pages.h"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#include <algorithm>
#include <memory>
#include <new>
#include <numeric>
#include <utility>

#include "audit/error.h"
#include "audit/export/xml.h"
#include "audit/report/words.h"
#include "core/time.h"

namespace sekisho::audit::report {
namespace {

template <auto Release>
struct Releaser {
  template <class Object>
  void operator()(Object* object) const {
    Release(object);
  }
};
using Surface = std::unique_ptr<cairo_surface_t, Releaser<cairo_surface_destroy>>;
using Context = std::unique_ptr<cairo_t, Releaser<cairo_destroy>>;
using Layout = std::unique_ptr<PangoLayout, Releaser<g_object_unref>>;
using Font = std::unique_ptr<PangoFontDescription, Releaser<pango_font_description_free>>;

// In points. A4, lying.
constexpr double kWidth = 841.89;
constexpr double kHeight = 595.28;
constexpr double kMargin = 36;
constexpr double kInside = kWidth - 2 * kMargin;
constexpr double kBottom = kHeight - kMargin - 14;  // the foot is below
constexpr double kPadding = 4;

constexpr const char* kFamily = "IPAexGothic, Noto Sans CJK JP, IPAGothic, sans-serif";
constexpr double kTitleSize = 18;
constexpr double kHeadingSize = 11;
constexpr double kAnnexSize = 14;
constexpr double kTextSize = 8.5;
constexpr double kMinorSize = 7.5;

struct Colour {
  double red, green, blue;
};
constexpr Colour kInk{0.11, 0.15, 0.20};
constexpr Colour kSoft{0.36, 0.41, 0.46};
constexpr Colour kMark{0.04, 0.36, 0.40};
constexpr Colour kRule{0.81, 0.84, 0.87};
constexpr Colour kTint{0.953, 0.965, 0.973};

constexpr std::string_view kWholeMarkup = "<span insert_hyphens=\"false\">";
constexpr std::string_view kLabelMarkup = "<span foreground=\"#5b6875\">";
constexpr std::string_view kMinorMarkup = "<span size=\"7680\" foreground=\"#3f4c59\">";
/// One of these is on every machine that draws: I, l and 1 are told apart in it.
constexpr std::string_view kCodeMarkup =
    "<span face=\"DejaVu Sans Mono, Liberation Mono, monospace\" size=\"6912\">";
constexpr std::string_view kOpenedMarkup = "<span underline=\"low\" underline_color=\"#9aa5b0\">";
constexpr std::string_view kEndMarkup = "</span>";

void append_markup(std::string& markup, const Line& line) {
  if (line.size == Size::minor) markup += kMinorMarkup;
  if (!line.label.empty()) {
    markup += kLabelMarkup;
    append_xml(markup, line.label);
    markup.append(kEndMarkup) += ' ';
  }
  if (line.face == Face::code) markup += kCodeMarkup;
  if (line.voice == Voice::hospital) markup += kOpenedMarkup;
  append_xml(markup, line.text);
  if (line.voice == Voice::hospital) markup += kEndMarkup;
  if (line.face == Face::code) markup += kEndMarkup;
  if (line.size == Size::minor) markup += kEndMarkup;
}

std::string markup_of(const Cell& cell) {
  std::string markup;
  for (const Line& line : cell) {
    if (!markup.empty()) markup += '\n';
    append_markup(markup, line);
  }
  return markup;
}

std::string escaped(std::string_view text) {
  std::string markup;
  append_xml(markup, text);
  return markup;
}

std::string code(std::string_view text) {
  std::string markup(kCodeMarkup);
  append_xml(markup, text);
  return markup.append(kEndMarkup);
}

cairo_status_t append(void* out, const unsigned char* data, unsigned int size) {
  try {
    static_cast<std::string*>(out)->append(reinterpret_cast<const char*>(data), size);
    return CAIRO_STATUS_SUCCESS;
  } catch (const std::bad_alloc&) {  // through C nothing may be thrown
    return CAIRO_STATUS_NO_MEMORY;
  }
}

/// Draws from top to bottom, on as many pages as it takes.
class Paper {
 public:
  /// `pages`: how many there will be, as the feet say.
  Paper(std::string& out, const Document& document, int pages)
      : document_(document),
        pages_(pages),
        surface_(cairo_pdf_surface_create_for_stream(append, &out, kWidth, kHeight)),
        context_(cairo_create(surface_.get())) {
    // From 1.5 on, cairo 1.18 packs objects and their table, which attach() could not go on with.
    cairo_pdf_surface_restrict_to_version(surface_.get(), CAIRO_PDF_VERSION_1_4);
    const auto describe = [&](cairo_pdf_metadata_t what, std::string_view text) {
      cairo_pdf_surface_set_metadata(surface_.get(), what, std::string(text).c_str());
    };
    describe(CAIRO_PDF_METADATA_TITLE, document.title);
    describe(CAIRO_PDF_METADATA_CREATE_DATE,
             core::to_rfc3339(std::chrono::floor<std::chrono::seconds>(document.made)));
    require_japanese();
  }

  /// Returns the number of pages.
  int finish() {
    end_page();
    cairo_surface_finish(surface_.get());
    if (cairo_surface_status(surface_.get()) != CAIRO_STATUS_SUCCESS) {
      throw AuditError("the PDF could not be written");
    }
    return page_;
  }

  /// As high as it is, on a new page where this one has no room left.
  void paragraph(const std::string& markup, double size, const Colour& colour) {
    const Layout layout = set(markup, size, kInside);
    const double height = height_of(layout);
    make_room(height);
    draw(layout, kMargin, y_, colour);
    y_ += height;
  }
  void section(const Section& section) {
    for (const std::string& text : section.paragraphs) {
      const std::string markup = escaped(text);
      if (&text == &section.paragraphs.front()) {
        heading(section.heading, height_of(set(markup, kTextSize, kInside)));
      }
      paragraph(markup, kTextSize, kInk);
      space(2);
    }
  }
  /// With the text of the code below it, on one page.
  void code_block(std::string_view name, std::string_view text) {
    const std::string markup = code(text);
    heading(name, height_of(set(markup, kTextSize, kInside)));
    paragraph(markup, kTextSize, kInk);
  }
  void new_page() { end_page(); }
  void space(double height) { y_ += height; }

  void rule(const Colour& colour, double width) {
    cairo_set_source_rgb(context_.get(), colour.red, colour.green, colour.blue);
    cairo_set_line_width(context_.get(), width);
    cairo_move_to(context_.get(), kMargin, y_);
    cairo_line_to(context_.get(), kMargin + kInside, y_);
    cairo_stroke(context_.get());
  }

  void facts(const std::vector<Line>& facts) {
    constexpr double kLabel = 105;
    const double half = kInside / 2;
    for (std::size_t i = 0; i < facts.size(); i += 2) {
      double height = 0;
      for (std::size_t j = i; j < std::min(i + 2, facts.size()); ++j) {
        const double x = kMargin + (j % 2 == 0 ? 0 : half);
        Line value = facts[j];
        value.label.clear();
        const Layout label = set(escaped(facts[j].label), kTextSize, kLabel - 8);
        draw(label, x, y_, kSoft);
        const Layout text = set(markup_of({value}), kTextSize, half - kLabel - 8);
        draw(text, x + kLabel, y_, kInk);
        height = std::max({height, height_of(label), height_of(text)});
      }
      y_ += height + 3;
    }
  }

  /// Its columns are named on every page that it goes over to.
  void table(const Table& table) {
    bool is_begun = false;
    for (const Row& row : table.rows) {
      std::vector<std::string> cells;
      for (const Cell& cell : row) cells.push_back(markup_of(cell));
      const Drawn drawn = set_row(table, cells);
      if (!is_begun) {
        const Drawn head = set_head(table);
        heading(table.caption, head.height + drawn.height);
        draw_head(head);
      } else if (y_ + drawn.height > kBottom) {
        end_page();
        draw_head(set_head(table));
      }
      is_begun = true;
      draw_row(drawn);
      rule(kRule, 0.5);
    }
  }

 private:
  struct Drawn {
    std::vector<std::pair<double, Layout>> cells;
    double height = 0;
  };

  Layout set(const std::string& markup, double size, double width) const {
    Layout layout(pango_cairo_create_layout(context_.get()));
    const Font font(pango_font_description_from_string(kFamily));
    pango_font_description_set_size(font.get(), static_cast<int>(size * PANGO_SCALE));
    pango_layout_set_font_description(layout.get(), font.get());
    pango_layout_set_width(layout.get(), static_cast<int>(width * PANGO_SCALE));
    pango_layout_set_wrap(layout.get(), PANGO_WRAP_WORD_CHAR);
    pango_layout_set_spacing(layout.get(), 2 * PANGO_SCALE);
    pango_layout_set_auto_dir(layout.get(), FALSE);
    // An identifier that goes over two lines gets no hyphen that is not its own.
    const std::string whole = std::string(kWholeMarkup) + markup + std::string(kEndMarkup);
    pango_layout_set_markup(layout.get(), whole.data(), static_cast<int>(whole.size()));
    return layout;
  }

  static double height_of(const Layout& layout) {
    int height = 0;
    pango_layout_get_size(layout.get(), nullptr, &height);
    return static_cast<double>(height) / PANGO_SCALE;
  }

  void draw(const Layout& layout, double x, double y, const Colour& colour) const {
    cairo_set_source_rgb(context_.get(), colour.red, colour.green, colour.blue);
    cairo_move_to(context_.get(), x, y);
    pango_cairo_show_layout(context_.get(), layout.get());
  }

  /// On the same page as what comes below it, which is so high.
  void heading(std::string_view text, double below) {
    constexpr double kAbove = 10;
    constexpr double kBetween = 3;
    const std::string markup = escaped(text);
    const double height = height_of(set(markup, kHeadingSize, kInside));
    space(kAbove);
    make_room(height + kBetween + below);
    paragraph(markup, kHeadingSize, kMark);
    space(kBetween);
  }

  void make_room(double height) {
    if (y_ + height > kBottom) end_page();
  }

  void end_page() {
    ++page_;
    const std::string number = std::to_string(page_) + " / " + std::to_string(pages_);
    const Layout right = set(number, kMinorSize, kInside);
    pango_layout_set_alignment(right.get(), PANGO_ALIGN_RIGHT);
    const double foot = kHeight - kMargin + 4;
    draw(set(escaped(document_.title), kMinorSize, kInside), kMargin, foot, kSoft);
    draw(right, kMargin, foot, kSoft);
    cairo_show_page(context_.get());
    y_ = kMargin;
  }

  Drawn set_row(const Table& table, const std::vector<std::string>& cells) const {
    const int parts = std::accumulate(table.columns.begin(), table.columns.end(), 0,
                                      [](int sum, const Column& one) { return sum + one.width; });
    Drawn drawn;
    double x = kMargin;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const double width = kInside * table.columns[i].width / parts;
      Layout layout = set(cells[i], kTextSize, width - 2 * kPadding);
      drawn.height = std::max(drawn.height, height_of(layout) + 2 * kPadding);
      drawn.cells.emplace_back(x + kPadding, std::move(layout));
      x += width;
    }
    return drawn;
  }

  void draw_row(const Drawn& row) {
    for (const auto& [x, layout] : row.cells) draw(layout, x, y_ + kPadding, kInk);
    y_ += row.height;
  }

  Drawn set_head(const Table& table) const {
    std::vector<std::string> names;
    for (const Column& column : table.columns) names.push_back(escaped(column.name));
    return set_row(table, names);
  }

  void draw_head(const Drawn& row) {
    cairo_set_source_rgb(context_.get(), kTint.red, kTint.green, kTint.blue);
    cairo_rectangle(context_.get(), kMargin, y_, kInside, row.height);
    cairo_fill(context_.get());
    draw_row(row);
    rule(kMark, 1.2);
  }

  void require_japanese() const {
    const Layout layout = set("関所", kTextSize, kInside);
    if (pango_layout_get_unknown_glyphs_count(layout.get()) > 0) {
      throw AuditError("no font here has Japanese: install the package fonts-ipaexfont-gothic");
    }
  }

  const Document& document_;
  const int pages_;
  Surface surface_;
  Context context_;
  int page_ = 0;
  double y_ = kMargin;
};

constexpr Phrase kAttached{
    "証拠は、この PDF に添付した report.html に収録しています。その SHA-256：",
    "The evidence is in the file report.html, which is attached to this PDF. Its SHA-256:"};

void draw_annex(Paper& paper, const Annex& annex) {
  paper.new_page();
  paper.paragraph(escaped(annex.heading), kAnnexSize, kInk);
  paper.space(4);
  paper.paragraph(escaped(annex.introduction), kTextSize, kInk);
  paper.space(8);
  paper.facts(annex.facts);
  paper.table(annex.studies);
  paper.table(annex.details);
  for (const Section& section : annex.notes) paper.section(section);
  paper.code_block(annex.checkpoint_heading, annex.checkpoint);
}

/// Returns how many pages it took.
int draw(std::string& out, const Document& document, const std::string& html_sha256, int pages) {
  Paper paper(out, document, pages);
  paper.paragraph(escaped(document.title), kTitleSize, kInk);
  paper.space(4);
  paper.paragraph(escaped(document.introduction), kTextSize, kInk);
  paper.space(8);
  paper.facts(document.facts);
  paper.space(2);
  paper.rule(kMark, 2);
  if (document.acts.rows.empty()) {
    paper.space(8);
    paper.paragraph(escaped(document.no_acts), kTextSize, kInk);
  } else {
    paper.table(document.summary);
    paper.table(document.acts);
  }
  for (const Section& section : document.notes) paper.section(section);
  draw_annex(paper, document.annex);
  paper.space(4);
  paper.paragraph(escaped(kAttached.in(document.language)), kTextSize, kInk);
  paper.paragraph(code(html_sha256), kTextSize, kInk);
  return paper.finish();
}

}  // namespace

/// Drawn twice: what the feet say of the number of pages is known after the first time.
std::string write_pdf_pages(const Document& document, const std::string& html_sha256) {
  std::string first;
  const int pages = draw(first, document, html_sha256, 0);
  std::string out;
  draw(out, document, html_sha256, pages);
  return out;
}

}  // namespace sekisho::audit::report
