// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "plugin/orthanc_store.h"

namespace sekisho::tests {

/// What Orthanc has announced so far. Any thread may call any method.
class Announcements {
 public:
  /// From Orthanc's thread: tells every store, then whoever waits.
  void tell(OrthancPluginChangeType change, OrthancPluginResourceType type, const std::string& id);
  void add(plugin::OrthancStore& store);
  void remove(plugin::OrthancStore& store);

  int count(OrthancPluginChangeType change, const std::string& id);
  /// Waits until `change` of `id` has been announced more than `before` times; throws
  /// std::runtime_error after 20 s.
  void wait(OrthancPluginChangeType change, const std::string& id, int before);

 private:
  std::mutex mutex_;
  std::condition_variable announced_;
  // Guarded by mutex_.
  std::set<plugin::OrthancStore*> stores_;
  std::map<std::pair<OrthancPluginChangeType, std::string>, int> counts_;
};

/// The Orthanc that runs the tests.
struct Host {
  plugin::Sdk sdk;
  plugin::Config config;
  Announcements announcements;
};
Host& host();

}  // namespace sekisho::tests
