// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/demand.h"
#include "dicomweb/dicom_json.h"
#include "dicomweb/route.h"
#include "dicomweb/row_match.h"
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
/// but these rows, and match keys look at every row, so that neither an answer nor its duration
/// tells what masking took away. Rows that match are not kept: those of the page are read again.
/// One thread.
class SearchRun {
 public:
  /// Where a row that matches is: an instance, or the instance that stands for its series or study.
  struct Hit {
    const ShareView* view = nullptr;
    InstanceRef at;
    std::string_view study_date;  ///< masked; the run has it
  };

  /// All of it outlives the run; so do the views.
  SearchRun(const Ports& ports, RowCache& cache, const Search& search, const Matched& target,
            std::string_view root_url);

  /// Looks at everything that `view` has below the target. False if it does not have the target.
  /// From now on everything throws core::DemandOver once `demand`, by whoever may have the share,
  /// is over: then nothing of the run may leave.
  bool add(const ShareView& view, core::Demand demand);

  /// What the page shows, in order: by masked study date, then by masked UIDs. Where several
  /// shares show the same UIDs, the share added first stands for all.
  std::vector<Hit> page(std::size_t max_results);
  /// The rows of the page but for those that have gone meanwhile. Ends the page with the row with
  /// which the text reaches 32 MiB.
  std::string json(std::vector<Hit>& page);
  /// True if hits were left out of page() or json() that nobody asked to leave out.
  bool was_cut() const { return was_cut_; }

 private:
  using Tag = core::dicom::Tag;
  enum class Rows { cached, whole };
  /// The first instance of a series or study of which anything is known, and its row; null if there
  /// is none.
  struct First {
    InstanceRef at;
    std::shared_ptr<const MaskedRow> row;
  };
  std::shared_ptr<const MaskedRow> row_of(const ShareView& view, const InstanceRef& at, Rows rows);
  First first_of(const ShareView& view, const ShownStudy& study, const ShownSeries* series);
  /// A study of a share all of whose instances match, since nothing has to.
  struct Whole {
    const ShareView* view;
    const ShownStudy* study;
    std::string_view study_date;
  };
  void consider(const Hit& hit, const MaskedRow* row);
  void consider_instances(const Hit& of_study, const ShownSeries& series);
  template <class Take>
  void for_each_instance(const Whole& whole, Take take) const;
  bool are_in_order() const;
  std::vector<Hit> page_of_wholes(std::size_t max_results);
  std::size_t given_of(std::size_t available, std::size_t max_results);
  bool matches(const Hit& hit, const MaskedRow& row);
  std::optional<std::string> computed(Tag tag, const Hit& hit, const MaskedRow& row);
  const std::string& modalities(const ShareView& view, const ShownStudy& study);
  const std::string& classes(const ShareView& view, const ShownStudy& study);
  void prepare_attributes();

  const Ports& ports_;
  RowCache& cache_;
  const Search& search_;
  const Matched& target_;
  const Level level_;
  const std::string_view root_url_;
  std::vector<Tag> wanted_;    ///< attributes that answers have, in ascending order
  std::vector<Extra> extras_;  ///< those of them that are computed, or stand there empty
  // How much of a row match keys read, and answers.
  Rows matched_ = Rows::cached;
  Rows shown_ = Rows::cached;
  const RowMatch match_;
  std::map<const ShownStudy*, std::string> modalities_;
  std::map<const ShownStudy*, std::string> classes_;
  std::deque<std::string> study_dates_;
  std::vector<Hit> hits_;
  std::vector<Whole> wholes_;  ///< in place of hits, which would be as many as instances
  bool was_cut_ = false;
  std::map<const ShareView*, core::Demand> demands_;
};

}  // namespace sekisho::dicomweb
