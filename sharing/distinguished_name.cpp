// SPDX-License-Identifier: GPL-3.0-or-later
#include "sharing/distinguished_name.h"

#include <openssl/asn1.h>
#include <openssl/objects.h>

#include <algorithm>
#include <array>
#include <new>
#include <vector>

#include "core/encoding.h"
#include "core/letter_case.h"
#include "core/utf8.h"

namespace sekisho::sharing {
namespace {

struct FreeObject {
  void operator()(ASN1_OBJECT* object) const { ASN1_OBJECT_free(object); }
};
using Object = std::unique_ptr<ASN1_OBJECT, FreeObject>;
struct FreeType {
  void operator()(ASN1_TYPE* type) const { ASN1_TYPE_free(type); }
};
struct FreeMemory {
  void operator()(unsigned char* memory) const { OPENSSL_free(memory); }
};

/// RFC 4514 §2.3: one attribute as it is written, its value with its escapes undone.
struct Attribute {
  Object type;
  std::string value;  ///< UTF-8
};
using Rdn = std::vector<Attribute>;

/// `nullopt` where it is no string.
std::optional<std::string> utf8_of(const ASN1_STRING* value) {
  unsigned char* bytes = nullptr;
  const int size = ASN1_STRING_to_UTF8(&bytes, value);
  if (size < 0) return std::nullopt;
  const std::unique_ptr<unsigned char, FreeMemory> held(bytes);
  return std::string(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
}

/// RFC 4514 §2.4: what stands behind "#" is the BER of the value.
std::optional<std::string> value_of_hex(std::string_view hex) {
  const auto der = core::from_hex(hex);
  if (!der) return std::nullopt;
  const unsigned char* cursor = der->data();
  const std::unique_ptr<ASN1_TYPE, FreeType> type(
      d2i_ASN1_TYPE(nullptr, &cursor, static_cast<long>(der->size())));
  if (!type || cursor != der->data() + der->size()) return std::nullopt;
  const int kind = ASN1_TYPE_get(type.get());
  if (kind == V_ASN1_OBJECT || kind == V_ASN1_BOOLEAN || kind == V_ASN1_NULL) return std::nullopt;
  return utf8_of(type->value.asn1_string);
}

/// Reads from the front of what is left.
class Reader {
 public:
  explicit Reader(std::string_view rest) : rest_(rest) {}

  bool at_end() const { return rest_.empty(); }
  bool take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void skip_spaces() { rest_.remove_prefix(std::min(rest_.find_first_not_of(' '), rest_.size())); }

  /// What stands before "=", which is taken too.
  Object type() {
    skip_spaces();
    const auto end = rest_.find('=');
    if (end == std::string_view::npos) return nullptr;
    std::string name(rest_.substr(0, end));
    rest_.remove_prefix(end + 1);
    name.erase(name.find_last_not_of(' ') + 1);
    if (name.empty()) return nullptr;
    if (is_number(name)) return Object(OBJ_txt2obj(name.c_str(), 1));
    if (Object type{OBJ_txt2obj(name.c_str(), 0)}) return type;
    // "cn": RFC 4512 §2.5 knows no case.
    return Object(OBJ_txt2obj(core::in_capitals(name).c_str(), 0));
  }

  /// Up to a separator that is not escaped, or the end.
  std::optional<std::string> value() {
    skip_spaces();
    if (take('#')) return hex_value();
    std::string value;
    std::size_t kept = 0;  // a space at the end counts only if it was escaped
    while (!rest_.empty() && rest_.front() != ',' && rest_.front() != '+') {
      const bool is_escaped = rest_.front() == '\\';
      const auto next = is_escaped ? escaped() : plain();
      if (!next) return std::nullopt;
      value += *next;
      if (is_escaped || *next != ' ') kept = value.size();
    }
    value.resize(kept);
    return value;
  }

 private:
  static bool is_number(std::string_view name) {
    return name.front() >= '0' && name.front() <= '9';
  }

  std::optional<std::string> hex_value() {
    const auto end = std::min(rest_.find_first_of(",+ "), rest_.size());
    const auto value = value_of_hex(rest_.substr(0, end));
    rest_.remove_prefix(end);
    skip_spaces();
    return value;
  }

  std::optional<char> plain() {
    constexpr std::string_view kMustBeEscaped = "\";<>";
    const char c = rest_.front();
    if (kMustBeEscaped.find(c) != std::string_view::npos) return std::nullopt;
    rest_.remove_prefix(1);
    return c;
  }

  std::optional<char> escaped() {
    rest_.remove_prefix(1);
    constexpr std::string_view kSpecial = "\\\"+,;<=># ";
    if (rest_.empty()) return std::nullopt;
    if (kSpecial.find(rest_.front()) != std::string_view::npos) {
      const char c = rest_.front();
      rest_.remove_prefix(1);
      return c;
    }
    const auto byte = core::from_hex(rest_.substr(0, 2));
    if (!byte || byte->size() != 1) return std::nullopt;
    rest_.remove_prefix(2);
    return static_cast<char>(byte->front());
  }

  std::string_view rest_;
};

/// As they are written: the last one first. Empty where the text is no name.
std::vector<Rdn> parsed(std::string_view text) {
  Reader reader(text);
  std::vector<Rdn> rdns(1);
  for (;;) {
    Attribute attribute{reader.type(), {}};
    if (!attribute.type) return {};
    auto value = reader.value();
    if (!value || value->empty() || !core::is_utf8(*value)) return {};
    attribute.value = *std::move(value);
    rdns.back().push_back(std::move(attribute));
    if (reader.at_end()) return rdns;
    if (reader.take('+')) continue;
    if (!reader.take(',')) return {};
    rdns.emplace_back();
  }
}

bool add(X509_NAME* name, const Attribute& attribute, int set) {
  return X509_NAME_add_entry_by_OBJ(name, attribute.type.get(), V_ASN1_UTF8STRING,
                                    reinterpret_cast<const unsigned char*>(attribute.value.data()),
                                    static_cast<int>(attribute.value.size()), -1, set) == 1;
}

/// `nullopt` where a control character is in it.
std::optional<std::string> folded(std::string_view value) {
  std::string folded;
  for (const char c : value) {
    if (static_cast<unsigned char>(c) < ' ' || c == '\x7F') return std::nullopt;
    if (c == ' ' && (folded.empty() || folded.back() == ' ')) continue;
    folded += core::lower(c);
  }
  if (folded.ends_with(' ')) folded.pop_back();
  return folded;
}

std::string dotted(const ASN1_OBJECT* type) {
  std::array<char, 256> text{};
  const int size = OBJ_obj2txt(text.data(), static_cast<int>(text.size()), type, 1);
  // One that is longer is no number that anybody has given out.
  if (size <= 0 || size >= static_cast<int>(text.size())) return {};
  return {text.data(), static_cast<std::size_t>(size)};
}

/// With its length in front of what may hold anything.
std::optional<std::string> compared_form(const X509_NAME_ENTRY* entry) {
  const std::string type = dotted(X509_NAME_ENTRY_get_object(entry));
  const auto value = utf8_of(X509_NAME_ENTRY_get_data(entry));
  if (type.empty() || !value) return std::nullopt;
  const auto form = folded(*value);
  if (!form) return std::nullopt;
  return type + '=' + std::to_string(form->size()) + ':' + *form;
}

}  // namespace

X509NameHandle parse_distinguished_name(std::string_view text) {
  const std::vector<Rdn> rdns = parsed(text);
  if (rdns.empty()) return nullptr;
  X509NameHandle name(X509_NAME_new());
  if (!name) throw std::bad_alloc();
  for (auto rdn = rdns.rbegin(); rdn != rdns.rend(); ++rdn) {
    for (const Attribute& attribute : *rdn) {
      constexpr int kNext = 0;
      constexpr int kSameAsBefore = -1;
      const int set = &attribute == &rdn->front() ? kNext : kSameAsBefore;
      if (!add(name.get(), attribute, set)) return nullptr;
    }
  }
  return name;
}

std::optional<std::string> compared_form(const X509_NAME* name) {
  std::vector<std::vector<std::string>> rdns;
  int last = -1;
  for (int i = 0; i < X509_NAME_entry_count(name); ++i) {
    const X509_NAME_ENTRY* entry = X509_NAME_get_entry(name, i);
    auto form = compared_form(entry);
    if (!form) return std::nullopt;
    if (const int rdn = X509_NAME_ENTRY_set(entry); rdn != last) {
      rdns.emplace_back();
      last = rdn;
    }
    rdns.back().push_back(*std::move(form));
  }
  std::string whole;
  for (std::vector<std::string>& rdn : rdns) {
    std::ranges::sort(rdn);
    for (const std::string& attribute : rdn) whole += attribute + '+';
    whole += ',';
  }
  return whole;
}

}  // namespace sekisho::sharing
