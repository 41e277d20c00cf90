// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/command/published_tiles.h"

#include <stdexcept>

#include "audit/command/command_options.h"
#include "audit/error.h"
#include "audit/store/published_log.h"

namespace sekisho::audit {
namespace {

std::string path_of(TileId id) { return LogFile{LogFile::Kind::hashes, id, kTileWidth}.path(); }

Hashes read_tile(const std::filesystem::path& file) {
  const std::string bytes = read_whole_file(file);
  return hashes_in(core::as_bytes(bytes));
}

}  // namespace

core::Sha256 PublishedTiles::root(unsigned level, std::uint64_t index) {
  try {
    return root_in_tile(level, index, [this](TileId id) -> const Hashes& { return tile(id); });
  } catch (const std::out_of_range&) {
    const TileId id{level / kTileHeight, (index << (level % kTileHeight)) / kTileWidth};
    throw AuditError("the directory lacks " + path_of(id) +
                     ", or has too little of it: it is not as long as the checkpoints");
  }
}

/// The full tile, else the widest of what there is of it.
const Hashes& PublishedTiles::tile(TileId id) {
  if (const auto known = read_.find(id); known != read_.end()) return known->second;
  const std::filesystem::path full = directory_ / path_of(id);
  Hashes widest;
  if (std::filesystem::is_regular_file(full)) {
    widest = read_tile(full);
  } else if (const std::filesystem::path partial = full.string() + ".p";
             std::filesystem::is_directory(partial)) {
    for (const auto& file : std::filesystem::directory_iterator(partial)) {
      Hashes hashes = read_tile(file.path());
      if (hashes.size() > widest.size()) widest = std::move(hashes);
    }
  }
  return read_.emplace(id, std::move(widest)).first->second;
}

}  // namespace sekisho::audit
