// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace sekisho::audit {

/// Appends `value` as it may stand in XML 1.0 between tags and between double quotes. What XML
/// cannot carry (control characters, U+FFFE, U+FFFF, bytes that are not UTF-8) becomes U+FFFD.
void append_xml(std::string& out, std::string_view value);

/// Writes one element, on one line: attributes first, then children or text; its destructor closes
/// it. `out` and the parent outlive it, and the parent is not used meanwhile.
class XmlElement {
 public:
  XmlElement(std::string& out, std::string_view name);
  ~XmlElement();
  XmlElement(const XmlElement&) = delete;
  XmlElement& operator=(const XmlElement&) = delete;

  XmlElement& attribute(std::string_view name, std::string_view value);
  XmlElement child(std::string_view name);
  void text(std::string_view value);

 private:
  void begin_content();

  std::string& out_;
  const std::string name_;
  bool has_content_ = false;
};

}  // namespace sekisho::audit
