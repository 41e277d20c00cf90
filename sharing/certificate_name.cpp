// SPDX-License-Identifier: GPL-3.0-or-later
#include "sharing/certificate_name.h"

#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <memory>

#include "core/letter_case.h"
#include "core/openssl_errors.h"
#include "core/x509.h"
#include "sharing/distinguished_name.h"

namespace sekisho::sharing {
namespace {

/// In the order of NameKind.
constexpr std::array<std::string_view, 4> kKindNames = {"subject", "uri", "dns", "email"};
constexpr int kMostNames = 256;

struct FreeNames {
  void operator()(GENERAL_NAMES* names) const { GENERAL_NAMES_free(names); }
};
using Names = std::unique_ptr<GENERAL_NAMES, FreeNames>;

/// What an IA5String has to be to mean one thing only (RFC 5280 §4.2.1.6).
bool is_visible(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7F'; });
}

/// As it is compared.
std::string compared(NameKind kind, std::string_view text) {
  if (kind == NameKind::uri) return std::string(text);
  if (kind == NameKind::dns) return core::in_lower_case(text);
  // RFC 5280 §7.5: what stands before the @ is as it is.
  const auto at = std::min(text.rfind('@'), text.size());
  return std::string(text.substr(0, at)) + core::in_lower_case(text.substr(at));
}

core::Sha256 key_of(NameKind kind, std::string_view compared) {
  constexpr core::Byte kEnd[] = {0};
  return core::sha256({core::as_bytes(name(kind)), kEnd, core::as_bytes(compared)});
}

bool is_host(std::string_view text) {
  constexpr std::string_view kOthers = "-._";
  const auto is_usual = [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           kOthers.find(c) != std::string_view::npos;
  };
  return !text.empty() && std::ranges::all_of(text, is_usual) && !text.starts_with('.') &&
         !text.ends_with('.') && text.find("..") == std::string_view::npos;
}

/// Whether an alternative name may be asked for so.
bool is_written_well(NameKind kind, std::string_view text) {
  if (kind == NameKind::dns) return is_host(text);
  if (!is_visible(text)) return false;
  if (kind == NameKind::uri) {
    const auto colon = text.find(':');
    return colon != 0 && colon != std::string_view::npos && colon + 1 < text.size();
  }
  const auto at = text.find('@');
  return at != 0 && at != std::string_view::npos && is_host(text.substr(at + 1));
}

std::optional<NameKind> kind_of(const GENERAL_NAME& name) {
  switch (name.type) {
    case GEN_URI:
      return NameKind::uri;
    case GEN_DNS:
      return NameKind::dns;
    case GEN_EMAIL:
      return NameKind::email;
    default:
      return std::nullopt;
  }
}

/// False where they cannot be read in one way only.
bool add_alternative_names(X509* certificate, std::vector<core::Sha256>& keys) {
  int found = 0;
  const Names names(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, &found, nullptr)));
  constexpr int kThereIsNone = -1;
  if (!names) return found == kThereIsNone;
  if (sk_GENERAL_NAME_num(names.get()) > kMostNames) return false;
  for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME& each = *sk_GENERAL_NAME_value(names.get(), i);
    const auto kind = kind_of(each);
    if (!kind) continue;
    const ASN1_IA5STRING* value = each.d.ia5;
    const std::string_view text(reinterpret_cast<const char*>(ASN1_STRING_get0_data(value)),
                                static_cast<std::size_t>(ASN1_STRING_length(value)));
    if (!is_visible(text)) return false;
    keys.push_back(key_of(*kind, compared(*kind, text)));
  }
  return true;
}

}  // namespace

std::string_view name(NameKind kind) { return kKindNames.at(static_cast<std::size_t>(kind)); }

std::optional<NameKind> parse_name_kind(std::string_view name) {
  for (std::size_t i = 0; i < kKindNames.size(); ++i) {
    if (kKindNames[i] == name) return static_cast<NameKind>(i);
  }
  return std::nullopt;
}

std::optional<CertificateName> parse_certificate_name(NameKind kind, std::string_view text) {
  if (text.size() > kLongestCertificateName) return std::nullopt;
  if (kind != NameKind::subject) {
    if (!is_written_well(kind, text)) return std::nullopt;
    const std::string form = compared(kind, text);
    return CertificateName{kind, form, key_of(kind, form)};
  }
  const core::OpensslErrorMark mark;
  const X509NameHandle parsed = parse_distinguished_name(text);
  if (!parsed) return std::nullopt;
  const auto form = compared_form(parsed.get());
  if (!form) return std::nullopt;
  return CertificateName{kind, core::text_of(parsed.get()), key_of(kind, *form)};
}

std::optional<std::vector<core::Sha256>> names_of(x509_st* certificate) {
  const core::OpensslErrorMark mark;
  const X509_NAME* subject = X509_get_subject_name(certificate);
  std::vector<core::Sha256> keys;
  if (X509_NAME_entry_count(subject) > 0) {
    const auto form = compared_form(subject);
    if (!form) return std::nullopt;
    keys.push_back(key_of(NameKind::subject, *form));
  }
  if (!add_alternative_names(certificate, keys)) return std::nullopt;
  return keys;
}

}  // namespace sekisho::sharing
