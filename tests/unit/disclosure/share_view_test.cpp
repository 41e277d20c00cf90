// SPDX-License-Identifier: GPL-3.0-or-later
#include "disclosure/share_view.h"

#include <gtest/gtest.h>

#include <functional>
#include <type_traits>
#include <utility>

#include "unit/dicomweb/recipient_desk.h"

namespace sekisho::disclosure {
namespace {

using tests::RecipientDesk;

// A view that had moved would look up names by the key of the one that it came from.
static_assert(!std::is_move_constructible_v<ShareView>);
static_assert(!std::is_move_assignable_v<ShareView>);

/// An archive in which something happens whenever a file is opened.
class Eventful final : public core::DicomStore {
 public:
  explicit Eventful(core::DicomStore& archive) : archive_(archive) {}
  std::function<void()> on_open = [] {};

  std::vector<core::StudyKey> find_studies(const core::Uid& study) override {
    return archive_.find_studies(study);
  }
  std::vector<core::SeriesKey> find_series(const core::Uid& series) override {
    return archive_.find_series(series);
  }
  std::vector<core::InstanceKey> find_instances(const core::Uid& instance) override {
    return archive_.find_instances(instance);
  }
  std::vector<core::StudyKey> studies_of(const std::string& patient_id) override {
    return archive_.studies_of(patient_id);
  }
  std::shared_ptr<const core::StudyListing> list(const core::StudyKey& study) override {
    return archive_.list(study);
  }
  std::optional<core::StoredFile> open(const core::InstanceKey& instance) override {
    std::exchange(on_open, [] {})();
    return archive_.open(instance);
  }
  Stored store(const core::InstanceKey& key, core::ByteView part10) override {
    return archive_.store(key, part10);
  }

 private:
  core::DicomStore& archive_;
};

class ShareViewsTest : public testing::Test, public RecipientDesk {
 protected:
  ShareViewsTest() { put(tests::instance_key("P1", "1.2.3", "1.2.3.1", "1.2.3.1.1")); }

  void destroy_key_of(const sharing::Share& share) {
    shares().revoke(share.id, "", now);
    ASSERT_TRUE(shares().destroy_mask_key(share.id, now));
    views.drop(share.id);
  }
  std::shared_ptr<const ShareView> view_of(const sharing::Share& share) {
    auto view = views.of(share, Freshness::present, now);
    return std::get<std::shared_ptr<const ShareView>>(std::move(view));
  }
  sharing::Denial denial_of(const sharing::Share& share, Freshness freshness) {
    return std::get<sharing::Denial>(views.of(share, freshness, now));
  }

  Eventful eventful{archive()};
  const anonymization::PixelPolicy policy;
  ShareViews views{eventful, shares(), policy};
};

TEST_F(ShareViewsTest, AreKeptWhileNothingChanges) {
  const auto given = share(tests::masked());
  EXPECT_EQ(view_of(given), view_of(given));
}

TEST_F(ShareViewsTest, LetADestroyedKeyGo) {
  const auto given = share(tests::masked());
  const auto other = share(tests::masked());
  const std::weak_ptr<const ShareView> view = view_of(given);
  const std::weak_ptr<const ShareView> kept = view_of(other);
  ASSERT_FALSE(view.expired());
  destroy_key_of(given);
  EXPECT_TRUE(view.expired());
  EXPECT_FALSE(kept.expired());
  EXPECT_EQ(denial_of(given, Freshness::present), sharing::Denial::destroyed_key);
  EXPECT_EQ(denial_of(given, Freshness::recent), sharing::Denial::destroyed_key);
}

TEST_F(ShareViewsTest, KeepNoKeyThatIsDestroyedWhileTheyAreBuilt) {
  const auto given = share(tests::masked());
  eventful.on_open = [&] { destroy_key_of(given); };
  std::weak_ptr<const ShareView> view;
  {
    const auto in_use = view_of(given);
    ASSERT_NE(in_use, nullptr) << "the answer under way ends";
    view = in_use;
  }
  EXPECT_TRUE(view.expired());
}

TEST_F(ShareViewsTest, WithoutAKeyAreToldFromOthersInTheLogAlone) {
  const auto given = share(tests::masked());
  destroy_key_of(given);
  // As if the request had read the share a moment before.
  EXPECT_EQ(get(given, "/studies").status(), 404);
  EXPECT_EQ(entries().back()["detail"], "destroyed_key");
}

TEST_F(ShareViewsTest, OfOneBrokenShareDoNotCloseTheOthersOfItsRecipient) {
  const auto broken = share(R"({"Name":"of a newer version"})");
  const auto sound = share(tests::masked());
  EXPECT_EQ(get(broken, "/studies").status(), 404);
  EXPECT_EQ(entries().back()["detail"], "unreadable_profile");
  EXPECT_EQ(get(std::vector{broken, sound}, "/studies").status(), 200);
}

}  // namespace
}  // namespace sekisho::disclosure
