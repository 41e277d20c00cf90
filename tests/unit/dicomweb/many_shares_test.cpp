// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include "support/eventful_dicom_store.h"
#include "unit/dicomweb/recipient_desk.h"

namespace sekisho::dicomweb {
namespace {

using tests::instance_key;
using tests::RecipientDesk;

constexpr const char* kStudyUid = "0020000D";

/// A recipient who asks the root at which several shares are.
class ManyShares : public testing::Test, public RecipientDesk {
 protected:
  ManyShares() {
    put(instance_key("P1", "1.2.3", "1.2.3.1", "1.2.3.1.1"));
    put(instance_key("P2", "1.2.4", "1.2.4.1", "1.2.4.1.1"), {.study_date = "20240201"});
    use(eventful);
  }
  Json::Value studies_of(const std::vector<sharing::Share>& shares) {
    auto reply = get(shares, "/studies");
    EXPECT_EQ(reply.status(), 200);
    return parse(text_of(reply));
  }

  tests::EventfulDicomStore eventful{archive()};
  const sharing::Share of_first = share(tests::masked());
  const sharing::Share of_second =
      share(tests::masked(), sharing::StudyScope{{tests::study_key("P2", "1.2.4")}});
};

TEST_F(ManyShares, ASearchUnderWayWhenItsShareIsRevokedGivesNoRow) {
  eventful.on_open = [&] { shares().revoke(of_first.id, "", now); };
  EXPECT_EQ(get(of_first, "/studies").status(), 404);
  for (const Json::Value& entry : entries()) EXPECT_NE(entry["event"], "query");
  EXPECT_EQ(last_entry()["detail"], "revoked_share");
}

TEST_F(ManyShares, ASearchGivesTheRowsOfTheOtherSharesWhenOneIsRevokedUnderWay) {
  eventful.on_open = [&] { shares().revoke(of_first.id, "", now); };
  const Json::Value rows = studies_of({of_second, of_first});
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(last_entry()["share"], of_second.id.text());
}

TEST_F(ManyShares, ASearchUnderWayWhenTheTokenIsRevokedGivesNoRow) {
  eventful.on_open = [&] {
    recipients().revoke_token(recipients().tokens(who().recipient().id).front().id, now);
  };
  EXPECT_EQ(get({of_first, of_second}, "/studies").status(), 404);
  EXPECT_EQ(last_entry()["detail"], "expired_credential");
}

TEST_F(ManyShares, OneInstanceCostsNoLookAtTheOtherShares) {
  const Json::Value rows = studies_of({of_first});
  const std::string study = tests::value(rows[0], kStudyUid).asString();
  int opened = 0;
  eventful.on_open = [&] { ++opened; };
  EXPECT_EQ(get({of_first, of_second}, "/studies/" + study + "/metadata").status(), 200);
  EXPECT_EQ(opened, 1) << "its own file, before the first byte, and none of another share";
}

TEST_F(ManyShares, OneInstanceCostsNoLookAtSharesWhoseViewsFoundNoRoom) {
  limit({.max_results = 1000, .view_bytes = 0});
  const Json::Value rows = studies_of({of_second});
  const std::string study = tests::value(rows[0], kStudyUid).asString();
  studies_of({of_first});
  studies_of({of_second});
  const core::Uid others = *core::Uid::parse("1.2.3");
  int listings = 0;
  eventful.on_list = [&](const core::StudyKey& key) { listings += key.study == others ? 1 : 0; };
  EXPECT_EQ(get({of_first, of_second}, "/studies/" + study + "/metadata").status(), 200);
  EXPECT_EQ(listings, 0);
}

TEST_F(ManyShares, AStudyThatCameIntoAShareSinceTheLastLookIsFound) {
  const auto of_patient = share(tests::unmasked(), sharing::PatientScope{"P1"});
  studies_of({of_first, of_patient});
  put(instance_key("P1", "1.2.5", "1.2.5.1", "1.2.5.1.1"));
  EXPECT_EQ(get({of_first, of_patient}, "/studies/1.2.5/metadata").status(), 200);
}

TEST_F(ManyShares, AnInstanceThatIsStoredInAnotherSyntaxIsRefusedOnRecord) {
  const Json::Value rows = this->rows(of_first, "/instances");
  const std::string target = "/studies/" + tests::value(rows[0], kStudyUid).asString() +
                             "/series/" + tests::value(rows[0], "0020000E").asString() +
                             "/instances/" + tests::value(rows[0], "00080018").asString();
  EXPECT_EQ(get(of_first, target,
                "multipart/related; type=\"application/dicom\"; "
                "transfer-syntax=1.2.840.10008.1.2.4.50")
                .status(),
            406);
  EXPECT_EQ(last_entry()["detail"], "other_transfer_syntax");
}

TEST_F(ManyShares, AClientWhoHasGoneCostsNoFurtherFile) {
  for (int i = 2; i < 10; ++i) {
    put(instance_key("P1", "1.2.3", "1.2.3.1", "1.2.3.1." + std::to_string(i)));
  }
  const auto opened_by = [&](std::string_view target) {
    int opened = 0;
    eventful.on_open = [&] {
      ++opened;
      gone.request_stop();
    };
    EXPECT_EQ(get({of_first, of_second}, target).status(), 503) << target;
    gone = std::stop_source();
    eventful.on_open = [] {};
    return opened;
  };
  EXPECT_EQ(opened_by("/studies"), 1) << "the first look";
  ASSERT_EQ(studies_of({of_first, of_second}).size(), 2U);
  const auto before = entries().size();
  EXPECT_EQ(opened_by("/instances?PatientComments=x"), 1) << "no row in memory has it";
  EXPECT_EQ(opened_by("/instances?includefield=PatientComments"), 1);
  EXPECT_EQ(entries().size(), before) << "nothing was about to leave";
}

}  // namespace
}  // namespace sekisho::dicomweb
