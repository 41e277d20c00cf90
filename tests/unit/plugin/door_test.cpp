// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/door.h"

#include <gtest/gtest.h>

#include <future>

#include "audit/audit_log.h"
#include "audit/initialise.h"
#include "returns/open_quarantine.h"
#include "sharing/sqlite/sqlite_recipient_store.h"
#include "sharing/sqlite/sqlite_share_store.h"
#include "support/access_house.h"
#include "support/memory_dicom_store.h"
#include "support/temporary_directory.h"

namespace sekisho::plugin {
namespace {

using std::chrono::milliseconds;

/// A door on a unix socket, in a directory that may be missing.
class DoorTest : public ::testing::Test {
 protected:
  gateway::Options options() const {
    gateway::Options options;
    options.plain.emplace().unix_socket = {socket_, "UnixSocket"};
    options.public_url = "https://share.hospital.example";
    return options;
  }
  gateway::Ports ports() {
    return {service_,     recipients_,          shares_, log_, denials_, access_, hasher_,
            *quarantine_, core::system_clock(), report_};
  }
  audit::AuditPlace new_log() const {
    const auto place = audit::AuditPlace::in(directory_.path());
    audit::initialise(place, "test/door");
    return place;
  }
  void make_socket_directory() { std::filesystem::create_directory(socket_.parent_path()); }

  tests::TemporaryDirectory directory_;
  std::filesystem::path socket_ = directory_.path() / "run" / "gateway.sock";
  std::promise<void> opened_late_;
  core::Log report_ = [this](core::Severity severity, std::string_view) {
    if (severity == core::Severity::warning) opened_late_.set_value();
  };
  audit::AuditLog log_{new_log(), core::system_clock(), report_};
  tests::MemoryDicomStore store_;
  std::unique_ptr<returns::Quarantine> quarantine_ =
      returns::open_quarantine(returns::ReturnsPlace::in(directory_.path()), {});
  sharing::SqliteRecipientStore recipients_{sharing::SharingPlace::in(directory_.path())};
  sharing::SqliteShareStore shares_{sharing::SharingPlace::in(directory_.path())};
  access::Stores access_ = access::open_stores(access::AccessPlace::in(directory_.path()));
  access::PasswordHasher hasher_{tests::quick_hashing()};
  disclosure::Denials denials_{log_, core::system_clock()};
  core::MemoryBudget memory_{1 << 20, std::chrono::seconds(0)};
  disclosure::Looks looks_{core::system_clock()};
  dicomweb::Service service_{{store_, recipients_, shares_, log_, denials_, core::system_clock(),
                              report_, memory_, looks_},
                             {}};
};

TEST_F(DoorTest, IsOpenOnceItIsMade) {
  make_socket_directory();
  const Door door(options(), ports());
  EXPECT_TRUE(door.state().open);
  EXPECT_EQ(door.state().trouble, "");
  EXPECT_TRUE(std::filesystem::is_socket(socket_));
}

TEST_F(DoorTest, SaysWhyItIsShut) {
  const Door door(options(), ports());
  EXPECT_FALSE(door.state().open);
  EXPECT_NE(door.state().trouble, "");
}

TEST_F(DoorTest, OpensOnceTheReasonHasGone) {
  const Door door(options(), ports(), milliseconds(1));
  ASSERT_FALSE(door.state().open);
  make_socket_directory();
  ASSERT_EQ(opened_late_.get_future().wait_for(std::chrono::seconds(20)),
            std::future_status::ready);
  EXPECT_TRUE(door.state().open);
  EXPECT_EQ(door.state().trouble, "");
}

TEST_F(DoorTest, StopsTryingAtOnceWhenItIsClosed) {
  Door door(options(), ports(), std::chrono::hours(1));
  door.close(milliseconds(0));  // would hang for an hour
  EXPECT_FALSE(door.state().open);
}

TEST_F(DoorTest, IsShutAfterClosing) {
  make_socket_directory();
  Door door(options(), ports());
  door.close(std::chrono::seconds(10));
  EXPECT_FALSE(door.state().open);
  door.close(std::chrono::seconds(10));
}

}  // namespace
}  // namespace sekisho::plugin
