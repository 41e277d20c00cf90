// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dicom/checked_file.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "core/byte_buffer.h"
#include "core/dicom/element_header.h"
#include "core/dicom/inflate.h"
#include "core/dicom/loose_meta.h"
#include "core/dicom/mended_dataset.h"
#include "core/dicom/pixel_elements.h"
#include "core/dicom/walker.h"
#include "core/uid.h"

namespace sekisho::core::dicom {
namespace {

constexpr std::size_t kPreambleBytes = 128;
constexpr std::size_t kMetaOffset = kPreambleBytes + 4;
constexpr std::uint64_t kHeaderLimit = 64ULL << 20;
constexpr std::size_t kFirstWindowBytes = 16 * 1024;
constexpr std::size_t kWindowGrowth = 4;

constexpr std::string_view kTooManyElements = "the file has too many elements";
constexpr std::string_view kNoPart10 = "not a Part 10 file";

constexpr Tag kSopClassUid{0x0008, 0x0016};
constexpr Tag kSopInstanceUid{0x0008, 0x0018};

constexpr TagRange kMetaTags{Tag{0x0002, 0x0000}, Tag{0x0002, 0xFFFF}};
constexpr TagRange kHeaderTags{kDatasetTags.first, Tag{0x7FDF, 0xFFFF}};
constexpr TagRange kTrailerTags{Tag{0x7FE1, 0x0000}, kDatasetTags.last};

/// A run of elements, walked.
struct Run {
  std::uint64_t end = 0;
  bool met_unclean_value = false;
  bool met_disorder = false;
  std::vector<Step> steps;
};

bool is_over(const Step& last) {
  return last.kind == Token::Kind::end || last.kind == Token::Kind::defect;
}

std::string uid_text(ByteView value) {
  std::string_view text = as_text(value);
  while (!text.empty() && (text.back() == '\0' || text.back() == ' ')) text.remove_suffix(1);
  return std::string(text);
}

bool is_part10(ByteView bytes) {
  return bytes.size() >= kMetaOffset && as_text(bytes.subspan(kPreambleBytes, 4)) == "DICM";
}

/// Of a data set alone, as its first element tells it to DCMTK too: by a small number of the group
/// the byte order, by letters that are a VR the coding. Only group 0008, with which data sets
/// begin, is taken for an answer.
std::optional<TransferSyntax> syntax_of_bare(ByteView bytes) {
  constexpr std::uint16_t kFirstGroup = 0x0008;
  if (bytes.size() < kShortHeaderBytes) return std::nullopt;
  const bool is_explicit =
      parse_vr(static_cast<char>(bytes[4]), static_cast<char>(bytes[5])).has_value();
  if (read16(bytes.data(), ByteOrder::little) == kFirstGroup) {
    return TransferSyntax::from_uid(is_explicit ? kExplicitVrLittleEndian
                                                : kImplicitVrLittleEndian);
  }
  const bool is_big = read16(bytes.data(), ByteOrder::big) == kFirstGroup;
  return is_big && is_explicit ? TransferSyntax::from_uid(kExplicitVrBigEndian) : std::nullopt;
}

/// Of the class and of the instance, as the data set itself has them.
std::pair<std::string, std::string> sop_uids_in(Replay header) {
  std::pair<std::string, std::string> uids;
  for (Token step = header.next(); step.kind != Token::Kind::end; step = header.next()) {
    if (step.kind != Token::Kind::element || step.depth != 0) continue;
    if (step.tag == kSopClassUid) uids.first = uid_text(step.value);
    if (step.tag == kSopInstanceUid) uids.second = uid_text(step.value);
  }
  return uids;
}

std::size_t count_item_tags_from(std::uint64_t begin, const StoredFile& file,
                                 const Demand& demand) {
  constexpr std::size_t kChunkBytes = 1 << 20;
  constexpr std::size_t kOverlapBytes = 3;  // a tag may lie across two chunks
  Bytes chunk;
  std::size_t count = 0;
  for (std::uint64_t at = begin; at < file.size_bytes(); at += kChunkBytes) {
    demand.ask();
    chunk.resize(std::min<std::uint64_t>(kChunkBytes + kOverlapBytes, file.size_bytes() - at));
    file.read(at, chunk);
    count += count_item_tags(chunk);
  }
  return count;
}

}  // namespace

/// Grows, so that a large file's pixel data are not loaded.
class CheckedFile::Window {
 public:
  /// Both outlive this.
  Window(const StoredFile& file, const Demand& demand)
      : file_(file), demand_(demand), bytes_(file.view()) {
    if (bytes_.empty()) read_up_to(kFirstWindowBytes);
  }
  ByteView bytes() const { return bytes_; }
  /// Walks the elements of `range` that begin at `begin`, letting the window grow as needed.
  std::variant<Run, Defect> walk(std::uint64_t begin, const TransferSyntax& syntax, TagRange range,
                                 std::uint64_t& steps_left);

 private:
  void read_up_to(std::uint64_t size) {
    const std::size_t known = buffer_.size();
    const std::size_t more = std::min(size, file_.size_bytes()) - known;
    file_.read(known, {buffer_.extend(more), more});
    bytes_ = buffer_.view();
  }
  const StoredFile& file_;
  const Demand& demand_;
  ByteBuffer buffer_;
  ByteView bytes_;
};

std::variant<Run, Defect> CheckedFile::Window::walk(std::uint64_t begin,
                                                    const TransferSyntax& syntax, TagRange range,
                                                    std::uint64_t& steps_left) {
  constexpr std::uint64_t kEnough = kHeaderLimit + kFirstWindowBytes;
  while (true) {
    const ByteView bytes = bytes_.subspan(begin, std::min(bytes_.size() - begin, kEnough));
    Walker walker(bytes, syntax.vr, syntax.order, range);
    std::vector<Step> steps = record(walker, steps_left, demand_);
    const Step& last = steps.back();
    if (!is_over(last)) {
      steps_left = 0;
      return Defect{begin + last.offset, kTooManyElements};
    }
    const bool ends_with_window =
        last.kind == Token::Kind::end ? last.offset == bytes.size() : walker.wants_more();
    const bool is_cut = ends_with_window && bytes.size() == kEnough;
    if (ends_with_window && !is_cut && bytes_.size() < file_.size_bytes()) {
      read_up_to(std::min<std::uint64_t>(bytes_.size() * kWindowGrowth, begin + kEnough));
      continue;
    }
    const std::uint64_t end = begin + last.offset;
    if (last.offset > kHeaderLimit || is_cut) return Defect{end, "the header is too large"};
    if (last.kind == Token::Kind::defect) return Defect{end, walker.defect().reason};
    steps_left -= std::min<std::uint64_t>(steps_left, steps.size());
    return Run{end, walker.met_unclean_value(), walker.met_disorder(), std::move(steps)};
  }
}

/// The header is read and copied once; the list of its elements grows by doubling.
std::uint64_t memory_to_check(std::uint64_t size_bytes, std::uint64_t most_steps) {
  constexpr std::uint64_t kSmallestElementBytes = 8;
  const std::uint64_t header = std::min(size_bytes, kHeaderLimit);
  const std::uint64_t steps = std::min(header / kSmallestElementBytes, most_steps);
  return 2 * header + steps * sizeof(Step) * 3 / 2;
}

std::uint64_t CheckedFile::memory_bytes() const {
  return meta_.size() + header_.size() + trailer_.size() +
         (header_steps_.size() + trailer_steps_.size()) * sizeof(Step);
}

std::variant<CheckedFile, Defect> CheckedFile::check(StoredFile file, const Demand& demand) {
  CheckAllowance usual;
  return check(std::move(file), usual, demand);
}

std::variant<CheckedFile, Defect> CheckedFile::check(StoredFile file, CheckAllowance& allowance,
                                                     const Demand& demand) {
  CheckedFile checked(std::move(file));
  if (const std::optional<Defect> problem = checked.check_all(allowance, demand)) return *problem;
  return checked;
}

std::optional<Defect> CheckedFile::check_all(CheckAllowance& allowance, const Demand& demand) {
  Window window(source_, demand);
  if (!is_part10(window.bytes())) {
    auto syntax = syntax_of_bare(window.bytes());
    if (!syntax) return Defect{0, kNoPart10};
    syntax_ = *std::move(syntax);
    if (auto problem = check_dataset(window, 0, allowance, demand)) return problem;
    take_names_of_dataset();
    const bool is_named = Uid::parse(sop_class_uid_) && Uid::parse(sop_instance_uid_);
    return is_named ? std::nullopt : std::optional(Defect{0, kNoPart10});
  }
  if (auto problem = check_meta(window, allowance)) return problem;
  if (syntax_.compression == Compression::none) {
    auto problem = check_dataset(window, meta_.size(), allowance, demand);
    if (!problem) take_names_of_dataset();
    return problem;
  }

  auto inflated = inflate(source_, meta_.size(), allowance.inflated_bytes, demand);
  if (const auto* problem = std::get_if<Defect>(&inflated)) return *problem;
  source_ = StoredFile::in_memory(std::move(std::get<Bytes>(inflated)));
  syntax_ = *TransferSyntax::from_uid(kExplicitVrLittleEndian);
  Window inflated_window(source_, demand);
  auto problem = check_dataset(inflated_window, 0, allowance, demand);
  if (!problem) take_names_of_dataset();
  return problem;
}

/// File meta information of another file, or of the one that this was made from, says nothing.
void CheckedFile::take_names_of_dataset() {
  auto [sop_class, instance] = sop_uids_in(replay_header());
  for (auto [own, others] :
       {std::pair(&sop_class, &sop_class_uid_), std::pair(&instance, &sop_instance_uid_)}) {
    if (own->empty() || *own == *others) continue;
    *others = std::move(*own);
    meta_.clear();
  }
}

std::optional<Defect> CheckedFile::check_meta(Window& window, CheckAllowance& allowance) {
  const TransferSyntax meta_syntax = *TransferSyntax::from_uid(kExplicitVrLittleEndian);
  const auto walked = window.walk(kMetaOffset, meta_syntax, kMetaTags, allowance.steps);
  if (const auto* defect = std::get_if<Defect>(&walked)) return *defect;
  const Run& run = std::get<Run>(walked);
  const ByteView meta = window.bytes().first(run.end);
  meta_.assign(meta.begin(), meta.end());

  std::optional<TransferSyntax> syntax;
  Replay walk(meta.subspan(kMetaOffset), run.steps);
  for (Token step = walk.next(); step.kind != Token::Kind::end; step = walk.next()) {
    if (step.kind != Token::Kind::element) {
      return Defect{kMetaOffset + step.offset, "a sequence in the file meta information"};
    }
    if (step.tag == Tag{0x0002, 0x0002}) sop_class_uid_ = uid_text(step.value);
    if (step.tag == Tag{0x0002, 0x0003}) sop_instance_uid_ = uid_text(step.value);
    if (step.tag == Tag{0x0002, 0x0010}) syntax = TransferSyntax::from_uid(as_text(step.value));
  }
  if (!syntax) return Defect{meta.size(), "the file does not say its transfer syntax"};
  syntax_ = *std::move(syntax);
  return std::nullopt;
}

std::optional<Defect> CheckedFile::check_dataset(Window& window, std::uint64_t begin,
                                                 CheckAllowance& allowance, const Demand& demand) {
  auto run = window.walk(begin, syntax_, kHeaderTags, allowance.steps);
  if (const auto* defect = std::get_if<Defect>(&run)) return *defect;
  auto& header = std::get<Run>(run);
  const ByteView bytes = window.bytes().subspan(begin, header.end - begin);
  header_.assign(bytes.begin(), bytes.end());
  header_steps_ = std::move(header.steps);
  is_orderly_ = !header.met_disorder;

  pixel_offset_ = header.end;
  auto pixels = find_pixel_elements(source_, window.bytes(), pixel_offset_, syntax_, demand);
  if (const auto* defect = std::get_if<Defect>(&pixels)) return *defect;
  pixel_size_ = std::get<PixelElements>(pixels).end - pixel_offset_;
  pixel_tags_ = std::get<PixelElements>(std::move(pixels)).tags;
  if (auto problem = check_trailer(allowance, demand)) return problem;

  if (header.met_unclean_value && count_item_tags_from(begin, source_, demand) > kMaxDepth) {
    return Defect{begin, "a damaged sequence may hide deep nesting"};
  }
  return std::nullopt;
}

std::optional<Defect> CheckedFile::check_trailer(CheckAllowance& allowance, const Demand& demand) {
  const std::uint64_t begin = pixel_offset_ + pixel_size_;
  const std::uint64_t size = source_.size_bytes() - begin;
  if (size == 0) return std::nullopt;
  if (size > kHeaderLimit) return Defect{begin, "what follows the pixel data is too large"};
  trailer_.resize(size);
  source_.read(begin, trailer_);
  return walk_trailer(allowance, demand);
}

std::optional<Defect> CheckedFile::walk_trailer(CheckAllowance& allowance, const Demand& demand) {
  const std::uint64_t begin = pixel_offset_ + pixel_size_;
  Walker walker(trailer_, syntax_.vr, syntax_.order, kTrailerTags);
  trailer_steps_ = record(walker, allowance.steps, demand);
  allowance.steps -= std::min<std::uint64_t>(allowance.steps, trailer_steps_.size());
  is_orderly_ &= !walker.met_disorder();
  const Step& last = trailer_steps_.back();
  if (!is_over(last)) return Defect{begin + last.offset, kTooManyElements};
  if (last.kind == Token::Kind::end) return std::nullopt;
  return Defect{begin + last.offset, walker.defect().reason};
}

// --- files that are not quite as the standard has them -----------------------------------------

std::variant<CheckedFile, Defect> CheckedFile::check_or_mend(StoredFile file,
                                                             const Demand& demand) {
  auto strict = check(file, demand);
  auto* sound = std::get_if<CheckedFile>(&strict);
  if (sound != nullptr && sound->is_orderly_) return strict;
  CheckedFile mended(std::move(file));
  const auto problem = mended.mend_all(demand);
  if (!problem) return mended;
  if (sound != nullptr) return strict;
  return *problem;
}

std::optional<Defect> CheckedFile::mend_all(const Demand& demand) {
  const LooseMeta meta = read_loose_meta(source_);
  if (meta.syntax) {
    syntax_ = *meta.syntax;
  } else {
    Bytes first(std::min<std::uint64_t>(kShortHeaderBytes, source_.size_bytes() - meta.end));
    source_.read(meta.end, first);
    auto syntax = meta.names_syntax ? std::nullopt : syntax_of_bare(first);
    if (!syntax) return Defect{meta.end, kNoPart10};
    syntax_ = *std::move(syntax);
  }
  sop_class_uid_ = meta.sop_class;
  sop_instance_uid_ = meta.sop_instance;
  if (syntax_.compression == Compression::none) return mend_from(meta.end, demand);
  CheckAllowance allowance;
  auto inflated = inflate(source_, meta.end, allowance.inflated_bytes, demand);
  if (const auto* problem = std::get_if<Defect>(&inflated)) return *problem;
  source_ = StoredFile::in_memory(std::move(std::get<Bytes>(inflated)));
  syntax_ = *TransferSyntax::from_uid(kExplicitVrLittleEndian);
  return mend_from(0, demand);
}

std::optional<Defect> CheckedFile::mend_from(std::uint64_t begin, const Demand& demand) {
  auto read = mend_dataset(source_, begin, syntax_, demand);
  if (const auto* defect = std::get_if<Defect>(&read)) return *defect;
  auto& mended = std::get<MendedDataset>(read);
  header_ = std::move(mended.header);
  pixel_offset_ = mended.pixel_offset;
  pixel_size_ = mended.pixel_size;
  pixel_tags_ = std::move(mended.pixel_tags);
  trailer_ = std::move(mended.trailer);
  CheckAllowance allowance;
  Walker walker(header_, syntax_.vr, syntax_.order, kHeaderTags);
  header_steps_ = record(walker, allowance.steps, demand);
  const Step& last = header_steps_.back();
  if (last.kind == Token::Kind::defect) return Defect{begin, walker.defect().reason};
  if (last.offset != header_.size()) return Defect{begin, kNoPart10};
  if (!trailer_.empty()) {
    if (auto problem = walk_trailer(allowance, demand)) return problem;
  }
  const bool is_doubtful = walker.met_unclean_value();
  if (is_doubtful && count_item_tags_from(begin, source_, demand) > kMaxDepth) {
    return Defect{begin, "a damaged sequence may hide deep nesting"};
  }
  take_names_of_dataset();
  meta_.clear();
  const bool is_named = !sop_class_uid_.empty() && !sop_instance_uid_.empty();
  return is_named ? std::nullopt : std::optional(Defect{begin, kNoPart10});
}

}  // namespace sekisho::core::dicom
