// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/pseudonyms.h"

#include <array>
#include <stdexcept>

#include "anonymization/date_shift_range.h"
#include "anonymization/tables.h"
#include "core/encoding.h"

namespace sekisho::anonymization {
namespace {

using core::Byte;
using core::ByteView;

__extension__ using Uint128 = unsigned __int128;

constexpr std::size_t kKeyBytes = 32;
constexpr unsigned kCheckBits = 32;
constexpr unsigned kUidNameBits = 90;
constexpr unsigned kIdentifierNameBits = 48;
constexpr std::string_view kUuidRoot = "2.25.";  // PS3.5 §B.2
constexpr std::string_view kUidKind = "uid";
constexpr std::string_view kUidCheckKind = "uid-check";
constexpr std::string_view kRecipientsUidKind = "recipients-uid";
constexpr std::string_view kIdentifierCheckKind = "identifier-check:";
constexpr std::string_view kDateShiftKind = "date-shift";
constexpr std::string_view kEtagKind = "etag";
constexpr std::string_view kBase32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";  // RFC 4648 §6

std::string check_kind_of(std::string_view kind) {
  return std::string(kIdentifierCheckKind).append(kind);
}

constexpr Uint128 low_bits(unsigned count) { return (Uint128{1} << count) - 1; }

std::array<Byte, 16> to_bytes(Uint128 number) {
  std::array<Byte, 16> bytes{};
  for (std::size_t i = bytes.size(); i-- > 0; number >>= 8) bytes[i] = static_cast<Byte>(number);
  return bytes;
}

/// The leading `bits` of a hash.
Uint128 leading(const core::Sha256& hash, unsigned bits) {
  Uint128 number = 0;
  for (std::size_t i = 0; i < 16; ++i) number = (number << 8) | hash[i];
  return number >> (128 - bits);
}

// RFC 9562 §5.8: 48 free bits, version 8, 12 free bits, variant 0b10, 62 free bits.
constexpr unsigned kLowFree = 62;
constexpr unsigned kMiddleFree = 12;
constexpr unsigned kHighFree = 48;
constexpr Uint128 kVersionAndVariant = (Uint128{8} << 76) | (Uint128{2} << 62);
constexpr Uint128 kVersionAndVariantMask = (Uint128{0xF} << 76) | (Uint128{3} << 62);
static_assert(kLowFree + kMiddleFree + kHighFree == kUidNameBits + kCheckBits);

Uint128 to_uuid(Uint128 free) {
  const Uint128 low = free & low_bits(kLowFree);
  const Uint128 middle = (free >> kLowFree) & low_bits(kMiddleFree);
  const Uint128 high = free >> (kLowFree + kMiddleFree);
  return (high << 80) | (middle << 64) | low | kVersionAndVariant;
}

/// The free bits of a UUIDv8; `nullopt` for any other UUID.
std::optional<Uint128> from_uuid(Uint128 uuid) {
  if ((uuid & kVersionAndVariantMask) != kVersionAndVariant) return std::nullopt;
  const Uint128 middle = (uuid >> 64) & low_bits(kMiddleFree);
  return ((uuid >> 80) << (kLowFree + kMiddleFree)) | (middle << kLowFree) |
         (uuid & low_bits(kLowFree));
}

constexpr std::size_t kMaxDecimals = 39;  // 2^128 - 1

std::string to_decimal(Uint128 number) {
  std::array<char, kMaxDecimals> digits{};
  std::size_t begin = digits.size();
  do {
    digits[--begin] = static_cast<char>('0' + static_cast<int>(number % 10));
    number /= 10;
  } while (number != 0);
  return std::string(digits.data() + begin, digits.size() - begin);
}

/// `nullopt` unless `text` is the one way to write a number below 2^128.
std::optional<Uint128> from_decimal(std::string_view text) {
  if (text.empty() || text.size() > kMaxDecimals || text.front() == '0') return std::nullopt;
  Uint128 number = 0;
  for (char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    const auto digit = static_cast<unsigned>(c - '0');
    if (number > (~Uint128{0} - digit) / 10) return std::nullopt;
    number = number * 10 + digit;
  }
  return number;
}

core::Uid to_uid(Uint128 free) {
  return *core::Uid::parse(std::string(kUuidRoot) + to_decimal(to_uuid(free)));
}

std::string to_base32(Uint128 number) {
  std::string text(16, 'A');
  for (std::size_t i = text.size(); i-- > 0; number >>= 5) {
    text[i] = kBase32[static_cast<std::size_t>(number & 31)];
  }
  return text;
}

std::optional<Uint128> from_base32(std::string_view text) {
  if (text.size() != 16) return std::nullopt;
  Uint128 number = 0;
  for (char c : text) {
    const auto value = kBase32.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    number = (number << 5) | value;
  }
  return number;
}

}  // namespace

Pseudonyms::Pseudonyms(ByteView key, Made made)
    : key_(core::Bytes(key.begin(), key.end())), made_(std::move(made)) {
  if (key.size() != kKeyBytes) throw std::invalid_argument("a pseudonym key has 32 bytes");
}

core::Sha256 Pseudonyms::derive(std::string_view kind, ByteView value) const {
  static constexpr Byte kSeparator[] = {0};
  return core::hmac_sha256(key_.view(), {core::as_bytes(kind), kSeparator, value});
}

std::uint32_t Pseudonyms::check_of(std::string_view kind, Uint128 name) const {
  return static_cast<std::uint32_t>(leading(derive(kind, to_bytes(name)), kCheckBits));
}

bool Pseudonyms::is_own(const core::Uid& uid) const {
  const std::string_view text = uid.text();
  if (!text.starts_with(kUuidRoot)) return false;
  const auto uuid = from_decimal(text.substr(kUuidRoot.size()));
  const auto free = uuid ? from_uuid(*uuid) : std::nullopt;
  return free && check_of(kUidCheckKind, *free >> kCheckBits) == (*free & low_bits(kCheckBits));
}

core::Uid Pseudonyms::uid(const core::Uid& original) const {
  if (original.empty()) return original;
  if (auto known = recent_->uids.find(original)) return *std::move(known);
  core::Uid shown = make_uid(original);
  recent_->uids.put(original, shown);
  return shown;
}

core::Uid Pseudonyms::make_uid(const core::Uid& original) const {
  if (const auto made = made_.find(original); made != made_.end()) return made->second;
  if (is_well_known_uid(original.text()) || is_own(original)) return original;
  const Uint128 name = leading(derive(kUidKind, core::as_bytes(original.text())), kUidNameBits);
  return to_uid((name << kCheckBits) | check_of(kUidCheckKind, name));
}

core::Uid Pseudonyms::archived(const core::Uid& recipients) const {
  return to_uid(leading(derive(kRecipientsUidKind, core::as_bytes(recipients.text())),
                        kUidNameBits + kCheckBits));
}

bool Pseudonyms::is_own(std::string_view kind, std::string_view identifier) const {
  const auto known = from_base32(identifier);
  return known &&
         check_of(check_kind_of(kind), *known >> kCheckBits) == (*known & low_bits(kCheckBits));
}

std::string Pseudonyms::identifier(std::string_view kind, std::string_view original) const {
  const std::string key = std::string(kind).append(1, '\0').append(original);
  if (auto known = recent_->identifiers.find(key)) return *std::move(known);
  std::string shown = make_identifier(kind, original);
  recent_->identifiers.put(key, shown);
  return shown;
}

std::string Pseudonyms::make_identifier(std::string_view kind, std::string_view original) const {
  if (is_own(kind, original)) return std::string(original);
  const Uint128 name = leading(derive(kind, core::as_bytes(original)), kIdentifierNameBits);
  return to_base32((name << kCheckBits) | check_of(check_kind_of(kind), name));
}

std::chrono::days Pseudonyms::date_shift(std::string_view patient_id) const {
  constexpr auto kRangeDays =
      static_cast<unsigned>((kLargestDateShift - kLeastDateShift).count() + 1);
  const Uint128 drawn = leading(derive(kDateShiftKind, core::as_bytes(patient_id)), 64);
  return -(kLeastDateShift + std::chrono::days(static_cast<int>(drawn % kRangeDays)));
}

std::string Pseudonyms::tag_of(ByteView masked_bytes) const {
  const core::Sha256 hash = derive(kEtagKind, masked_bytes);
  return core::to_hex(ByteView(hash).first(16));
}

core::Uid ReverseMap::shown(const core::Uid& original) const {
  const bool is_kept = profile_.is_identity() || original.is_standard();
  return profile_.remaps_uids() || !is_kept ? pseudonyms_.uid(original) : original;
}

core::Uid ReverseMap::archived(const core::Uid& recipients) const {
  return profile_.remaps_uids() ? pseudonyms_.archived(recipients) : recipients;
}

std::optional<core::Uid> ReverseMap::original(const core::Uid& shown) const {
  const auto found = originals_.find(shown);
  if (found == originals_.end()) return std::nullopt;
  return found->second;
}

}  // namespace sekisho::anonymization
