// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/demand.h"
#include "core/log.h"
#include "core/mutex.h"
#include "core/setup_trouble.h"
#include "core/thread_annotations.h"
#include "core/time.h"
#include "core/told_trouble.h"
#include "openid/id_token.h"
#include "openid/metadata.h"
#include "outbound/web_call.h"

namespace sekisho::openid {

/// The one provider that is believed, and who we are for it.
struct Options {
  std::string issuer;
  std::string name;  ///< what it is called on a page
  std::string client_id;
  core::ConfiguredPath client_secret_file;  ///< of an empty path: the client has none
  core::ConfiguredPath ca_file;             ///< of an empty path: the system's authorities
  std::string redirect_uri;
  std::vector<std::string> scopes{"openid"};
  // Who comes with one of these has shown two factors; whoever comes with none of them, one.
  std::vector<std::string> two_factor_acrs;
  std::vector<std::string> two_factor_amrs;
};

/// Whether who comes with it has shown two factors there, by what the settings take for that.
bool is_by_two_factors(const IdToken& token, const Options& options);

/// What ties the browser's way there to its way back.
struct Binding {
  std::string state;     ///< RFC 6749 §10.12
  std::string nonce;     ///< OpenID Connect Core §3.1.2.1
  std::string verifier;  ///< RFC 7636 §4.1
};

/// Why a code was worth nothing.
struct Failure {
  enum class Of {
    provider,  ///< it does not answer, or not in words that are known here
    answer,    ///< what the browser has brought is not good
  };
  Of of = Of::answer;
  std::string_view reason;  ///< a constant, for the log
};

/// How it stands with the provider.
struct State {
  std::string issuer;
  std::optional<core::Time> known_since;     ///< when it last said what it is and has
  std::string trouble;                       ///< in words for staff; empty while all is well
  std::vector<std::string> file_troubles{};  ///< of files that the settings name
};

/// An OpenID Connect provider, by authorization code with PKCE (RFC 7636, S256). What it says of
/// itself is asked for behind all answers (refresh()) and kept for a day; so nobody who is not let
/// in yet makes this machine ask for anything but what their own code is worth. No redirection is
/// followed. refresh() belongs to one thread, any may call the rest.
class Provider {
 public:
  using Ask = std::function<std::optional<outbound::WebAnswer>(const outbound::WebCall&,
                                                               const core::Demand&)>;
  struct Ports {
    core::Clock clock;
    core::Log report;
    Ask ask = outbound::ask;
  };
  Provider(Options options, Ports ports)
      : options_(std::move(options)),
        ports_(std::move(ports)),
        trouble_(ports_.report, "The identity provider can be used again.") {}
  Provider(const Provider&) = delete;
  Provider& operator=(const Provider&) = delete;

  const Options& options() const { return options_; }

  /// Asks what the provider says of itself, once an hour, and where that fails soon again. To be
  /// called once a second; takes up to ten seconds.
  void refresh(const core::Demand& demand);

  /// Where the browser goes (OpenID Connect Core §3.1.2.1). `nullopt` while nothing is known.
  std::optional<std::string> address_for(const Binding& binding) const;

  /// Whether an answer to a browser that names this issuer, or none, is our provider's (RFC 9207
  /// §2.4): no other's code is ever sent to it.
  bool is_own_answer(const std::optional<std::string>& issuer) const;

  /// A turn to ask the provider: of all threads that answer somebody, so many at most wait for it.
  static constexpr int kMostAtOnce = 2;
  class Turn {
   public:
    explicit Turn(Provider& provider) : provider_(&provider) {}
    ~Turn() {
      if (provider_ != nullptr) provider_->leave();
    }
    Turn(Turn&& other) noexcept : provider_(std::exchange(other.provider_, nullptr)) {}
    Turn& operator=(Turn&&) = delete;

   private:
    Provider* provider_;
  };
  /// `nullopt` at once where there is none.
  std::optional<Turn> enter();

  /// What the code says of who is there: redeemed, and its ID token verified. Takes five seconds at
  /// most, ten where the provider has new keys, which are asked for once a minute at most.
  std::variant<IdToken, Failure> redeem(const Turn& turn, std::string_view code,
                                        const Binding& binding, const core::Demand& demand);

  State state() const;

 private:
  /// What is known of the provider. A value that is replaced as a whole.
  struct Known {
    Metadata metadata;
    std::shared_ptr<const KeySet> keys;
    core::Time at;
  };
  std::shared_ptr<const Known> known() const;
  std::optional<std::string> get(const std::string& url, const core::Demand& demand) const;
  std::shared_ptr<const KeySet> fetch_keys(const std::string& url, const core::Demand& demand);
  /// Empty where all went well.
  std::string try_to_refresh(const core::Demand& demand);
  std::shared_ptr<const KeySet> newer_keys(const Known& known, const core::Demand& demand);
  std::optional<outbound::WebCall> token_call(const Metadata& metadata, std::string_view code,
                                              const Binding& binding) const;
  std::variant<IdToken, Failure> read(const std::string& body, const Known& known,
                                      const Binding& binding, const core::Demand& demand);
  void note(const std::string& trouble);
  void leave();

  // Constant after construction.
  const Options options_;
  const Ports ports_;

  // Of the thread that refreshes.
  int failures_ = 0;  ///< in a row
  core::Time again_at_{};

  mutable core::Mutex mutex_;
  std::shared_ptr<const Known> known_ SEKISHO_GUARDED_BY(mutex_);
  core::Time keys_asked_at_ SEKISHO_GUARDED_BY(mutex_){};
  int turns_ SEKISHO_GUARDED_BY(mutex_) = 0;
  core::ToldTrouble trouble_;
};

}  // namespace sekisho::openid
