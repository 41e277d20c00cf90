// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dicomweb/dicom_json.h"
#include "dicomweb/routes.h"
#include "dicomweb/search.h"
#include "disclosure/masked_row.h"
#include "disclosure/ports.h"
#include "disclosure/share_view.h"

namespace sekisho::dicomweb {

using disclosure::InstanceRef;
using disclosure::MaskedRow;
using disclosure::Ports;
using disclosure::RowCache;
using disclosure::ShareView;
using disclosure::ShownSeries;
using disclosure::ShownStudy;

/// One search over the masked rows of some shares. Match keys, order, page and counts read nothing
/// but these rows, and every row is looked at, so that neither an answer nor its duration tells
/// what masking took away. One thread.
class SearchRun {
 public:
  /// One row that matches: an instance, or the instance that stands for its series or study.
  struct Hit {
    const ShareView* view = nullptr;
    InstanceRef at;
    std::shared_ptr<const MaskedRow> row;
    std::string study_date;  ///< masked
  };

  /// All of it outlives the run; so do the views.
  SearchRun(const Ports& ports, RowCache& cache, const Search& search, const Matched& target,
            std::string_view root_url);

  /// Looks at everything that `view` has below the target. False if it does not have the target.
  bool add(const ShareView& view);

  /// What the page shows, in order: by masked study date, then by masked UIDs. Where several
  /// shares show the same UIDs, the share added first stands for all.
  std::vector<Hit> page(std::size_t max_results);
  /// True if hits were left out of page() that nobody asked to leave out.
  bool was_cut() const { return was_cut_; }
  std::string json(const std::vector<Hit>& page);

 private:
  using Tag = core::dicom::Tag;
  std::shared_ptr<const MaskedRow> row_of(const ShareView& view, const InstanceRef& at);
  /// The first instance of a series or study of which anything is known.
  Hit first_of(const ShareView& view, const ShownStudy& study, const ShownSeries* series);
  void consider(Hit hit);
  bool matches(const Hit& hit);
  std::optional<std::string> computed(Tag tag, const Hit& hit);
  const std::string& modalities(const ShareView& view, const ShownStudy& study);
  void prepare_attributes();

  const Ports& ports_;
  RowCache& cache_;
  const Search& search_;
  const Matched& target_;
  const Level level_;
  const std::string_view root_url_;
  std::vector<Tag> wanted_;    ///< attributes that answers have, in ascending order
  std::vector<Extra> extras_;  ///< those of them that are computed, or stand there empty
  enum class Rows { cached, whole } rows_ = Rows::cached;
  std::map<const ShownStudy*, std::string> modalities_;
  std::vector<Hit> hits_;
  bool was_cut_ = false;
};

}  // namespace sekisho::dicomweb
