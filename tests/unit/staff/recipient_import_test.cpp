// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "api_fixture.h"
#include "core/digest.h"
#include "core/encoding.h"
#include "staff/recipient_csv.h"

namespace sekisho::staff {
namespace {

class StaffImport : public StaffApiTest {
 protected:
  Answer import_csv(const std::string& csv, const char* more = R"({})") {
    auto body = std::get<Json::Value>(parse_json_object(more));
    body["Csv"] = csv;
    return post_json("/recipients/import", body);
  }
  Answer dry_run(const std::string& csv) { return import_csv(csv, R"({"DryRun":true})"); }
  std::string file() { return api.answer(request_of(Verb::get, "/recipients/export")).body; }
  std::size_t count() { return get("/recipients").json["Recipients"].size(); }

  static std::string becomes(const Answer& answer) {
    std::string all;
    for (const Json::Value& line : answer.json["Lines"]) {
      all += line["Line"].asString() + ' ' + line["Becomes"].asString() + '\n';
    }
    return all;
  }
  static constexpr const char* kTwo =
      "Name,Kana,Networks\r\n川村内科,カワムラ,10.0.0.0/8\r\n河辺外科,カワベ,10.1.0.0/16 "
      "2001:db8::/64\r\n";
};

TEST_F(StaffImport, TellsLineByLineAndChangesNothingInADryRun) {
  const std::string id = new_recipient();
  const auto before = entries().size();
  const auto told =
      dry_run("ID,Name,Networks,Email\r\n" + id + ",Minato Clinic,10.20.0.0/24,\r\n" + id +
              ",Minato,10.20.0.0/24,\r\n,,,\r\n,new,10.0.0.0/8,\r\n,newer,10.0.0.1/8,x\r\n");
  ASSERT_EQ(told.status, 200) << details(told);
  EXPECT_EQ(becomes(told), "2 unchanged\n3 refused\n5 made\n6 refused\n");
  EXPECT_EQ(told.json["Made"], 1);
  EXPECT_EQ(told.json["Unchanged"], 1);
  EXPECT_EQ(told.json["Changed"], 0);
  EXPECT_EQ(told.json["Refused"], 2);
  EXPECT_EQ(told.json["Lines"][3]["Problems"].size(), 2U);
  EXPECT_FALSE(told.json["Lines"][2].isMember("ID"));
  EXPECT_EQ(count(), 1U);
  EXPECT_EQ(entries().size(), before);
}

TEST_F(StaffImport, MakesAllWithEachOnRecord) {
  const auto done = import_csv(kTwo);
  ASSERT_EQ(done.status, 200) << details(done);
  EXPECT_EQ(becomes(done), "2 made\n3 made\n");
  const auto made = get("/recipients/" + done.json["Lines"][1]["ID"].asString()).json;
  EXPECT_EQ(made["Name"], "河辺外科");
  EXPECT_EQ(made["Language"], "ja");
  EXPECT_EQ(made["Networks"].size(), 2U);
  const auto told = entries();
  ASSERT_EQ(told.size(), 3U);
  for (const std::size_t line : {2U, 3U}) {
    const Json::Value& entry = told[line - 1];
    EXPECT_EQ(entry["event"], "recipient.create");
    EXPECT_EQ(entry["facts"]["line"], std::to_string(line));
    EXPECT_EQ(entry["facts"]["import"],
              core::to_hex(core::sha256(core::as_bytes(std::string_view(kTwo)))));
  }
}

TEST_F(StaffImport, TakesTheFileThatWasExportedAsItIs) {
  import_csv(
      "Name,Networks,Telephone,Kana,Status\r\n\"'=1+1, "
      "\"\"x\"\"\",10.0.0.0/8,\"=\"\"0312345678\"\"\",ｱ,active\r\n");
  import_csv(kTwo);
  ASSERT_EQ(count(), 3U);
  EXPECT_EQ(get("/recipients").json["Recipients"][0]["Name"], "=1+1, \"x\"");
  EXPECT_EQ(get("/recipients").json["Recipients"][0]["Telephone"], "0312345678");
  const std::string exported = file();
  const auto before = entries().size();
  const auto again = import_csv(exported);
  EXPECT_EQ(again.status, 200) << details(again);
  EXPECT_EQ(again.json["Unchanged"], 3);
  EXPECT_EQ(entries().size(), before);
}

TEST_F(StaffImport, ChangesWhatTheFileHasColumnsOf) {
  const std::string id = post("/recipients", R"({"Name":"港","Email":"a@b.example","Place":"芝",
      "Language":"en","Networks":["10.0.0.0/8"]})")
                             .json["ID"]
                             .asString();
  const auto done = import_csv("ID,Place,Networks\n" + id + ",,10.9.0.0/16\n");
  ASSERT_EQ(done.status, 200) << details(done);
  EXPECT_EQ(becomes(done), "2 changed\n");
  const auto now_is = get("/recipients/" + id).json;
  EXPECT_EQ(now_is["Place"], "");
  EXPECT_EQ(now_is["Email"], "a@b.example");
  EXPECT_EQ(now_is["Language"], "en");
  EXPECT_EQ(now_is["Networks"][0], "10.9.0.0/16");
  const auto told = entries();
  EXPECT_EQ(told[told.size() - 3]["facts"]["network"], "10.9.0.0/16");
  EXPECT_EQ(told[told.size() - 2]["event"], "recipient.network_remove");
  EXPECT_EQ(told.back()["facts"]["fields"], "place");
  EXPECT_EQ(told.back()["facts"]["line"], "2");
}

TEST_F(StaffImport, TakesAllOrNothing) {
  const auto before = entries().size();
  const auto refused = import_csv(std::string(kTwo) + ",x,10.0.0.0/8\r\n");
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(becomes(refused), "2 made\n3 made\n4 refused\n");
  EXPECT_EQ(count(), 0U);
  EXPECT_EQ(entries().size(), before);
  break_log();
  EXPECT_THROW(import_csv(kTwo), audit::AuditError);
  EXPECT_EQ(count(), 0U);
}

TEST_F(StaffImport, WantsLookAlikesAcknowledged) {
  const std::string there = new_recipient("川村医院");
  const std::string csv =
      "Name,Networks\n川村,10.0.0.0/8\n港,10.0.0.0/8\n港クリニック,10.0.0.0/8\n";
  const auto told = dry_run(csv);
  ASSERT_EQ(told.json["Lines"].size(), 3U) << details(told);
  EXPECT_EQ(told.json["Lines"][0]["LookAlikes"][0], there);
  EXPECT_EQ(told.json["Lines"][1]["LookAlikeLines"][0], 4);
  EXPECT_EQ(told.json["Lines"][2]["LookAlikeLines"][0], 3);
  const auto asked = import_csv(csv);
  EXPECT_EQ(asked.status, 409);
  EXPECT_EQ(asked.json["Acknowledgement"], told.json["Acknowledgement"]);
  EXPECT_EQ(count(), 1U);
  const auto acknowledged = [&](const std::string& file) {
    Json::Value more;
    more["Acknowledgement"] = told.json["Acknowledgement"];
    return import_csv(file, to_text(more).c_str());
  };
  EXPECT_EQ(acknowledged(csv + "x,10.0.0.0/8\n").status, 409) << "of another file";
  EXPECT_EQ(acknowledged(csv).status, 200);
  EXPECT_EQ(acknowledged(csv).status, 409) << "all of them are there by now";
  EXPECT_EQ(count(), 4U);
}

TEST_F(StaffImport, NeitherDisablesNorInventsRecipients) {
  const std::string id = new_recipient();
  const std::string unknown(32, '0');
  const auto told = dry_run("ID,Status,Name,Networks\n" + id + ",disabled,,10.0.0.0/8\n" + unknown +
                            ",,a,10.0.0.0/8\n,disabled,b,10.0.0.0/8\nx,,c,10.0.0.0/8\n");
  EXPECT_EQ(becomes(told), "2 refused\n3 refused\n4 refused\n5 refused\n");
  EXPECT_EQ(told.json["Lines"][0]["Problems"].size(), 2U) << "a name is never taken away";
}

TEST_F(StaffImport, RefusesFilesThatItCannotRead) {
  std::string many = "Name,Networks\n";
  for (std::size_t i = 0; i <= kMostCsvRows; ++i) many += std::to_string(i) + ",10.0.0.0/8\n";
  for (const std::string& csv :
       {std::string(), std::string("Name\nA,B\n"), std::string("Name,Name\na,b\n"),
        std::string("Name\n\"a\n"), std::string("Nick\nA\n"), std::string("name\nA\n"),
        std::string("Name\tNetworks\nA\t10.0.0.0/8\n"),
        std::string("Name,Networks\n\xEF\xBF\xBD\xEF\xBF\xBD,10.0.0.0/8\n"), many}) {
    EXPECT_EQ(dry_run(csv).status, 400) << csv.substr(0, 40);
    EXPECT_EQ(import_csv(csv).status, 400) << csv.substr(0, 40);
  }
  EXPECT_NE(details(dry_run("Name\n\xEF\xBF\xBD\n")).find("CSV UTF-8"), std::string::npos);
  EXPECT_EQ(post("/recipients/import", R"({"DryRun":true})").status, 400);
  EXPECT_EQ(post("/recipients/import", R"({"Csv":"Name\n","DryRun":"yes"})").status, 400);
  EXPECT_EQ(post("/recipients/import", R"({"Csv":"Name\n","Force":true})").status, 400);
  EXPECT_EQ(count(), 0U);
}

TEST_F(StaffImport, TakesAsManyAsAFileMayHave) {
  std::string most = "Name,Networks\n";
  for (std::size_t i = 0; i < kMostCsvRows; ++i) {
    most += "Reader " + std::to_string(i) + ",10.0.0.0/8\n";
  }
  const auto done = import_csv(most);
  EXPECT_EQ(done.status, 200) << details(done).substr(0, 1000);
  EXPECT_EQ(done.json["Made"].asUInt64(), kMostCsvRows);
  EXPECT_EQ(entries().size(), 1 + kMostCsvRows);
}

}  // namespace
}  // namespace sekisho::staff
