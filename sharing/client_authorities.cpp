// SPDX-License-Identifier: GPL-3.0-or-later
#include "sharing/client_authorities.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <new>
#include <utility>

#include "core/openssl_errors.h"
#include "core/recently_used.h"
#include "sharing/certificate_name.h"
#include "sharing/chain_check.h"

namespace sekisho::sharing {
namespace {

constexpr std::chrono::milliseconds kLookEvery{100};
/// How long a refusal is believed: what was too early may be good.
constexpr std::chrono::seconds kRefusedFor{1};
constexpr std::uint64_t kKnownChains_bytes = std::uint64_t{4} << 20;
constexpr std::uint64_t kKnownChain_bytes = 1024;

/// A judgement, and when it is none any more.
struct Judged {
  Vouching vouching;
  core::Time from;
  core::Time until;
};

core::Bytes subject_of(X509* certificate) {
  const unsigned char* der = nullptr;
  std::size_t size = 0;
  if (X509_NAME_get0_der(X509_get_subject_name(certificate), &der, &size) != 1) {
    throw std::bad_alloc();
  }
  return {der, der + size};
}

/// Of the newest of `lists` that the authority has signed.
std::optional<core::Time> end_of_lists(X509* authority, const std::vector<core::CrlHandle>& lists) {
  std::optional<core::Time> end;
  for (const core::CrlHandle& list : lists) {
    const bool is_its_own =
        X509_NAME_cmp(X509_CRL_get_issuer(list.get()), X509_get_subject_name(authority)) == 0 &&
        X509_CRL_verify(list.get(), X509_get0_pubkey(authority)) == 1;
    if (is_its_own) end = std::max(end, core::time_of(X509_CRL_get0_nextUpdate(list.get())));
  }
  return end;
}

/// The latest end of each issuer's.
std::map<std::string, core::Time> ends_of(const std::vector<core::CrlHandle>& lists) {
  std::map<std::string, core::Time> ends;
  for (const core::CrlHandle& list : lists) {
    const auto end = core::time_of(X509_CRL_get0_nextUpdate(list.get()));
    core::Time& latest = ends[core::text_of(X509_CRL_get_issuer(list.get()))];
    if (end) latest = std::max(latest, *end);
  }
  return ends;
}

}  // namespace

/// What the files said when they were read. Never changes, but for what is remembered.
struct ClientAuthorities::Known {
  std::string stamp;
  StoreHandle store;
  std::vector<ClientAuthority> authorities;
  std::vector<core::Time> not_before;  ///< of each
  std::shared_ptr<const std::vector<core::Bytes>> subjects =
      std::make_shared<const std::vector<core::Bytes>>();
  std::map<std::string, core::Time> lists;  ///< issuer, and when its newest list ends
  std::vector<core::Time> ends_of_lists;    ///< of all of them
  /// Why the file of authorities is not what is known of them; then they vouch for nobody.
  std::optional<core::SetupTrouble> trouble;
  std::optional<core::SetupTrouble> trouble_with_lists;
  mutable core::RecentlyUsed<Judged> judged{kKnownChains_bytes};

  static std::shared_ptr<const Known> read(const ClientAuthorityFiles& files,
                                           const std::shared_ptr<const Known>& before);
  void take(const std::vector<core::X509Handle>& trusted,
            const std::vector<core::CrlHandle>& revoked);
  Judged judge(const core::CertificateChain& shown, core::Time now) const;
  std::vector<std::string> problems(core::Time now) const;
};

void ClientAuthorities::Known::take(const std::vector<core::X509Handle>& trusted,
                                    const std::vector<core::CrlHandle>& revoked) {
  const core::OpensslErrorMark mark;
  store.reset(X509_STORE_new());
  if (!store) throw std::bad_alloc();
  std::vector<core::Bytes> names;
  for (const core::X509Handle& each : trusted) {
    if (X509_STORE_add_cert(store.get(), each.get()) != 1) throw std::bad_alloc();
    X509_NAME* subject = X509_get_subject_name(each.get());
    // read_authorities() has looked at both times.
    authorities.push_back({core::text_of(subject), key_of(each.get()),
                           *core::time_of(X509_get0_notAfter(each.get())),
                           end_of_lists(each.get(), revoked)});
    not_before.push_back(*core::time_of(X509_get0_notBefore(each.get())));
    names.push_back(subject_of(each.get()));
  }
  for (const core::CrlHandle& each : revoked) {
    if (X509_STORE_add_crl(store.get(), each.get()) != 1) throw std::bad_alloc();
    // read_revocation_lists() has looked at it.
    ends_of_lists.push_back(*core::time_of(X509_CRL_get0_nextUpdate(each.get())));
  }
  lists = ends_of(revoked);
  subjects = std::make_shared<const std::vector<core::Bytes>>(std::move(names));
}

std::shared_ptr<const ClientAuthorities::Known> ClientAuthorities::Known::read(
    const ClientAuthorityFiles& files, const std::shared_ptr<const Known>& before) {
  // The stamp comes first: whatever changes meanwhile is read again.
  std::string stamp = stamp_of(files);
  if (stamp == before->stamp) return before;
  auto fresh = std::make_shared<Known>();
  fresh->stamp = std::move(stamp);
  auto trusted = read_authorities(files.authorities);
  auto revoked = read_revocation_lists(files.revocation_lists);
  if (auto* trouble = std::get_if<core::SetupTrouble>(&revoked)) {
    fresh->trouble_with_lists = std::move(*trouble);
    revoked = std::vector<core::CrlHandle>();
  }
  if (auto* trouble = std::get_if<core::SetupTrouble>(&trusted)) {
    fresh->trouble = std::move(*trouble);
    fresh->authorities = before->authorities;
    fresh->not_before = before->not_before;
    fresh->subjects = before->subjects;
    if (before->store) {
      X509_STORE_up_ref(before->store.get());
      fresh->store.reset(before->store.get());
    }
    return fresh;
  }
  fresh->take(std::get<std::vector<core::X509Handle>>(trusted),
              std::get<std::vector<core::CrlHandle>>(revoked));
  return fresh;
}

Judged ClientAuthorities::Known::judge(const core::CertificateChain& shown, core::Time now) const {
  const auto refused = [&](Denial why) { return Judged{why, now, now + kRefusedFor}; };
  if (!store) return refused(Denial::unknown_authority);
  auto checked = check(shown, *store, now);
  if (const auto* why = std::get_if<Denial>(&checked)) {
    return refused(trouble && *why != Denial::unknown_authority ? Denial::unreadable_authorities
                                                                : *why);
  }
  if (trouble) return refused(Denial::unreadable_authorities);
  auto names = names_of(shown.own());
  if (!names) return refused(Denial::unfit_certificate);
  auto& chain = std::get<CheckedChain>(checked);
  core::Time until = chain.until;
  for (const core::Time end : ends_of_lists) {
    if (end > now) until = std::min(until, end);
  }
  return {Vouched{std::move(chain.authorities), *std::move(names)}, now, until};
}

std::vector<std::string> ClientAuthorities::Known::problems(core::Time now) const {
  std::vector<std::string> problems;
  if (trouble) problems.emplace_back(trouble->what());
  if (trouble_with_lists) problems.emplace_back(trouble_with_lists->what());
  for (std::size_t i = 0; i < authorities.size(); ++i) {
    const ClientAuthority& authority = authorities[i];
    const std::string who = "The client authority \"" + authority.subject + "\" ";
    if (authority.not_after <= now) {
      problems.push_back(who + "has expired at " + core::to_rfc3339(authority.not_after) +
                         ": its certificates are refused.");
    }
    if (not_before[i] > now) {
      problems.push_back(who + "begins at " + core::to_rfc3339(not_before[i]) +
                         ": until then its certificates are refused.");
    }
    if (!authority.lists_until && !trouble_with_lists) {
      problems.push_back(who +
                         "has signed none of the revocation lists: its certificates are "
                         "refused.");
    }
  }
  for (const auto& [issuer, end] : lists) {
    if (end > now) continue;
    problems.push_back("The revocation list of \"" + issuer + "\" was due to be replaced at " +
                       core::to_rfc3339(end) + ": certificates of that authority are refused.");
  }
  return problems;
}

ClientAuthorities::ClientAuthorities(ClientAuthorityFiles files, core::Clock clock,
                                     core::Log report)
    : files_(std::move(files)),
      clock_(std::move(clock)),
      report_(std::move(report)),
      known_(std::make_shared<const Known>()) {}

ClientAuthorities::~ClientAuthorities() = default;

void ClientAuthorities::open() {
  look();
  if (const auto& trouble = known()->trouble) throw *trouble;
}

void ClientAuthorities::look() {
  std::vector<std::string> news;
  {
    const core::MutexLock lock(mutex_);
    known_ = Known::read(files_, known_);
    std::vector<std::string> problems = known_->problems(clock_());
    for (const std::string& problem : problems) {
      if (std::ranges::find(told_, problem) == told_.end()) news.push_back(problem);
    }
    told_ = std::move(problems);
  }
  for (const std::string& problem : news) report_(core::Severity::warning, problem);
}

std::shared_ptr<const ClientAuthorities::Known> ClientAuthorities::known() const {
  const core::MutexLock lock(mutex_);
  return known_;
}

std::shared_ptr<const ClientAuthorities::Known> ClientAuthorities::known_lately() {
  {
    const core::MutexLock lock(mutex_);
    const auto at = core::SteadyClock::now();
    if (at - looked_at_ < kLookEvery) return known_;
    looked_at_ = at;  // one does it for all
  }
  look();
  return known();
}

Vouching ClientAuthorities::judge(const core::CertificateChain& shown, core::Time now) {
  const auto lately = known_lately();
  const std::string name(core::as_text(shown.digest()));
  if (auto before = lately->judged.find(name)) {
    if (before->from <= now && now < before->until) return std::move(before->vouching);
  }
  Judged judged = lately->judge(shown, now);
  lately->judged.put(name, judged, kKnownChain_bytes);
  return std::move(judged.vouching);
}

std::vector<ClientAuthority> ClientAuthorities::list() const { return known()->authorities; }

std::vector<std::string> ClientAuthorities::problems() const { return known()->problems(clock_()); }

std::shared_ptr<const std::vector<core::Bytes>> ClientAuthorities::subjects() const {
  return known()->subjects;
}

}  // namespace sekisho::sharing
