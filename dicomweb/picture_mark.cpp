// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/picture_mark.h"

#include <chrono>
#include <stdexcept>

#include "imaging/rendering/lettering.h"

namespace sekisho::dicomweb {

PictureMark PictureMark::of(const sharing::Share& share, const sharing::Authenticated& who,
                            core::Time now) {
  PictureMark mark;
  if (!share.marks_pictures) return mark;
  const auto& signed_in = who.credential().signed_in;
  if (signed_in && !signed_in->person_name.empty()) mark.lines_.push_back(signed_in->person_name);
  mark.lines_.push_back(who.recipient().name);
  std::string time = core::to_rfc3339(std::chrono::floor<std::chrono::minutes>(now));
  time.replace(time.find('T'), 1, " ");
  time.replace(time.rfind(":00Z"), std::string::npos, " UTC");
  mark.lines_.push_back(std::move(time));
  return mark;
}

void PictureMark::put_on(imaging::Picture& picture) const {
  if (lines_.empty()) return;
  auto letters = imaging::Lettering::installed();
  if (!letters) throw std::runtime_error("there is no font to mark pictures with");
  letters->inscribe(lines_, picture);
}

}  // namespace sekisho::dicomweb
