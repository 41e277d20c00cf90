// SPDX-License-Identifier: GPL-3.0-or-later
#include "access/password_hasher.h"

#include <argon2.h>

#include <array>
#include <stdexcept>

#include "core/encoding.h"
#include "core/random.h"
#include "core/secret.h"

namespace sekisho::access {
namespace {

/// One lane: it is computed on the worker that asks, and no thread is made for it.
constexpr std::uint32_t kLanes = 1;
constexpr std::size_t kSaltBytes = 16;  // RFC 9106 §3.1
constexpr std::size_t kHashBytes = 32;

std::string prefix_of(const PasswordHasher::Settings& settings) {
  return "$argon2id$v=19$m=" + std::to_string(settings.memory_kib) +
         ",t=" + std::to_string(settings.passes) + ",p=" + std::to_string(kLanes) + '$';
}

}  // namespace

PasswordHasher::Turn::~Turn() {
  if (hasher_ != nullptr) hasher_->leave(site_);
}

PasswordHasher::PasswordHasher(Settings settings)
    : settings_(settings), nobodys_(make(core::to_hex(core::Secret::random(kHashBytes).view()))) {}

std::optional<PasswordHasher::Turn> PasswordHasher::enter(const std::string& site) {
  core::MutexLock lock(mutex_);
  int& of_site = by_site_[site];
  if (inside_ >= settings_.waiting || of_site >= settings_.waiting_per_site) {
    if (of_site == 0) by_site_.erase(site);
    return std::nullopt;
  }
  ++inside_;
  ++of_site;
  const auto end = core::SteadyClock::now() + settings_.patience;
  while (computing_ >= settings_.at_once && core::SteadyClock::now() < end) {
    left_.wait_until(lock, end);
  }
  if (computing_ < settings_.at_once) {
    ++computing_;
    return Turn(*this, site);
  }
  --inside_;
  if (--by_site_[site] == 0) by_site_.erase(site);
  return std::nullopt;
}

void PasswordHasher::leave(const std::string& site) {
  const core::MutexLock lock(mutex_);
  --computing_;
  --inside_;
  if (--by_site_[site] == 0) by_site_.erase(site);
  left_.notify_one();
}

std::string PasswordHasher::make(std::string_view password) const {
  std::array<core::Byte, kSaltBytes> salt{};
  core::fill_random(salt);
  std::string encoded(argon2_encodedlen(settings_.passes, settings_.memory_kib, kLanes, kSaltBytes,
                                        kHashBytes, Argon2_id),
                      '\0');
  const int result = argon2id_hash_encoded(settings_.passes, settings_.memory_kib, kLanes,
                                           password.data(), password.size(), salt.data(),
                                           salt.size(), kHashBytes, encoded.data(), encoded.size());
  if (result != ARGON2_OK) {
    throw std::runtime_error(std::string("a password could not be hashed: ") +
                             argon2_error_message(result));
  }
  encoded.resize(encoded.find('\0'));
  return encoded;
}

std::string PasswordHasher::hash(const Turn& /*turn*/, std::string_view password) const {
  return make(password);
}

bool PasswordHasher::matches(const Turn& /*turn*/, std::string_view password,
                             const std::string& encoded) const {
  const int result = argon2id_verify(encoded.c_str(), password.data(), password.size());
  if (result == ARGON2_OK) return true;
  if (result == ARGON2_VERIFY_MISMATCH) return false;
  throw std::runtime_error(std::string("a password could not be compared: ") +
                           argon2_error_message(result));
}

bool PasswordHasher::matches_nothing(const Turn& turn, std::string_view password) const {
  static_cast<void>(matches(turn, password, nobodys_));
  return false;
}

bool PasswordHasher::is_outdated(std::string_view encoded) const {
  return !encoded.starts_with(prefix_of(settings_));
}

}  // namespace sekisho::access
