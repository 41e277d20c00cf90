// SPDX-License-Identifier: GPL-3.0-or-later
/// Every scope × every route of an instance, a series and a study: what the share holds is
/// answered, everything else of the archive is as unknown as what is in none.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "unit/gateway/hospital.h"

namespace sekisho::gateway {
namespace {

using namespace tests;

struct Held {
  std::string_view patient, study, series, instance;
};
constexpr Held kFirst{"P1", "1.2.3", "1.2.3.4", "1.2.3.4.5"};
constexpr Held kSecond{"P1", "1.2.3", "1.2.3.4", "1.2.3.4.6"};
constexpr Held kOtherSeries{"P1", "1.2.3", "1.2.3.9", "1.2.3.9.1"};
constexpr Held kOtherStudy{"P1", "7.8.9", "7.8.9.1", "7.8.9.1.1"};
constexpr Held kOtherPatient{"P2", "5.5.5", "5.5.5.1", "5.5.5.1.1"};
constexpr Held kNowhere{"P3", "6.6.6", "6.6.6.1", "6.6.6.1.1"};
constexpr Held kAll[] = {kFirst, kSecond, kOtherSeries, kOtherStudy, kOtherPatient, kNowhere};

struct ScopeRow {
  std::string_view name;
  sharing::Scope scope;
  std::set<std::string_view> instances;
};
const ScopeRow kScopes[] = {
    {"patient",
     sharing::PatientScope{"P1"},
     {kFirst.instance, kSecond.instance, kOtherSeries.instance, kOtherStudy.instance}},
    {"study",
     sharing::StudyScope{{study_key("P1", "1.2.3")}},
     {kFirst.instance, kSecond.instance, kOtherSeries.instance}},
    {"series",
     sharing::SeriesScope{{series_key("P1", "1.2.3", "1.2.3.4")}},
     {kFirst.instance, kSecond.instance}},
    {"instance",
     sharing::InstanceScope{{instance_key("P1", "1.2.3", "1.2.3.4", "1.2.3.4.5")}},
     {kFirst.instance}},
    {"study that was moved to another patient",
     sharing::StudyScope{{study_key("P2", "1.2.3")}},
     {}},
};

class DoorScopes : public testing::Test {
 protected:
  DoorScopes() {
    for (const Held& held : kAll) {
      if (held.instance == kNowhere.instance) continue;
      hospital.put(instance_key(held.patient, held.study, held.series, held.instance));
    }
  }
  /// Of a new share; from now on `token_for_it` opens no other.
  std::string root_of(const sharing::Scope& scope) {
    sharing::Share share = a_share(clinic.id);
    share.scope = scope;
    share.assurance = sharing::Assurance::password;
    share.profile_json =
        std::get<anonymization::Profile>(anonymization::resolve_profile(R"("none")")).to_json();
    hospital.shares().insert(share);
    token_for_it = hospital.token(clinic, {sharing::kEveryPermission, std::vector{share.id}});
    return "/shares/" + share.id.text() + "/dicom-web";
  }
  /// 200, or the one refusal.
  void expect(bool is_held, const std::string& path) {
    for (const std::string& each : {token, token_for_it}) expect(is_held, path, each);
  }
  void expect(bool is_held, const std::string& path, const std::string& bearer) {
    Answer answer = hospital.get(path, bearer);
    EXPECT_EQ(answer.status, is_held ? 200 : 404) << path;
    if (is_held) return;
    for (const char* differs : {"sekisho-request", "date"}) {
      answer.headers[differs] = refused.headers.at(differs);
    }
    EXPECT_EQ(answer.headers, refused.headers) << path;
    EXPECT_EQ(answer.body, refused.body) << path;
  }

  Hospital hospital;
  const sharing::Recipient clinic = hospital.clinic();
  const std::string token = hospital.token(clinic);
  std::string token_for_it;
  const Answer refused = hospital.get("/no/such/place");
};

TEST_F(DoorScopes, ShowWhatTheyHoldAndNothingElseOfTheArchive) {
  for (const ScopeRow& row : kScopes) {
    SCOPED_TRACE(row.name);
    const std::string root = root_of(row.scope);
    const auto holds = [&](auto same) {
      return std::ranges::any_of(kAll, [&](const Held& held) {
        return same(held) && row.instances.contains(held.instance);
      });
    };
    for (const Held& asked : kAll) {
      const std::string study = root + "/studies/" + std::string(asked.study);
      const std::string series = study + "/series/" + std::string(asked.series);
      const std::string instance = series + "/instances/" + std::string(asked.instance);
      const bool has_study = holds([&](const Held& held) { return held.study == asked.study; });
      const bool has_series = holds([&](const Held& held) { return held.series == asked.series; });
      for (const char* what : {"", "/metadata", "/rendered", "/thumbnail"}) {
        expect(has_study, study + what);
        expect(has_series, series + what);
      }
      for (const char* what : {"", "/metadata", "/rendered", "/thumbnail", "/frames/1",
                               "/frames/1/rendered", "/frames/1/thumbnail", "/bulkdata/7FE00010"}) {
        expect(row.instances.contains(asked.instance), instance + what);
      }
    }
  }
}

TEST_F(DoorScopes, AreAllThatSearchesFind) {
  for (const ScopeRow& row : kScopes) {
    const Answer below_it = hospital.get(root_of(row.scope) + "/instances", token);
    // Below the root of all shares a token for one finds no more.
    const Answer below_all = hospital.get("/dicom-web/instances", token_for_it);
    for (const Answer& answer : {below_it, below_all}) {
      ASSERT_EQ(answer.status, 200) << row.name;
      for (const Held& held : kAll) {
        const std::string quoted = '"' + std::string(held.instance) + '"';
        EXPECT_EQ(answer.body.find(quoted) != std::string::npos,
                  row.instances.contains(held.instance))
            << row.name << ' ' << held.instance;
      }
    }
  }
}

}  // namespace
}  // namespace sekisho::gateway
