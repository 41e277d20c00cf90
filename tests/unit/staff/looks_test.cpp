// SPDX-License-Identifier: GPL-3.0-or-later
#include "staff/looks.h"

#include <string>
#include <vector>

#include "shares_fixture.h"
#include "support/eventful_dicom_store.h"

namespace sekisho::staff {
namespace {

const std::string kName = "00112233445566778899aabbccddeeff";

/// An API in whose archive something happens whenever a file is opened: a preview of study 1.1, of
/// two instances, opens the first for the words of the access log, both to look at them, and the
/// first to show it.
class StaffLooks : public StaffShares {
 protected:
  Answer call_by_name(const std::string& path, const std::string& name = kName) {
    Request request = request_of(Verb::post, path, to_text(share_body(recipient)));
    request.look_name = name;
    return answer_of(request);
  }
  Answer give_up(const std::string& name) { return call(Verb::erase, "/looks/" + name); }
  /// What the next file that is opened meets with.
  template <class Act>
  void at_the_next_file(Act act) {
    eventful.on_open = [this, act] {
      eventful.on_open = [] {};
      act();
    };
  }

  tests::EventfulDicomStore eventful{store};

 private:
  Answer answer_of(const Request& request) {
    const Reply reply = watched.answer(request);
    auto json = parse_json_object(reply.body);
    return {reply.status, std::get<Json::Value>(std::move(json))};
  }
  Api watched{{options, eventful, names(), recipients, shares, consents, access, log, denials,
               keeping, looks, *quarantine, place, [this] { return now; },
               [] { return SystemState(); }, [](const sharing::ShareId&) {}}};
};

TEST_F(StaffLooks, TellHowFarAPreviewIs) {
  std::vector<std::string> seen;
  eventful.on_open = [&] {
    const auto look = get("/looks/" + kName);
    ASSERT_EQ(look.status, 200);
    seen.push_back(look.json["Done"].asString() + " of " + look.json["Total"].asString());
  };
  EXPECT_EQ(call_by_name("/shares/preview").status, 200);
  EXPECT_EQ(seen, (std::vector<std::string>{"0 of ", "0 of 2", "1 of 2", "2 of 2"}));
  EXPECT_EQ(get("/looks/" + kName).status, 404) << "it is over";
}

TEST_F(StaffLooks, TellWhoWaitsForThemAndNothingOfThePatient) {
  Json::Value list;
  at_the_next_file([&] { list = get("/looks").json["Looks"]; });
  EXPECT_EQ(call_by_name("/shares/preview").status, 200);
  ASSERT_EQ(list.size(), 1U);
  EXPECT_EQ(to_text(list[0]), R"({"Actor":"tanaka","Done":0,"ID":")" + kName +
                                  R"(","Kind":"preview","Recipient":")" + recipient +
                                  R"(","StartedAt":"2026-02-10T12:00:00Z"})");
  EXPECT_TRUE(get("/looks").json["Looks"].empty());
}

TEST_F(StaffLooks, ThatNobodyNamedAreListedAsWell) {
  Json::Value list;
  at_the_next_file([&] { list = get("/looks").json["Looks"]; });
  EXPECT_EQ(call_by_name("/shares", "").status, 201);
  ASSERT_EQ(list.size(), 1U);
  EXPECT_EQ(list[0]["Kind"], "creation");
}

TEST_F(StaffLooks, EndThePreviewThatIsGivenUp) {
  at_the_next_file([&] { EXPECT_EQ(give_up(kName).status, 200); });
  const auto answer = call_by_name("/shares/preview");
  EXPECT_EQ(answer.status, 409);
  EXPECT_EQ(answer.json["Error"], "The look was given up.");
  EXPECT_EQ(call_by_name("/shares/preview").status, 200) << "the same call goes on";
}

TEST_F(StaffLooks, MakeNoShareWhenItsCreationIsGivenUp) {
  at_the_next_file([&] { EXPECT_EQ(give_up(kName).status, 200); });
  EXPECT_EQ(call_by_name("/shares").status, 409);
  EXPECT_TRUE(get("/shares").json["Shares"].empty());
  EXPECT_NE(last_entry()["event"], "share.create");
}

TEST_F(StaffLooks, OfOneNameAreNotUnderWayTwice) {
  at_the_next_file([&] { EXPECT_EQ(call_by_name("/shares/preview").status, 409); });
  EXPECT_EQ(call_by_name("/shares/preview").status, 200);
}

TEST_F(StaffLooks, TakeNoOtherNamesThanRandomOnes) {
  for (const char* name : {"my preview", "0011", "00112233445566778899AABBCCDDEEFF"}) {
    EXPECT_EQ(call_by_name("/shares/preview", name).status, 400) << name;
  }
}

TEST_F(StaffLooks, ThatAreNotUnderWayAreNotFound) {
  for (const std::string& name : {kName, std::string("P1"), std::string("..")}) {
    EXPECT_EQ(get("/looks/" + name).status, 404);
    EXPECT_EQ(give_up(name).status, 404);
  }
}

TEST_F(StaffLooks, OfARecipientAreShownAndLeftToHim) {
  const auto share = sharing::ShareId::random();
  const auto look =
      looks.begin({disclosure::LookFor::view, sharing::RecipientId::random(), share}, {});
  const Json::Value row = get("/looks").json["Looks"][0];
  EXPECT_EQ(row["Kind"], "view");
  EXPECT_EQ(row["Share"], share.text());
  EXPECT_FALSE(row.isMember("Actor"));
  EXPECT_EQ(give_up(row["ID"].asString()).status, 409);
  EXPECT_FALSE(look.demand().is_over());
}

}  // namespace
}  // namespace sekisho::staff
