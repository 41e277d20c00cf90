// SPDX-License-Identifier: GPL-3.0-or-later
// A plugin that runs GoogleTest inside Orthanc. Its configuration:
//     "SekishoContract": {"Result": "/file/that/gets/the/exit/code"}
#include <gtest/gtest.h>
#include <json/reader.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <thread>

#include "contract/host.h"

namespace sekisho::tests {
namespace {

std::unique_ptr<Host> the_host;
std::thread runner;

Json::Value orthanc_configuration() {
  Json::Value root;
  Json::Reader().parse(the_host->sdk.configuration(), root);
  return root;
}

void run_all_tests(const std::filesystem::path& result) {
  int argc = 1;
  std::string name = "contract";
  char* argv[] = {name.data(), nullptr};
  ::testing::InitGoogleTest(&argc, argv);
  const int code = RUN_ALL_TESTS();
  const std::filesystem::path written = result.string() + ".part";
  std::ofstream(written) << code << ' ' << ::testing::UnitTest::GetInstance()->test_to_run_count();
  std::filesystem::rename(written, result);
}

OrthancPluginErrorCode on_change(OrthancPluginChangeType change, OrthancPluginResourceType type,
                                 const char* id) {
  if (change == OrthancPluginChangeType_OrthancStarted) {
    const Json::Value configuration = orthanc_configuration();
    the_host->config.orthanc.storage_directory = configuration["StorageDirectory"].asString();
    runner = std::thread(run_all_tests, configuration["SekishoContract"]["Result"].asString());
  } else if (change == OrthancPluginChangeType_OrthancStopped) {
    if (runner.joinable()) runner.join();
  } else if (id != nullptr) {
    the_host->announcements.tell(change, type, id);
  }
  return OrthancPluginErrorCode_Success;
}

}  // namespace

Host& host() { return *the_host; }

void Announcements::tell(OrthancPluginChangeType change, OrthancPluginResourceType type,
                         const std::string& id) {
  const std::lock_guard lock(mutex_);
  for (plugin::OrthancStore* store : stores_) store->on_change(change, type, id);
  ++counts_[{change, id}];
  announced_.notify_all();
}

void Announcements::add(plugin::OrthancStore& store) {
  const std::lock_guard lock(mutex_);
  stores_.insert(&store);
}

void Announcements::remove(plugin::OrthancStore& store) {
  const std::lock_guard lock(mutex_);
  stores_.erase(&store);
}

int Announcements::count(OrthancPluginChangeType change, const std::string& id) {
  const std::lock_guard lock(mutex_);
  return counts_[{change, id}];
}

void Announcements::wait(OrthancPluginChangeType change, const std::string& id, int before) {
  std::unique_lock lock(mutex_);
  const bool came = announced_.wait_for(lock, std::chrono::seconds(20),
                                        [&] { return counts_[{change, id}] > before; });
  if (!came) throw std::runtime_error("Orthanc did not announce the change");
}

}  // namespace sekisho::tests

extern "C" {

ORTHANC_PLUGINS_API int32_t OrthancPluginInitialize(OrthancPluginContext* context) {
  using namespace sekisho::tests;
  the_host.reset(
      new Host{.sdk = sekisho::plugin::Sdk(*context), .config = {}, .announcements = {}});
  OrthancPluginRegisterOnChangeCallback(context, on_change);
  return 0;
}
ORTHANC_PLUGINS_API void OrthancPluginFinalize() { sekisho::tests::the_host.reset(); }
ORTHANC_PLUGINS_API const char* OrthancPluginGetName() { return "sekisho-contract"; }
ORTHANC_PLUGINS_API const char* OrthancPluginGetVersion() { return SEKISHO_VERSION; }

}  // extern "C"
