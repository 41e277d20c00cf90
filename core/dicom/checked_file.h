// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "core/demand.h"
#include "core/dicom/replay.h"
#include "core/dicom/transfer_syntax.h"
#include "core/stored_file.h"

namespace sekisho::core::dicom {

/// What checking a file may use. What it used is taken off, whatever came of it.
struct CheckAllowance {
  std::uint64_t inflated_bytes = 1ULL << 30;
  std::uint64_t steps = UINT64_MAX;  ///< of walks over elements
};

/// The most memory that checking a file takes which is not deflated.
std::uint64_t memory_to_check(std::uint64_t size_bytes, std::uint64_t most_steps = UINT64_MAX);

/// A Part 10 file (PS3.10 §7) whose structure has been walked from its first byte to its last. The
/// only kind of file that may be handed to DCMTK or Orthanc. An immutable, movable value.
///
///     preamble "DICM" group 2 │ header …  │ pixel elements (group 7FE0) │ trailer │
///     └─────── meta() ───────┘ └ header() ┘ └─ pixel_offset, pixel_size ─┘ trailer()
///
/// header() and trailer() are held in memory; pixel elements are only a range of source(). A
/// deflated data set is inflated first: source() then is the inflated data set, offsets count in
/// it, and transfer_syntax() is explicit VR little endian. A data set alone, as old software writes
/// files and Orthanc stores them, has an empty meta(); its first element, of group 0008, shows how
/// it is written down.
class CheckedFile {
 public:
  /// Walks everything, the item headers of encapsulated pixel data included. Limits: header and
  /// trailer 64 MiB each, and the allowance. A defect is a value; a failing disk throws StoreError.
  ///
  /// File meta information is read element by element: its group length may be missing or wrong,
  /// its transfer syntax not. Pixel data of undefined length is refused in a native syntax;
  /// of defined length it is accepted in an encapsulated one too, because private syntaxes are
  /// taken for encapsulated (PS3.5 §A.4) and its structure is clear either way.
  ///
  /// Of two names that a file gives its instance or its class the data set's count.
  ///
  /// Throws DemandOver.
  static std::variant<CheckedFile, Defect> check(StoredFile file, const Demand& demand = {});
  static std::variant<CheckedFile, Defect> check(StoredFile file, CheckAllowance& allowance,
                                                 const Demand& demand = {});
  /// The same for a file of the archive, which has some that are not as the standard says: where
  /// check() finds a defect, or elements out of order in an item, what mend_dataset() makes of the
  /// data set is checked. meta() is empty then, for it may lack the preamble, its transfer syntax
  /// or its own order.
  static std::variant<CheckedFile, Defect> check_or_mend(StoredFile file,
                                                         const Demand& demand = {});

  /// Of the data set as header() and source() hold it.
  const TransferSyntax& transfer_syntax() const { return syntax_; }
  const std::string& sop_class_uid() const { return sop_class_uid_; }
  const std::string& sop_instance_uid() const { return sop_instance_uid_; }

  /// From the preamble to the end of group 2, as stored. Empty where there is none that fits the
  /// data set.
  ByteView meta() const { return meta_; }
  /// The data set's elements before group 7FE0.
  ByteView header() const { return header_; }
  /// The walk over header().
  std::span<const Step> header_steps() const { return header_steps_; }
  Replay replay_header() const { return {header_, header_steps_}; }
  /// The elements of group 7FE0, tags included, as a range of source(). Size 0: no pixel data.
  std::uint64_t pixel_offset() const { return pixel_offset_; }
  std::uint64_t pixel_size() const { return pixel_size_; }
  /// Which elements these are, ascending.
  const std::vector<Tag>& pixel_tags() const { return pixel_tags_; }
  /// The elements after group 7FE0.
  ByteView trailer() const { return trailer_; }
  /// The walk over trailer(), where it is not empty.
  std::span<const Step> trailer_steps() const { return trailer_steps_; }
  const StoredFile& source() const { return source_; }
  /// What is held in memory, source() apart.
  std::uint64_t memory_bytes() const;

 private:
  /// The beginning of the file, read as far as needed.
  class Window;

  explicit CheckedFile(StoredFile source) : source_(std::move(source)) {}
  // Each says what is wrong, if anything.
  std::optional<Defect> check_all(CheckAllowance& allowance, const Demand& demand);
  std::optional<Defect> check_meta(Window& window, CheckAllowance& allowance);
  std::optional<Defect> check_dataset(Window& window, std::uint64_t begin,
                                      CheckAllowance& allowance, const Demand& demand);
  std::optional<Defect> check_trailer(CheckAllowance& allowance, const Demand& demand);
  std::optional<Defect> walk_trailer(CheckAllowance& allowance, const Demand& demand);
  std::optional<Defect> mend_all(const Demand& demand);
  std::optional<Defect> mend_from(std::uint64_t begin, const Demand& demand);
  void take_names_of_dataset();

  StoredFile source_;
  TransferSyntax syntax_;
  std::string sop_class_uid_;
  std::string sop_instance_uid_;
  Bytes meta_;
  Bytes header_;
  std::vector<Step> header_steps_;
  std::uint64_t pixel_offset_ = 0;
  std::uint64_t pixel_size_ = 0;
  std::vector<Tag> pixel_tags_;
  Bytes trailer_;
  std::vector<Step> trailer_steps_;
  bool is_orderly_ = true;
};

}  // namespace sekisho::core::dicom
