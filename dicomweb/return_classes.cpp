// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/return_classes.h"

#include <algorithm>
#include <iterator>

namespace sekisho::dicomweb {
namespace {

enum class Needs { give_back, give_back_documents };
enum class Holds { elements, pixels, document };
struct ReturnClass {
  std::string_view uid;
  Needs needs;
  Holds holds;
};
using enum Needs;
using enum Holds;

/// PS3.6 Table A-1.
constexpr ReturnClass kClasses[] = {
    {"1.2.840.10008.5.1.4.1.1.88.11", give_back, elements},  // Basic Text SR
    {"1.2.840.10008.5.1.4.1.1.88.22", give_back, elements},  // Enhanced SR
    {"1.2.840.10008.5.1.4.1.1.88.33", give_back, elements},  // Comprehensive SR
    {"1.2.840.10008.5.1.4.1.1.88.34", give_back, elements},  // Comprehensive 3D SR
    {"1.2.840.10008.5.1.4.1.1.88.35", give_back, elements},  // Extensible SR
    {"1.2.840.10008.5.1.4.1.1.88.50", give_back, elements},  // Mammography CAD SR
    {"1.2.840.10008.5.1.4.1.1.88.65", give_back, elements},  // Chest CAD SR
    {"1.2.840.10008.5.1.4.1.1.88.69", give_back, elements},  // Colon CAD SR
    {"1.2.840.10008.5.1.4.1.1.88.59", give_back, elements},  // Key Object Selection Document
    {"1.2.840.10008.5.1.4.1.1.11.1", give_back, elements},  // Grayscale Softcopy Presentation State
    {"1.2.840.10008.5.1.4.1.1.11.2", give_back, elements},  // Color Softcopy Presentation State
    {"1.2.840.10008.5.1.4.1.1.66.4", give_back, pixels},    // Segmentation
    {"1.2.840.10008.5.1.4.1.1.66.5", give_back, elements},  // Surface Segmentation
    {"1.2.840.10008.5.1.4.1.1.481.3", give_back, elements},            // RT Structure Set
    {"1.2.840.10008.5.1.4.1.1.104.1", give_back_documents, document},  // Encapsulated PDF
    {"1.2.840.10008.5.1.4.1.1.7", give_back_documents, pixels},        // Secondary Capture Image
    // Multi-frame Grayscale Byte, Grayscale Word and True Color Secondary Capture Image
    {"1.2.840.10008.5.1.4.1.1.7.2", give_back_documents, pixels},
    {"1.2.840.10008.5.1.4.1.1.7.3", give_back_documents, pixels},
    {"1.2.840.10008.5.1.4.1.1.7.4", give_back_documents, pixels},
};

const ReturnClass* find(std::string_view sop_class) {
  const auto* found = std::ranges::find(kClasses, sop_class, &ReturnClass::uid);
  return found == std::end(kClasses) ? nullptr : found;
}

}  // namespace

bool may_be_returned(std::string_view sop_class, const sharing::Permissions& permissions) {
  const ReturnClass* found = find(sop_class);
  return found != nullptr && permissions.give_back &&
         (found->needs == give_back || permissions.give_back_documents);
}

bool holds_pixels(std::string_view sop_class) {
  const ReturnClass* found = find(sop_class);
  return found != nullptr && found->holds == pixels;
}

bool holds_document(std::string_view sop_class) {
  const ReturnClass* found = find(sop_class);
  return found != nullptr && found->holds == document;
}

}  // namespace sekisho::dicomweb
