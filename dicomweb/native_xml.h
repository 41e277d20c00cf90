// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "dicomweb/multipart.h"

namespace sekisho::dicomweb {

inline constexpr std::string_view kDicomXml = "application/dicom+xml";

/// Appends the Native DICOM Model (PS3.19 §A.1) of what append_json() made, a whole XML document:
/// what stands in an object is decided once, and here written in another way. Characters that XML
/// cannot have become U+FFFD. Throws std::logic_error for text that is no such object.
void append_native_xml(std::string& out, std::string_view json_object);

/// The object as a part of multipart/related.
void append_native_xml_part(std::string& out, std::string_view json_object,
                            std::string_view boundary, Place place);

/// The objects of a JSON array as parts of multipart/related (PS3.18 §8.7.3.2), each a document of
/// its own. Empty for an empty array.
std::string native_xml_parts(std::string_view json_array, std::string_view boundary);

}  // namespace sekisho::dicomweb
