// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/metadata_body.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "dicomweb/dicom_json.h"
#include "dicomweb/native_xml.h"
#include "imaging/pixel_elements.h"

namespace sekisho::dicomweb {

namespace {

/// Where the values of an instance can be fetched, below what is configured and never below what a
/// request says of the server.
std::string bulk_root_of(std::string_view root_url, const disclosure::ShownPath& shown) {
  if (root_url.empty()) return {};
  std::string root(root_url);
  root += "/studies/" + shown.study.str() + "/series/" + shown.series.str();
  return root + "/instances/" + shown.instance.str() + "/bulkdata";
}

/// Of the element that holds the pixels, where there are any.
std::optional<Extra> pixels_of(const anonymization::Masked& instance, std::string_view bulk_root) {
  if (bulk_root.empty() || instance.pixel_size() == 0) return std::nullopt;
  const auto elements = imaging::read_pixel_elements(instance.pixels(), instance.transfer_syntax());
  const auto found = std::ranges::find_if(elements, imaging::is_pixel_element);
  if (found == elements.end()) return std::nullopt;
  std::string uri = std::string(bulk_root) + '/' + found->tag.hex();
  return Extra{found->tag, found->vr, std::move(uri), Extra::When::always,
               Extra::Holds::bulk_data_uri};
}

}  // namespace

MetadataBody::MetadataBody(disclosure::Disclosure disclosure, disclosure::MadeTexts& texts,
                           std::string root_url, std::string boundary)
    : DisclosedBody(std::move(disclosure)),
      texts_(texts),
      root_url_(std::move(root_url)),
      boundary_(std::move(boundary)) {
  if (this->disclosure().first() == nullptr) return;
  append_next();
  if (this->disclosure().size() == 1) append_next();
}

std::optional<std::uint64_t> MetadataBody::size_bytes() const {
  return closed_ ? std::optional<std::uint64_t>(text_.size()) : std::nullopt;
}

/// The next instance, or the end of the list.
void MetadataBody::append_next() {
  const bool is_first = next_ == 0;
  const bool is_end = next_ == disclosure().size();
  if (boundary_.empty()) {
    text_ += is_first ? "[" : is_end ? "" : ",";
    if (!is_end) text_ += *next_object();
    if (is_end) text_ += ']';
  } else if (is_end) {
    text_ += last_delimiter(boundary_);
  } else {
    append_native_xml_part(text_, *next_object(), boundary_,
                           is_first ? Place::first : Place::later);
  }
  closed_ = is_end;
  if (!is_end) ++next_;
}

/// The same for everybody who may fetch, or may not, below the same root.
disclosure::MadeTexts::Text MetadataBody::next_object() {
  return disclosure().made(next_, texts_, root_url_, [this](const anonymization::Masked& instance) {
    std::string object;
    append_metadata(object, instance, disclosure().demand(),
                    bulk_root_of(root_url_, disclosure().shown(next_)));
    object.shrink_to_fit();
    return object;
  });
}

std::size_t MetadataBody::fill(std::span<core::Byte> out) {
  while (text_.size() - position_ < out.size() && !closed_) {
    text_.erase(0, position_);
    position_ = 0;
    append_next();
  }
  const std::size_t count = std::min(out.size(), text_.size() - position_);
  const auto from = core::as_bytes(text_).subspan(position_, count);
  std::copy(from.begin(), from.end(), out.begin());
  position_ += count;
  return count;
}

void append_metadata(std::string& out, const anonymization::Masked& instance,
                     const core::Demand& demand, std::string_view bulk_root) {
  const core::dicom::Dataset parts[] = {instance.header(), instance.trailer()};
  // Metadata has no group 2; viewers still want to know what they would retrieve.
  std::vector<Extra> extras{
      {tags::kAvailableTransferSyntaxUid, core::dicom::Vr::UI, instance.transfer_syntax().uid}};
  if (auto pixels = pixels_of(instance, bulk_root)) extras.push_back(*std::move(pixels));
  append_json(out, parts, kEverything, extras, demand, bulk_root);
}

}  // namespace sekisho::dicomweb
