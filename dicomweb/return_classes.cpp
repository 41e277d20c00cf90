// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/return_classes.h"

#include <algorithm>
#include <iterator>

namespace sekisho::dicomweb {
namespace {

/// PS3.6 Table A-1.
constexpr std::string_view kReadings[] = {
    "1.2.840.10008.5.1.4.1.1.88.11",  // Basic Text SR
    "1.2.840.10008.5.1.4.1.1.88.22",  // Enhanced SR
    "1.2.840.10008.5.1.4.1.1.88.33",  // Comprehensive SR
    "1.2.840.10008.5.1.4.1.1.88.34",  // Comprehensive 3D SR
    "1.2.840.10008.5.1.4.1.1.88.35",  // Extensible SR
    "1.2.840.10008.5.1.4.1.1.88.50",  // Mammography CAD SR
    "1.2.840.10008.5.1.4.1.1.88.65",  // Chest CAD SR
    "1.2.840.10008.5.1.4.1.1.88.69",  // Colon CAD SR
    "1.2.840.10008.5.1.4.1.1.88.59",  // Key Object Selection Document
    "1.2.840.10008.5.1.4.1.1.11.1",   // Grayscale Softcopy Presentation State
    "1.2.840.10008.5.1.4.1.1.11.2",   // Color Softcopy Presentation State
    "1.2.840.10008.5.1.4.1.1.66.4",   // Segmentation
    "1.2.840.10008.5.1.4.1.1.66.5",   // Surface Segmentation
    "1.2.840.10008.5.1.4.1.1.481.3",  // RT Structure Set
};
constexpr std::string_view kDocuments[] = {
    "1.2.840.10008.5.1.4.1.1.104.1",  // Encapsulated PDF
    "1.2.840.10008.5.1.4.1.1.7",      // Secondary Capture Image
    "1.2.840.10008.5.1.4.1.1.7.2",    // Multi-frame Grayscale Byte Secondary Capture Image
    "1.2.840.10008.5.1.4.1.1.7.3",    // Multi-frame Grayscale Word Secondary Capture Image
    "1.2.840.10008.5.1.4.1.1.7.4",    // Multi-frame True Color Secondary Capture Image
};

}  // namespace

bool may_be_returned(std::string_view sop_class, const sharing::Permissions& permissions) {
  const auto is_among = [&](const auto& classes) {
    return std::ranges::find(classes, sop_class) != std::end(classes);
  };
  return permissions.give_back &&
         (is_among(kReadings) || (permissions.give_back_documents && is_among(kDocuments)));
}

}  // namespace sekisho::dicomweb
