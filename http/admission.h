// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>

#include "core/mutex.h"

namespace sekisho::http {

/// Counts who is inside and decides who may come in: so many in all, so many from each site, and
/// some places that strangers do not get. Where there is no place, whoever has been longest at the
/// handshake loses theirs to whoever comes: an honest one takes a moment. Whoever comes through a
/// proxy waits in front of all this until the proxy has said who it is. Any thread. Outlives its
/// tickets.
class Admission {
 public:
  struct Places {
    int all = 0;
    int reserved = 0;  ///< of these, for Standing::known alone
    int per_site = 0;
    int waiting = 0;  ///< besides, for connections of proxies that have not said whose they are
  };
  enum class Standing { stranger, known };
  using Number = std::uint64_t;

  /// A place that was got, and whose it is: to be sent away.
  struct Place {
    std::optional<Number> displaced;
  };

  /// Somebody inside, until destroyed.
  class Ticket {
   public:
    Ticket() = default;
    Ticket(Admission& admission, Number number) : admission_(&admission), number_(number) {}
    ~Ticket() {
      if (admission_ != nullptr) admission_->leave(number_);
    }
    Ticket(Ticket&& other) noexcept
        : admission_(std::exchange(other.admission_, nullptr)), number_(other.number_) {}
    Ticket& operator=(Ticket&& other) noexcept {
      std::swap(admission_, other.admission_);
      std::swap(number_, other.number_);
      return *this;
    }
    Number number() const { return number_; }
    /// Of somebody who waits: as in enter(). `nullopt` where there is no place, or theirs in front
    /// is lost already.
    [[nodiscard]] std::optional<Place> take_place(const std::string& site, Standing standing) {
      return admission_->take_place(number_, site, standing);
    }
    /// The handshake is done: from now on the place is kept. False where it is lost already.
    [[nodiscard]] bool settle() { return admission_->settle(number_); }

   private:
    Admission* admission_ = nullptr;
    Number number_ = 0;
  };

  explicit Admission(Places places) : places_(places) {}

  struct Entered : Place {
    Ticket ticket;
  };
  /// `nullopt` where there is no place. An empty site counts in all only.
  std::optional<Entered> enter(const std::string& site, Standing standing);
  /// In front, for somebody whom a proxy has not named yet. Whoever has waited longest makes room.
  Entered wait_in_front();
  /// Those who lost their place included, until they are gone.
  int inside() const;
  /// Waits until nobody is inside; false when `patience` is over before.
  bool wait_until_empty(std::chrono::milliseconds patience);
  void wait_until_empty();

 private:
  enum class Where { in_front, inside, displaced };
  struct Visitor {
    Where where = Where::in_front;
    std::string site;
    Standing standing = Standing::stranger;
  };
  struct Standings {
    int inside = 0;             ///< who have a place
    std::set<Number> arriving;  ///< of these, who have not settled; the oldest first
  };

  std::optional<Place> find_place(const std::string& site, Standing standing);
  void occupy(Number number, const std::string& site, Standing standing);
  std::optional<Place> take_place(Number number, const std::string& site, Standing standing);
  bool settle(Number number);
  void leave(Number number);
  std::optional<Number> longest_arriving(Standing newcomer) const;
  void give_up_place(Number number, Visitor& visitor);
  Standings& of(Standing standing) { return standings_.at(static_cast<std::size_t>(standing)); }
  const Standings& of(Standing standing) const {
    return standings_.at(static_cast<std::size_t>(standing));
  }

  const Places places_;
  mutable core::Mutex mutex_;
  core::Condition empty_;
  // Guarded by mutex_.
  std::unordered_map<Number, Visitor> visitors_;
  std::set<Number> in_front_;  // the oldest first
  std::array<Standings, 2> standings_;
  std::unordered_map<std::string, int> per_site_;
  Number next_ = 0;
};

}  // namespace sekisho::http
