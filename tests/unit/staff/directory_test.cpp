// SPDX-License-Identifier: GPL-3.0-or-later
#include "api_fixture.h"

namespace sekisho::staff {
namespace {

/// Who is found, who looks like whom, and what the file of all of them is.
class StaffDirectory : public StaffApiTest {
 protected:
  Answer register_recipient(const char* name, const char* more = "") {
    return post("/recipients",
                std::string(R"({"Name":")") + name + R"(","Networks":["10.0.0.0/8"])" + more + "}");
  }
  std::string file(Query query = {}) {
    const Reply reply =
        api.answer(request_of(Verb::get, "/recipients/export", {}, std::move(query)));
    EXPECT_EQ(reply.status, 200);
    EXPECT_STREQ(reply.type, "text/csv; charset=utf-8");
    return reply.body;
  }
};

TEST_F(StaffDirectory, IsSearchedPageByPageAndByStatus) {
  const std::string kawamura =
      register_recipient("川村内科", R"(,"Kana":"カワムラナイカ")").json["ID"].asString();
  const std::string kawabe =
      register_recipient("河辺外科", R"(,"Kana":"カワベゲカ")").json["ID"].asString();
  new_recipient("Minato Clinic");
  EXPECT_EQ(ids_of(get("/recipients", {{"search", "ｶﾜﾑﾗ"}})), std::vector{kawamura});
  EXPECT_EQ(ids_of(get("/recipients", {{"search", "かわ"}})), (std::vector{kawamura, kawabe}));
  const auto page = get("/recipients", {{"search", "かわ"}, {"limit", "1"}});
  EXPECT_EQ(ids_of(page), std::vector{kawamura});
  EXPECT_EQ(page.json["Next"], kawamura);
  const auto rest = get("/recipients", {{"search", "かわ"}, {"limit", "1"}, {"after", kawamura}});
  EXPECT_EQ(ids_of(rest), std::vector{kawabe});
  EXPECT_FALSE(rest.json.isMember("Next"));
  post("/recipients/" + kawabe + "/disable");
  EXPECT_EQ(ids_of(get("/recipients", {{"search", "かわ"}, {"status", "disabled"}})),
            std::vector{kawabe});
  EXPECT_EQ(ids_of(get("/recipients", {{"status", "active"}})).size(), 2U);
  EXPECT_TRUE(ids_of(get("/recipients", {{"search", "★"}})).empty());
  EXPECT_EQ(ids_of(get("/recipients", {{"search", ""}})).size(), 3U);
  for (const Query& wrong : {Query{{"search", std::string(1001, 'a')}}, Query{{"search", "\xFF"}},
                             Query{{"status", "live"}}, Query{{"find", "a"}}}) {
    EXPECT_EQ(get("/recipients", wrong).status, 400) << wrong.front().second;
  }
}

TEST_F(StaffDirectory, AsksBeforeItTakesWhoLooksLikeSomebody) {
  const Answer first = register_recipient("医療法人社団 港クリニック");
  ASSERT_EQ(first.status, 201);
  const auto before = entries().size();
  const Answer asked = register_recipient("港医院");
  ASSERT_EQ(asked.status, 409);
  ASSERT_EQ(asked.json["LookAlikes"].size(), 1U);
  EXPECT_EQ(asked.json["LookAlikes"][0], first.json);
  EXPECT_EQ(
      register_recipient("港医院", R"(,"LookAlikesSeen":["00000000000000000000000000000000"])")
          .status,
      409);
  EXPECT_EQ(register_recipient("港医院", R"(,"LookAlikesSeen":"all")").status, 400);
  EXPECT_EQ(entries().size(), before);

  const std::string seen = R"(,"LookAlikesSeen":[")" + first.json["ID"].asString() + R"("])";
  const Answer second = register_recipient("港医院", seen.c_str());
  EXPECT_EQ(second.status, 201);
  EXPECT_FALSE(second.json.isMember("LookAlikes"));
  EXPECT_EQ(register_recipient("港病院", seen.c_str()).status, 409) << "there are two by now";
}

TEST_F(StaffDirectory, AsksBeforeARecipientGetsTheNameOfAnother) {
  const std::string first = new_recipient("港クリニック");
  const std::string second = new_recipient("somebody else");
  const std::string path = "/recipients/" + second;
  const auto rename = [&](const std::string& more) {
    return call(
        Verb::put, path,
        R"({"Name":"みなと","Kana":"","Networks":["10.0.0.0/8"],"Place":"芝")" + more + "}");
  };
  EXPECT_EQ(rename("").status, 200);
  const auto before = entries().size();
  const std::string body = R"({"Name":"港","Networks":["10.0.0.0/8"])";
  const auto asked = call(Verb::put, path, body + "}");
  EXPECT_EQ(asked.status, 409);
  ASSERT_EQ(asked.json["LookAlikes"].size(), 1U);
  EXPECT_EQ(asked.json["LookAlikes"][0]["ID"], first);
  EXPECT_EQ(entries().size(), before);
  EXPECT_EQ(call(Verb::put, path, body + R"(,"LookAlikesSeen":[")" + first + R"("]})").status, 200);
  EXPECT_EQ(call(Verb::put, path, body + R"(,"Email":"a@b.example"})").status, 200)
      << "who keeps a name has been asked";
}

TEST_F(StaffDirectory, WarnsWhoSharesWithOneOfTwo) {
  const std::string first = new_recipient("港クリニック");
  const std::string second = new_recipient("港医院");
  const std::string other = new_recipient("somebody else");
  const auto warned = [](const Answer& answer) {
    std::vector<std::string> ids;
    for (const Json::Value& alike : answer.json["LookAlikes"]) {
      ids.push_back(alike["ID"].asString());
    }
    EXPECT_TRUE(answer.json["LookAlikes"].isArray());
    return ids;
  };
  EXPECT_EQ(warned(post_json("/shares/preview", share_body(first))), std::vector{second});
  EXPECT_EQ(warned(post_json("/shares", share_body(second))), std::vector{first});
  EXPECT_TRUE(warned(post_json("/shares/preview", share_body(other))).empty());
}

TEST_F(StaffDirectory, LeavesAsAFileThatIsNeverRun) {
  const Answer made =
      register_recipient("=HYPERLINK(\\\"http://x\\\")",
                         R"(,"Kana":"+1","Organisation":"a, b","Telephone":"0312345678",
                            "Email":"a@b.example")");
  ASSERT_EQ(made.status, 201) << details(made);
  const std::string id = made.json["ID"].asString();
  EXPECT_EQ(
      file(),
      "\xEF\xBB\xBFID,Name,Kana,Organisation,Department,Place,Telephone,Email,Language,"
      "Networks,Status\r\n" +
          id +
          R"csv(,"'=HYPERLINK(""http://x"")","'+1","a, b",,,"=""0312345678""",a@b.example,ja,)csv"
          "10.0.0.0/8,active\r\n");
  const auto lines = [](const std::string& text) { return std::ranges::count(text, '\n'); };
  EXPECT_EQ(lines(file({{"search", "nobody"}})), 1);
  EXPECT_EQ(lines(file({{"status", "active"}})), 2);
  const std::size_t before = entries().size();
  EXPECT_EQ(get("/recipients/export", {{"limit", "1"}}).status, 400);
  EXPECT_EQ(entries().size(), before);
}

TEST_F(StaffDirectory, LeavesOnRecordWithoutTellingWhoWasLookedFor) {
  register_recipient("Sakura Clinic");
  file();
  EXPECT_EQ(last_entry()["event"], "recipient.export");
  EXPECT_EQ(last_entry()["facts"]["recipients"], "1");
  EXPECT_FALSE(last_entry()["facts"].isMember("narrowed_by"));
  file({{"search", "hayashi"}, {"status", "active"}});
  EXPECT_EQ(last_entry()["facts"]["recipients"], "0");
  EXPECT_EQ(last_entry()["facts"]["narrowed_by"], "search status");
  EXPECT_EQ(to_text(last_entry()).find("hayashi"), std::string::npos);
}

TEST_F(StaffDirectory, LeavesWithEverybodyInIt) {
  std::vector<sharing::Recipient> many;
  for (int i = 0; i < 2 * sharing::kMostListed; ++i) {
    many.push_back(tests::a_recipient("Reader " + std::to_string(i)));
  }
  recipients.write_all(many, {});
  EXPECT_EQ(std::ranges::count(file(), '\n'), 1 + 2 * sharing::kMostListed);
}

TEST_F(StaffDirectory, HasOneMethodForTheFileAndOneToTakeIt) {
  EXPECT_EQ(post("/recipients/export").allow, "GET, PUT");
  EXPECT_EQ(get("/recipients/import").status, 404);
}

}  // namespace
}  // namespace sekisho::staff
