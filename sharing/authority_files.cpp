// SPDX-License-Identifier: GPL-3.0-or-later
#include "sharing/authority_files.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include "core/openssl_errors.h"
#include "core/whole_file.h"

namespace sekisho::sharing {
namespace {

using core::ConfiguredPath;
using core::SetupTrouble;

constexpr std::size_t kLargestFile_bytes = std::size_t{16} << 20;
/// All of them are named in each handshake.
constexpr std::size_t kMostAuthorities = 64;
constexpr int kLeastSecurity_bits = 112;
constexpr std::string_view kAuthorities = "The file of client authorities";
constexpr std::string_view kLists = "The revocation lists of client authorities";

struct FreeMemory {
  void operator()(void* memory) const { OPENSSL_free(memory); }
};

SetupTrouble trouble(std::string_view what, const ConfiguredPath& place, std::string reason,
                     std::string remedy) {
  return SetupTrouble({std::string(what) + " cannot be used", place.path.string(), place.setting,
                       std::move(reason), std::move(remedy)});
}

/// The whole of a regular file, links followed.
std::variant<core::Secret, SetupTrouble> read_file(const ConfiguredPath& file,
                                                   std::string_view what) {
  if (const auto unreadable = core::trouble_reading(file, what)) return *unreadable;
  struct stat status{};
  const bool is_usable = ::stat(file.path.c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
                         static_cast<std::size_t>(status.st_size) <= kLargestFile_bytes;
  std::error_code error;
  const std::filesystem::path target = std::filesystem::canonical(file.path, error);
  if (is_usable && !error) {
    if (auto content = core::read_whole_file(target, kLargestFile_bytes)) {
      return *std::move(content);
    }
  }
  return trouble(what, file, "it is no file of at most 16 MiB", "Correct the setting.");
}

bool is_pem(std::string_view text) { return text.find("-----BEGIN ") != std::string_view::npos; }

/// The DER of all blocks of that name; `nullopt` where one is broken or has another name.
std::optional<std::vector<core::Bytes>> blocks_of(std::string_view text, std::string_view name) {
  const core::BioHandle bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  if (!bio) throw std::bad_alloc();
  std::vector<core::Bytes> blocks;
  // A block that PEM_read_bio() passes over as broken must not go unseen.
  for (auto begin = text.find("-----BEGIN "); begin != std::string_view::npos;
       begin = text.find("-----BEGIN ", begin + 1)) {
    char* found_name = nullptr;
    char* header = nullptr;
    unsigned char* content = nullptr;
    long size = 0;
    if (PEM_read_bio(bio.get(), &found_name, &header, &content, &size) != 1) return std::nullopt;
    const std::unique_ptr<char, FreeMemory> held_name(found_name);
    const std::unique_ptr<char, FreeMemory> held_header(header);
    const std::unique_ptr<unsigned char, FreeMemory> held_content(content);
    if (found_name != name || *header != '\0') return std::nullopt;
    blocks.emplace_back(content, content + size);
  }
  return blocks;
}

/// Null where there is anything else, or more.
core::X509Handle certificate_of(const core::Bytes& der) {
  const unsigned char* cursor = der.data();
  core::X509Handle certificate(d2i_X509(nullptr, &cursor, static_cast<long>(der.size())));
  return cursor == der.data() + der.size() ? std::move(certificate) : nullptr;
}
core::CrlHandle list_of(core::ByteView der) {
  const unsigned char* cursor = der.data();
  core::CrlHandle list(d2i_X509_CRL(nullptr, &cursor, static_cast<long>(der.size())));
  return cursor == der.data() + der.size() ? std::move(list) : nullptr;
}

/// Why nobody should trust what it issues; empty where nothing is wrong.
std::string_view flaw_of(X509* authority) {
  constexpr int kSaysSo = 1;  // X509_check_ca(3): other numbers are guesses
  if (X509_check_ca(authority) != kSaysSo) {
    return "is no authority: it has no basicConstraints with CA:TRUE, or may sign no certificates";
  }
  if ((X509_get_key_usage(authority) & KU_CRL_SIGN) == 0) {
    return "may sign no revocation lists: its keyUsage lacks cRLSign";
  }
  if ((X509_get_extension_flags(authority) & EXFLAG_CRITICAL) != 0) {
    return "has a critical extension that is not known here";
  }
  if (!core::is_signed_well(authority)) return "is signed with less than SHA-256";
  const EVP_PKEY* key = X509_get0_pubkey(authority);
  if (key == nullptr || EVP_PKEY_get_security_bits(key) < kLeastSecurity_bits) {
    return "has a key that is too short, or of a kind that is not known here";
  }
  if (!core::time_of(X509_get0_notBefore(authority)) ||
      !core::time_of(X509_get0_notAfter(authority))) {
    return "has a time that is no time";
  }
  return {};
}

std::string_view flaw_of(const X509_CRL* list) {
  if (!core::is_signed_well(list)) return "is signed with less than SHA-256";
  if (!core::time_of(X509_CRL_get0_nextUpdate(list))) return "does not say when the next one comes";
  return {};
}

/// The files that a place names, in the order of their names.
std::vector<std::filesystem::path> files_in(const std::filesystem::path& place) {
  std::error_code error;
  if (!std::filesystem::is_directory(place, error)) return {place};
  std::vector<std::filesystem::path> files;
  for (std::filesystem::directory_iterator each(place, error), end; !error && each != end;
       each.increment(error)) {
    if (!each->path().filename().native().starts_with('.')) files.push_back(each->path());
  }
  if (error) return {place};  // which cannot be read, as will be found out
  std::ranges::sort(files);
  return files;
}

std::string stamp_of(const std::filesystem::path& file) {
  struct stat status{};
  if (::stat(file.c_str(), &status) != 0) return file.string() + ' ' + std::to_string(errno) + '\n';
  std::string stamp = file.string();
  for (const auto part :
       {static_cast<long long>(status.st_dev), static_cast<long long>(status.st_ino),
        static_cast<long long>(status.st_mode), static_cast<long long>(status.st_size),
        static_cast<long long>(status.st_mtim.tv_sec),
        static_cast<long long>(status.st_mtim.tv_nsec),
        static_cast<long long>(status.st_ctim.tv_sec),
        static_cast<long long>(status.st_ctim.tv_nsec)}) {
    stamp += ' ' + std::to_string(part);
  }
  return stamp + '\n';
}

std::optional<SetupTrouble> add_lists(const ConfiguredPath& file,
                                      std::vector<core::CrlHandle>& lists) {
  const auto content = read_file(file, kLists);
  if (const auto* unreadable = std::get_if<SetupTrouble>(&content)) return *unreadable;
  const core::ByteView bytes = std::get<core::Secret>(content).view();
  std::optional<std::vector<core::Bytes>> blocks{{core::Bytes(bytes.begin(), bytes.end())}};
  if (is_pem(core::as_text(bytes))) blocks = blocks_of(core::as_text(bytes), PEM_STRING_X509_CRL);
  for (const core::Bytes& der : blocks.value_or(std::vector<core::Bytes>(1))) {
    core::CrlHandle list = list_of(der);
    if (!list) {
      return trouble(kLists, file,
                     "it is damaged, or something else than lists in PEM or one in DER",
                     "Put whole lists there: write them beside it, then rename.");
    }
    if (const auto flaw = flaw_of(list.get()); !flaw.empty()) {
      return trouble(kLists, file,
                     "the one of \"" + core::text_of(X509_CRL_get_issuer(list.get())) + "\" " +
                         std::string(flaw),
                     "Ask the authority for another one.");
    }
    lists.push_back(std::move(list));
  }
  return std::nullopt;
}

}  // namespace

std::variant<std::vector<core::X509Handle>, SetupTrouble> read_authorities(
    const ConfiguredPath& file) {
  const core::OpensslErrorMark mark;
  const auto content = read_file(file, kAuthorities);
  if (const auto* unreadable = std::get_if<SetupTrouble>(&content)) return *unreadable;
  const auto blocks =
      blocks_of(core::as_text(std::get<core::Secret>(content).view()), PEM_STRING_X509);
  std::vector<core::X509Handle> authorities;
  for (const core::Bytes& der : blocks.value_or(std::vector<core::Bytes>())) {
    core::X509Handle authority = certificate_of(der);
    if (!authority) break;
    if (const auto flaw = flaw_of(authority.get()); !flaw.empty()) {
      return trouble(
          kAuthorities, file,
          '"' + core::text_of(X509_get_subject_name(authority.get())) + "\" " + std::string(flaw),
          "Take it out of the file.");
    }
    authorities.push_back(std::move(authority));
  }
  if (!blocks || blocks->size() != authorities.size() || authorities.empty()) {
    return trouble(kAuthorities, file, "it is damaged, or holds something else than certificates",
                   "It must hold certificates of authorities in PEM, and nothing beside them.");
  }
  if (authorities.size() > kMostAuthorities) {
    return trouble(kAuthorities, file, "it holds more than 64",
                   "Leave in it whose certificates recipients have.");
  }
  return authorities;
}

std::variant<std::vector<core::CrlHandle>, SetupTrouble> read_revocation_lists(
    const ConfiguredPath& place) {
  const core::OpensslErrorMark mark;
  std::vector<core::CrlHandle> lists;
  for (const std::filesystem::path& file : files_in(place.path)) {
    if (const auto found = add_lists({file, place.setting}, lists)) return *found;
  }
  if (lists.empty()) {
    return trouble(kLists, place, "there is none",
                   "Fetch the lists of all authorities that stand between clients and the file of "
                   "authorities.");
  }
  return lists;
}

std::string stamp_of(const ClientAuthorityFiles& files) {
  std::string stamp = stamp_of(files.authorities.path) + stamp_of(files.revocation_lists.path);
  for (const std::filesystem::path& file : files_in(files.revocation_lists.path)) {
    stamp += stamp_of(file);
  }
  return stamp;
}

}  // namespace sekisho::sharing
