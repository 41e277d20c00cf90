// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/report/report.h"

#include "audit/error.h"
#include "audit/report/html.h"
#include "audit/report/make_document.h"
#include "audit/report/pdf_file.h"
#include "audit/report/pdf_pages.h"
#include "core/digest.h"
#include "core/encoding.h"

namespace sekisho::audit::report {
namespace {

constexpr std::string_view kPdf = "%PDF-";
constexpr std::string_view kSoftware = "sekisho " SEKISHO_VERSION;

std::string hash_of(std::string_view file) {
  return core::to_hex(core::sha256(core::as_bytes(file)));
}

std::string write_pdf(const Document& document, std::string_view html) {
  return attach(write_pdf_pages(document, hash_of(html)), html, language_code(document.language));
}

Findings refused(std::string why) {
  return {Findings::Verdict::refused, std::move(why), {}, {}, 0};
}

Findings untold(Findings found, std::string why) {
  found.verdict = Findings::Verdict::untold;
  found.why = std::move(why);
  return found;
}

/// What the evidence proves, whatever it stands in.
Findings check_evidence(const std::optional<std::string>& text, const KeyChain& log) {
  auto evidence = text ? Evidence::parse(*text) : std::nullopt;
  if (!evidence) return refused("the file has no evidence of a report in it");
  auto tree = check(*evidence, log);
  if (auto* why = std::get_if<std::string>(&tree)) return refused(std::move(*why));
  const std::size_t acts = acts_of(*evidence)->size();
  return {Findings::Verdict::proven, "", std::move(evidence), std::get<Checkpoint>(std::move(tree)),
          acts};
}

Document document_of(const Findings& found) {
  return make_document(*found.evidence, *acts_of(*found.evidence), found.tree);
}

Findings check_html(std::string_view html, const KeyChain& log) {
  const auto text = evidence_in_html(html);
  Findings found = check_evidence(text, log);
  if (found.verdict != Findings::Verdict::proven) return found;
  if (write_html(document_of(found), *text) == html) return found;
  const bool is_older = found.evidence->form < Evidence::kForm;
  if (!is_older && found.evidence->software == kSoftware) {
    return refused("the page is not what the evidence says");
  }
  std::string why = "the evidence holds, but the page was made by " +
                    std::string(is_older ? "an older " : "") + found.evidence->software +
                    ": only that version can tell whether it is what the evidence says";
  return untold(std::move(found), std::move(why));
}

Findings check_pdf(std::string_view pdf, const KeyChain& log) {
  const auto parts = detach(pdf);
  if (!parts) return refused("this PDF has no report attached");
  Findings found = check_html(parts->html, log);
  if (found.verdict != Findings::Verdict::proven) return found;
  const Document document = document_of(found);
  if (attach(parts->pages, parts->html, language_code(document.language)) != pdf) {
    return refused("something was added to the PDF or changed in it");
  }
  try {
    if (write_pdf_pages(document, hash_of(parts->html)) == parts->pages) return found;
  } catch (const AuditError& error) {
    return untold(std::move(found), error.what());
  }
  return untold(std::move(found),
                "the attached report.html is proven, but these pages are not what this machine "
                "makes of it: they were altered, or made with other fonts or libraries. Read the "
                "attached file instead");
}

}  // namespace

std::string write_report(const Evidence& evidence, const KeyChain& log, Format format) {
  const std::string text = evidence.text();
  const Findings found = check_evidence(text, log);
  if (found.verdict != Findings::Verdict::proven) {
    throw AuditError("the report would prove nothing: " + found.why);
  }
  const Document document = document_of(found);
  std::string html = write_html(document, text);
  return format == Format::html ? html : write_pdf(document, html);
}

Findings check_report(std::string_view file, const KeyChain& log) {
  try {
    return file.starts_with(kPdf) ? check_pdf(file, log) : check_html(file, log);
  } catch (const AuditError& error) {
    return refused(error.what());
  }
}

}  // namespace sekisho::audit::report
