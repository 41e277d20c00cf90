// SPDX-License-Identifier: GPL-3.0-or-later
#include "disclosure/masked_row.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "core/dicom/checked_file.h"
#include "disclosure/fetch.h"

namespace sekisho::disclosure {
namespace {

using core::dicom::Dataset;
using core::dicom::Tag;
using core::dicom::Token;

/// What an entry costs beside its bytes: list and hash nodes, the row object, three allocations.
constexpr std::uint64_t kEntryOverheadBytes = 320;

std::string entry_name(std::string_view share, std::string_view revision) {
  std::string name;
  name.reserve(share.size() + 1 + revision.size());
  name.append(share).append(1, '/').append(revision);
  return name;
}

/// The bytes of the attributes `tags`, sequences with all that is in them.
core::Bytes select(const Dataset& dataset, std::span<const Tag> tags) {
  core::Bytes kept;
  std::size_t depth = 0;
  std::uint64_t begin = 0;  // of the attribute that is being copied
  bool copying = false;
  const auto copy_up_to = [&](std::uint64_t end) {
    if (!copying) return;
    const auto bytes = dataset.bytes.subspan(begin, end - begin);
    kept.insert(kept.end(), bytes.begin(), bytes.end());
  };
  for_each_token(dataset, [&](const Token& token) {
    const bool begins = token.kind == Token::Kind::sequence_begin;
    if (token.kind == Token::Kind::sequence_end) --depth;
    if (depth == 0 && (begins || token.kind == Token::Kind::element)) {
      copy_up_to(token.offset);
      begin = token.offset;
      copying = std::ranges::binary_search(tags, token.tag);
    }
    if (begins) ++depth;
  });
  copy_up_to(dataset.bytes.size());
  kept.shrink_to_fit();
  return kept;
}

/// Made by `make` of what leaves; see read_row().
template <class Make>
std::shared_ptr<const MaskedRow> read(const Ports& ports, const ShareView& view,
                                      const InstanceRef& instance, const core::Demand& demand,
                                      Make make) {
  // Of elements that are seldom shorter than this; where they are, release() takes more. With three
  // times the header there is room for what is masked, and for the row.
  constexpr std::uint64_t kUsualElementBytes = 32;
  const std::uint64_t size = instance.instance->original->size_bytes;
  auto memory =
      ports.memory.take(core::dicom::memory_to_check(size, size / kUsualElementBytes), demand);
  const auto fetched = fetch(ports, view, instance, std::move(memory), demand);
  if (const auto* masked = std::get_if<anonymization::Masked>(&fetched)) return make(*masked);
  const Unavailable why = std::get<Unavailable>(fetched);
  if (why == Unavailable::gone || why == Unavailable::withheld) return nullptr;
  ports.report(core::Severity::warning, "share " + view.share().text() + ": an instance is " +
                                            std::string(name(why)) +
                                            " and is listed by its UIDs alone");
  return std::make_shared<const MaskedRow>();
}

}  // namespace

MaskedRow::MaskedRow(const anonymization::Masked& masked)
    : vr_(masked.transfer_syntax().vr),
      order_(masked.transfer_syntax().order),
      transfer_syntax_(masked.transfer_syntax().uid) {
  const core::ByteView bytes = masked.header().bytes;
  bytes_.assign(bytes.begin(), bytes.end());
}

MaskedRow::MaskedRow(const anonymization::Masked& masked, std::span<const Tag> kept)
    : vr_(masked.transfer_syntax().vr),
      order_(masked.transfer_syntax().order),
      transfer_syntax_(masked.transfer_syntax().uid) {
  bytes_ = select(masked.header(), kept);
}

std::shared_ptr<const MaskedRow> RowCache::find(std::string_view share, std::string_view revision) {
  return rows_.find(entry_name(share, revision)).value_or(nullptr);
}

void RowCache::put(std::string_view share, std::string_view revision,
                   std::shared_ptr<const MaskedRow> row) {
  std::string name = entry_name(share, revision);
  const std::uint64_t bytes = name.size() + row->size_bytes() + kEntryOverheadBytes;
  rows_.put(std::move(name), std::move(row), bytes);
}

std::shared_ptr<const MaskedRow> read_row(const Ports& ports, const ShareView& view,
                                          const InstanceRef& instance, const core::Demand& demand) {
  return read(ports, view, instance, demand, [](const anonymization::Masked& masked) {
    return std::make_shared<const MaskedRow>(masked);
  });
}

std::shared_ptr<const MaskedRow> row_of(const Ports& ports, RowCache& cache, const ShareView& view,
                                        const InstanceRef& instance, const core::Demand& demand) {
  const std::string& share = view.share().text();
  const std::string& revision = instance.instance->original->revision;
  if (auto row = cache.find(share, revision)) return row;
  auto row = read(ports, view, instance, demand, [&](const anonymization::Masked& masked) {
    return std::make_shared<const MaskedRow>(masked, cache.kept());
  });
  if (row != nullptr) cache.put(share, revision, row);
  return row;
}

}  // namespace sekisho::disclosure
