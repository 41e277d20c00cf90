// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "anonymization/masking/mask.h"
#include "audit/audit_log.h"
#include "core/demand.h"
#include "disclosure/ending.h"
#include "disclosure/granted.h"
#include "disclosure/liveness.h"
#include "disclosure/made_texts.h"
#include "disclosure/ports.h"
#include "disclosure/shown_path.h"
#include "disclosure/viewing.h"

namespace sekisho::disclosure {

/// How a disclosure stands in the log.
enum class RecordedAs {
  transfer,  ///< an intent and an outcome of its own
  viewing,   ///< of one instance: part of a viewing (docs/adr/0004-one-viewing-one-intent.md)
  query,     ///< one entry that says all
};

/// The masked instances of one answer, which are on record: one after another, for as long as what
/// was granted is. Only disclose() makes one. One thread at a time but where it says otherwise.
class Disclosure {
 public:
  Disclosure(Disclosure&&) noexcept = default;
  Disclosure& operator=(Disclosure&&) = delete;
  /// Who lets go of it without saying how it ended leaves it aborted without a byte.
  ~Disclosure() { end(Ending::aborted, 0, 0); }

  /// Of the intent.
  const audit::Receipt& receipt() const { return receipt_; }
  std::size_t size() const { return instances_.size(); }
  /// Instances were asked for that this does not have (Granted::prepare).
  bool is_incomplete() const { return is_incomplete_; }
  /// By what UIDs an instance is shown.
  ShownPath shown(std::size_t index) const;
  /// The first instance where it is here already, until it was taken; else null.
  const anonymization::Masked* first() const { return first_ ? &*first_ : nullptr; }
  /// Once for each. Throws std::runtime_error where the grant has ended or the instance cannot be
  /// given: a list that silently lacks one would be taken for the whole; core::DemandOver where
  /// nobody waits any more.
  anonymization::Masked take(std::size_t index);
  /// What `make` makes of what take() gives, or made of the same for an answer before; `form` names
  /// whatever decides that beside the instance. As often as wanted. Throws as take() does; so is it
  /// refused where the file is gone.
  template <class Make>
  MadeTexts::Text made(std::size_t index, MadeTexts& texts, std::string_view form,
                       const Make& make) {
    std::string name = view_->name_of(instances_[index]).append(1, '/').append(form);
    if (auto text = known(index, texts, name)) return text;
    auto text = std::make_shared<const std::string>(make(take(index)));
    texts.keep(std::move(name), text);
    return text;
  }
  /// Nothing has ended it, as far as the last 100 ms know. Any thread.
  bool may_go_on() const noexcept { return liveness_->recently() == Liveness::State::live; }
  /// That of whoever it is for, for what is made of what was taken.
  const core::Demand& demand() const { return demand_; }

  /// Reading what was taken failed.
  void fail() noexcept;
  /// Puts on record how it ended, once: `header`; `complete`, which it is not where something was
  /// missing from the beginning; or what is known better than `aborted`.
  void end(Ending ending, std::uint64_t instances, std::uint64_t bytes,
           std::uint64_t frames = 0) noexcept;

 private:
  friend Disclosure disclose(Granted granted, RecordedAs as, audit::Event event, Viewings& viewings,
                             const Ports& ports, std::stop_token stop);
  Disclosure(Granted granted, audit::Receipt receipt, std::unique_ptr<Showing> showing,
             const Ports& ports, std::stop_token stop);
  static audit::Event recorded(const Granted& granted, RecordedAs as, audit::Event event);
  MadeTexts::Text known(std::size_t index, MadeTexts& texts, std::string_view name);
  std::variant<anonymization::Masked, Unavailable> fetch_patiently(const InstanceRef& instance);
  void refuse_unless_live(Liveness::State state);
  [[noreturn]] void refuse(const char* why);

  const Ports* ports_;
  std::shared_ptr<const ShareView> view_;
  std::vector<InstanceRef> instances_;
  bool is_incomplete_;
  FileFindings* findings_;
  audit::Receipt receipt_;
  std::unique_ptr<Showing> showing_;  ///< null: it has ended, or all is said with the intent
  std::optional<anonymization::Masked> first_;
  std::unique_ptr<const Liveness> liveness_;
  core::Demand demand_;          ///< refers to what liveness_ points to
  std::optional<Ending> ended_;  ///< why no more is given
};

/// Puts on record, then hands out: `event` says who asks and how, what it is of is said here.
/// Throws audit::AuditError: then nothing leaves. `viewings` and `ports` outlive what it gives;
/// `stop` says when nobody waits for that any more.
Disclosure disclose(Granted granted, RecordedAs as, audit::Event event, Viewings& viewings,
                    const Ports& ports, std::stop_token stop = {});

/// The rows of a search that may leave, for they are on record. Only disclose_rows() makes one.
class DisclosedRows {
 public:
  /// Of the last entry.
  const audit::Receipt& receipt() const { return receipt_; }

 private:
  friend std::optional<DisclosedRows> disclose_rows(const std::vector<Granted>& rows,
                                                    const audit::Event& event,
                                                    const sharing::Credential& credential,
                                                    const Ports& ports);
  explicit DisclosedRows(audit::Receipt receipt) : receipt_(std::move(receipt)) {}
  static audit::Event recorded(const Granted& rows, const audit::Event& event);
  /// Throws core::DatabaseError.
  static bool are_live(const std::vector<Granted>& rows, const sharing::Credential& credential,
                       const Ports& ports);

  audit::Receipt receipt_;
};

/// One entry for each share with rows; `event` as it is where there are none. `nullopt` where
/// something of them, or the credential, has ended since it was granted: asked right before they go
/// on record, and again before they may leave. Throws audit::AuditError and core::DatabaseError.
std::optional<DisclosedRows> disclose_rows(const std::vector<Granted>& rows,
                                           const audit::Event& event,
                                           const sharing::Credential& credential,
                                           const Ports& ports);

}  // namespace sekisho::disclosure
