// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <shared_mutex>
#include <stop_token>
#include <string>
#include <string_view>

#include "plugin/config.h"
#include "plugin/data_directory.h"
#include "plugin/rounds.h"
#include "plugin/sdk.h"
#include "staff/reply.h"
#include "staff/request.h"

namespace sekisho::plugin {

class Running;

/// The whole plugin inside one Orthanc. start() and stop() come from OrthancStarted and
/// OrthancStopped; any thread may call the rest at any time.
class Plugin {
 public:
  Plugin(const Sdk& sdk, Config config);
  ~Plugin();
  Plugin(const Plugin&) = delete;
  Plugin& operator=(const Plugin&) = delete;

  /// Opens stores and door. What stops them is no reason to stop a PACS: it is in GET /status, and
  /// final, but for a full disk: there all is opened within a second or so once it has room.
  void start();
  /// Drains the door (10 s at most), ends the calls of staff that still run, and closes the stores.
  void stop();

  void on_change(OrthancPluginChangeType change, OrthancPluginResourceType type,
                 std::string_view resource_id);
  /// Throws for trouble as staff::Api does.
  staff::Reply answer(staff::Request request);
  staff::Reply show_log_file(staff::Request request);
  /// Why the caller gets no page; `nullopt` for whoever may have one, whether all is well or not:
  /// the pages say what is wrong. Throws the same.
  std::optional<staff::Reply> refuse_page(const staff::Request& request);

 private:
  void open();
  void open_once_there_is_room();

  // Constant after construction.
  const Sdk sdk_;
  const Config config_;
  const DataDirectory directory_;
  std::stop_source stopping_;  ///< requested once the door is shut for good

  std::shared_mutex mutex_;  // shared by calls that work on running_, alone to replace them
  // Guarded by mutex_.
  std::unique_ptr<Running> running_;  ///< null before start() and after stop()
  std::string trouble_ = "Orthanc is starting.";

  bool waits_for_room_ = false;     ///< owned by start(), then by opener_
  std::unique_ptr<Rounds> opener_;  ///< last: it opens; null where nothing waits for room
};

}  // namespace sekisho::plugin
