// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/byte_buffer.h"
#include "core/bytes.h"
#include "core/time.h"
#include "returns/upload.h"

namespace sekisho::returns {

/// How much the quarantine takes of all; of one recipient it takes half as much.
struct Room {
  std::uint64_t bytes = 4ULL << 30;  ///< of objects, all together
  std::uint64_t objects = 10'000;
};

/// What the staff list may be narrowed to.
struct UploadFilter {
  std::optional<State> state{};
  std::optional<sharing::ShareId> share{};
  std::optional<sharing::RecipientId> recipient{};
  std::optional<std::string> request{};  ///< Sender::request_id
  std::optional<core::Time> since{};     ///< received then or later
  std::optional<core::Time> until{};     ///< received before
  sharing::ListOrder order = sharing::ListOrder::oldest_first;
  UploadId after{};  ///< what the list goes on behind; empty: from its beginning
  int limit = 100;
};

/// How much there is.
struct Count {
  int waiting = 0;  ///< received or released: it goes on by itself
  int held = 0;
  int apart = 0;  ///< and not deleted yet
  std::optional<core::Time> oldest_waiting{};
  std::uint64_t bytes = 0;  ///< of all of which the content is there
  std::uint64_t objects = 0;
};

/// What the quarantine says to an object that wants in.
enum class Entry {
  free,   ///< it has room; from receive(): it is in
  known,  ///< the same object is in already, and not at its end
  apart,  ///< the same object was put apart
  other,  ///< another one by these UIDs is
  full,
};

/// The durable home of what came back and is not in the archive yet: on return what a method did is
/// on disk, and nothing of an object is to be read there without the key. An object and what is
/// known of it are there together or not at all. Any thread may call any method. A failure throws
/// core::DatabaseError.
class Quarantine {
 public:
  virtual ~Quarantine() = default;
  Quarantine(const Quarantine&) = delete;
  Quarantine& operator=(const Quarantine&) = delete;

  /// What receive() would say.
  virtual Entry ask(const Upload& upload, core::ByteView part10) const = 0;
  /// Takes the object in as `received`. `upload` says whose it is, `part10` what it is.
  virtual Entry receive(const Upload& upload, core::ByteView part10) = 0;
  /// The one by the same UIDs of the same share that is not at its end.
  virtual std::optional<Upload> find_open(const Upload& upload) const = 0;
  virtual std::optional<Upload> find(const UploadId& id) const = 0;
  /// The object, byte for byte; `nullopt` where it was deleted.
  virtual std::optional<core::ByteBuffer> content(const UploadId& id) const = 0;
  virtual std::vector<Upload> list(const UploadFilter& filter) const = 0;
  /// Those of the share that are not at their end.
  virtual std::vector<Upload> open_of(const sharing::ShareId& share) const = 0;

  /// Whose turn it is: received or released, of which the time has come, longest waiting first.
  virtual std::vector<UploadId> due(core::Time now, int limit) const = 0;
  /// It could not be looked at or stored; its turn comes again at `again_at`.
  virtual void put_off(const UploadId& id, core::Time again_at) = 0;
  /// Puts down what the scanner said.
  virtual void scanned(const UploadId& id, const Scan& scan) = 0;
  /// False, and nothing is done, where it is not in that state. What is stored is deleted here.
  virtual bool move(const UploadId& id, State from, State to, const Decision& decision) = 0;

  /// Those whose content is to be deleted: apart or rejected since before `ended_before`.
  virtual std::vector<Upload> overdue(core::Time ended_before, int limit) const = 0;
  /// Destroys the content; what is known of it stays.
  virtual void erase(const UploadId& id, core::Time now) = 0;
  /// Forgets what is at its end since before that and has no content.
  virtual void forget(core::Time ended_before) = 0;
  virtual Count count() const = 0;

 protected:
  Quarantine() = default;
};

}  // namespace sekisho::returns
