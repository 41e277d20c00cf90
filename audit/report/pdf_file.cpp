// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/report/pdf_file.h"

#include <array>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <vector>

#include "audit/error.h"

namespace sekisho::audit::report {
namespace {

constexpr std::string_view kMark = "% sekisho-audit report\n";
constexpr std::string_view kStream = " >>\nstream\n";
constexpr std::string_view kLength = "/Length ";

[[noreturn]] void refuse() { throw AuditError("this PDF is not in the form that cairo writes"); }

std::uint64_t number_at(std::string_view text) {
  std::uint64_t number = 0;
  if (std::from_chars(text.data(), text.data() + text.size(), number).ec != std::errc{}) refuse();
  return number;
}

std::string_view behind(std::string_view text, std::string_view mark) {
  const auto at = text.rfind(mark);
  if (at == std::string_view::npos) refuse();
  return text.substr(at + mark.size());
}

/// Of the trailer of a PDF (ISO 32000-1 §7.5.5).
struct Trailer {
  std::uint64_t objects;  ///< of the file, the free one included
  std::uint64_t catalog;
  std::uint64_t information;
  std::uint64_t xref;
};

Trailer trailer_of(std::string_view pages) {
  const std::string_view trailer = behind(pages, "trailer\n");
  return {number_at(behind(trailer, "/Size ")), number_at(behind(trailer, "/Root ")),
          number_at(behind(trailer, "/Info ")), number_at(behind(trailer, "startxref\n"))};
}

/// What stands between the brackets of the catalog.
std::string_view catalog_of(std::string_view pages, const Trailer& trailer) {
  const std::string begin = "\n" + std::to_string(trailer.catalog) + " 0 obj\n<<";
  const std::string_view object = behind(pages, begin);
  return object.substr(0, object.find("\n>>\nendobj"));
}

/// Objects behind the pages, and the table of where they are.
class Update {
 public:
  explicit Update(std::string_view pages) : out_(pages) { out_ += kMark; }

  void object(std::uint64_t number, std::string_view content) {
    places_.emplace_back(number, out_.size());
    out_.append(std::to_string(number)).append(" 0 obj\n").append(content).append("\nendobj\n");
  }

  std::string finish(const Trailer& before, std::uint64_t objects) {
    const std::size_t table = out_.size();
    out_ += "xref\n";
    for (const auto& [number, place] : places_) {
      std::array<char, 32> row{};
      std::snprintf(row.data(), row.size(), "%010zu 00000 n \n", place);
      out_.append(std::to_string(number)).append(" 1\n").append(row.data());
    }
    const auto entry = [&](std::string_view name, std::uint64_t value, std::string_view end) {
      out_.append(name).append(std::to_string(value)).append(end);
    };
    entry("trailer\n<< /Size ", objects, "");
    entry(" /Root ", before.catalog, " 0 R");
    entry(" /Info ", before.information, " 0 R");
    entry(" /Prev ", before.xref, " >>\n");
    entry("startxref\n", table, "\n%%EOF\n");
    return std::move(out_);
  }

 private:
  std::string out_;
  std::vector<std::pair<std::uint64_t, std::size_t>> places_;
};

}  // namespace

std::string attach(std::string_view pages, std::string_view html, std::string_view language) {
  const Trailer trailer = trailer_of(pages);
  const std::string_view catalog = catalog_of(pages, trailer);
  const std::uint64_t file = trailer.objects;
  const std::uint64_t name = file + 1;
  const std::string reference = std::to_string(name) + " 0 R";
  const std::string size = std::to_string(html.size());
  Update update(pages);
  update.object(
      file, std::string("<< /Type /EmbeddedFile /Subtype /text#2Fhtml /Params << /Size ") + size +
                " >> " + std::string(kLength) + size + std::string(kStream) + std::string(html) +
                "\nendstream");
  update.object(name,
                "<< /Type /Filespec /F (report.html) /UF (report.html) /AFRelationship /Source"
                " /EF << /F " +
                    std::to_string(file) + " 0 R >> >>");
  update.object(trailer.catalog, "<<" + std::string(catalog) + "\n   /Lang (" +
                                     std::string(language) +
                                     ")\n   /Names << /EmbeddedFiles << /Names [ (report.html) " +
                                     reference + " ] >> >>\n   /AF [ " + reference + " ]\n>>");
  return update.finish(trailer, name + 1);
}

std::optional<PdfFile> detach(std::string_view pdf) {
  const auto mark = pdf.find(kMark);
  if (mark == std::string_view::npos) return std::nullopt;
  const std::string_view update = pdf.substr(mark + kMark.size());
  const auto begin = update.find(kStream);
  const auto length = update.substr(0, begin).rfind(kLength);
  if (begin == std::string_view::npos || length == std::string_view::npos) return std::nullopt;
  std::uint64_t size = 0;
  const std::string_view digits = update.substr(length + kLength.size());
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), size);
  const std::string_view content = update.substr(begin + kStream.size());
  if (read.ec != std::errc{} || size > content.size()) return std::nullopt;
  return PdfFile{pdf.substr(0, mark), content.substr(0, size)};
}

}  // namespace sekisho::audit::report
