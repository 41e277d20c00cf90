// SPDX-License-Identifier: GPL-3.0-or-later
// Whatever is asked of whatever stands in a row, it is understood the same way twice or refused,
// and asking less strictly finds no less. The first line is a query, the next are the row's values.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dicomweb/row_match.h"
#include "http/target.h"
#include "support/dicom_builder.h"

namespace {

using namespace sekisho;
using core::dicom::Tag;
using core::dicom::Vr;
using dicomweb::Search;
using Parameters = std::vector<std::pair<std::string, std::string>>;

void require(bool ok) {
  if (!ok) std::abort();
}

std::string_view take_line(std::string_view& bytes) {
  const std::size_t end = bytes.find('\n');
  const std::string_view line = bytes.substr(0, end);
  bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 1);
  return line;
}

/// One attribute of each way of matching, at top level and in a sequence.
tests::DatasetBuilder row_of(std::string_view values) {
  tests::DatasetBuilder row;
  row.text(Tag{0x0008, 0x0005}, Vr::CS, take_line(values));
  row.text(Tag{0x0008, 0x0020}, Vr::DA, take_line(values));
  row.text(Tag{0x0008, 0x002A}, Vr::DT, take_line(values));
  row.text(Tag{0x0008, 0x0030}, Vr::TM, take_line(values));
  row.text(Tag{0x0008, 0x0060}, Vr::CS, take_line(values));
  row.text(Tag{0x0008, 0x0201}, Vr::SH, take_line(values));
  row.text(Tag{0x0008, 0x1030}, Vr::LO, take_line(values));
  row.text(Tag{0x0010, 0x0010}, Vr::PN, take_line(values));
  row.text(Tag{0x0018, 0x0050}, Vr::DS, take_line(values));
  row.text(Tag{0x0020, 0x000D}, Vr::UI, take_line(values));
  row.begin_sequence(Tag{0x0040, 0x0275});
  for (int item = 0; item < 2; ++item) {
    row.begin_item();
    row.text(Tag{0x0040, 0x0009}, Vr::SH, take_line(values));
    row.text(Tag{0x0040, 0x1001}, Vr::SH, take_line(values));
    row.end_item();
  }
  row.end_sequence();
  return row;
}

bool finds(const Search& search, const tests::DatasetBuilder& row) {
  const dicomweb::RowMatch match(search);
  const auto computed = [](Tag) { return std::optional<std::string>(); };
  return match.matches(core::dicom::Dataset{row.dataset()}, computed);
}

/// The same query with another value for a parameter that is no key.
std::optional<Search> with(Parameters parameters, const char* name, const char* value) {
  std::erase_if(parameters, [&](const auto& each) { return each.first == name; });
  parameters.emplace_back(name, value);
  return dicomweb::parse_search(parameters, dicomweb::Level::instance);
}

void search(const Parameters& parameters, const tests::DatasetBuilder& row) {
  const auto understood = dicomweb::parse_search(parameters, dicomweb::Level::instance);
  if (!understood) return;
  require(understood->keys.size() <= 64);
  require(std::ranges::is_sorted(understood->include));
  const bool found = finds(*understood, row);
  require(found == finds(*understood, row));
  require(found || !std::ranges::all_of(understood->keys,
                                        [](const auto& key) { return key.is_universal(); }));
  // Whether an unknown parameter stands there makes no difference to what is found.
  const auto aside = with(parameters, "unknown", "x");
  require(aside.has_value() && finds(*aside, row) == found);
  const auto literal = with(parameters, "fuzzymatching", "false");
  const auto fuzzy = with(parameters, "fuzzymatching", "true");
  require(literal.has_value() && fuzzy.has_value());
  require(!finds(*literal, row) || finds(*fuzzy, row));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto target = http::parse_target("/instances?" + std::string(take_line(bytes)));
  if (target) search(target->query, row_of(bytes));
  return 0;
}
