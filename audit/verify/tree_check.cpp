// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/verify/tree_check.h"

#include <algorithm>
#include <span>
#include <utility>

#include "audit/store/tree_hashes.h"

namespace sekisho::audit {

TreeCheck::TreeCheck(StoredLog& log, const std::optional<Checkpoint>& head, Report report)
    : log_(log), head_(head), report_(std::move(report)) {}

void TreeCheck::add(const core::Sha256& leaf) {
  tree_.append(leaf);
  open_tiles_[0].push_back(leaf);
  for (unsigned level = 0; open_tiles_[level].size() == kTileWidth; ++level) {
    const std::uint64_t place = (tree_.size() >> (kTileHeight * (level + 1))) - 1;
    Hashes full = std::exchange(open_tiles_[level], {});
    if (level == 0) {
      compare_leaves(place, full);
    } else {
      compare_tile({level, place}, full);
    }
    if (open_tiles_.size() == level + 1) open_tiles_.emplace_back();
    open_tiles_[level + 1].push_back(tile_root(full));
  }
}

void TreeCheck::lack(std::uint64_t begin) {
  if (!first_lack_) first_lack_ = begin;
  first_change_ = std::min(first_change_.value_or(begin), begin);
}

/// Leaves are put back to what was signed where that is known, so that what is above is not
/// accused.
void TreeCheck::compare_leaves(std::uint64_t place, Hashes& leaves) {
  const Hashes* const were =
      std::ranges::equal(stored_tile(log_, {0, place}), leaves) ? nullptr : signed_leaves(place);
  if (were == nullptr) return compare_tile({0, place}, leaves);
  ++tiles_expected_;
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    const std::uint64_t seq = place * kTileWidth + i;
    if ((*were)[i] != leaves[i]) changed(seq, seq + 1);
  }
  leaves = *were;
}

/// Null where the head is not known to have had any there.
const Hashes* TreeCheck::signed_leaves(std::uint64_t place) {
  if (first_lack_ || !head_) return nullptr;
  if (!signed_) signed_.emplace(log_, *head_);
  return signed_->leaves(place);
}

void TreeCheck::compare_tile(TileId tile, std::span<const core::Sha256> hashes) {
  ++tiles_expected_;
  if (std::ranges::equal(stored_tile(log_, tile), hashes)) return;
  report_("tile " + std::to_string(tile.level) + "/" + std::to_string(tile.place) +
          ": not that of the entries");
}

/// Of level 0 only full ones are stored.
void TreeCheck::finish() {
  compare_tail();
  for (unsigned level = 1; level < open_tiles_.size(); ++level) {
    if (open_tiles_[level].empty()) continue;
    compare_tile({level, tree_.size() >> (kTileHeight * (level + 1))}, open_tiles_[level]);
  }
  const std::uint64_t rows = log_.count_tiles();
  if (rows != tiles_expected_) {
    report_("tiles: " + std::to_string(rows) + ", the entries make " +
            std::to_string(tiles_expected_));
  }
}

/// Behind the last full tile the head's edge alone tells what was signed.
void TreeCheck::compare_tail() {
  if (first_lack_ || !head_ || head_->size != tree_.size()) return;
  if (!signed_) signed_.emplace(log_, *head_);
  const std::uint64_t first = tree_.size() - open_tiles_[0].size();
  for (const SignedHashes::Subtree& subtree : signed_->tail()) {
    const auto leaves = std::span<const core::Sha256>(open_tiles_[0])
                            .subspan(subtree.begin - first, subtree.end - subtree.begin);
    if (tile_root(leaves) != subtree.root) changed(subtree.begin, subtree.end);
  }
}

void TreeCheck::changed(std::uint64_t begin, std::uint64_t end) {
  const std::string what =
      " since it was signed; what it said is in receipts of it and in older"
      " copies of audit.db";
  first_change_ = std::min(first_change_.value_or(begin), begin);
  if (end == begin + 1) return report_("entry " + std::to_string(begin) + ": changed" + what);
  report_("entries " + std::to_string(begin) + " to " + std::to_string(end - 1) +
          ": one of them at least changed" + what);
}

}  // namespace sekisho::audit
