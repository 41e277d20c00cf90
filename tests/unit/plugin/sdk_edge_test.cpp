// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/sdk_edge.h"

#include <gtest/gtest.h>

#include "audit/error.h"
#include "core/setup_trouble.h"
#include "core/store_error.h"

namespace sekisho::plugin {
namespace {

/// A request as Orthanc passes it: arrays of C strings that live as long as this.
class OrthancCall {
 public:
  explicit OrthancCall(OrthancPluginHttpMethod method = OrthancPluginHttpMethod_Get) {
    request_.method = method;
  }
  OrthancCall& path(const char* group) {
    groups_ = {group};
    return *this;
  }
  OrthancCall& query(const char* name, const char* value) {
    names_.push_back(name);
    values_.push_back(value);
    return *this;
  }
  OrthancCall& header(const char* name, const char* value) {
    header_names_.push_back(name);
    header_values_.push_back(value);
    return *this;
  }
  OrthancCall& body(std::string_view body) {
    request_.body = body.data();
    request_.bodySize = static_cast<std::uint32_t>(body.size());
    return *this;
  }
  const OrthancPluginHttpRequest& request() {
    request_.groups = groups_.data();
    request_.groupsCount = static_cast<std::uint32_t>(groups_.size());
    request_.getKeys = names_.data();
    request_.getValues = values_.data();
    request_.getCount = static_cast<std::uint32_t>(names_.size());
    request_.headersKeys = header_names_.data();
    request_.headersValues = header_values_.data();
    request_.headersCount = static_cast<std::uint32_t>(header_names_.size());
    return request_;
  }

 private:
  // Orthanc's enumerators begin at 1. NOLINTNEXTLINE(bugprone-invalid-enum-default-initialization)
  OrthancPluginHttpRequest request_{};
  std::vector<const char*> groups_, names_, values_, header_names_, header_values_;
};

TEST(StaffRequestFromOrthanc, CarriesPathAndBody) {
  const auto call = staff_request(
      OrthancCall(OrthancPluginHttpMethod_Post).path("/shares").body("{}").request(), {});
  ASSERT_TRUE(call);
  EXPECT_EQ(call->verb, staff::Verb::post);
  EXPECT_EQ(call->path, "/shares");
  EXPECT_EQ(call->body, "{}");
}

TEST(StaffRequestFromOrthanc, KnowsFourMethods) {
  const std::pair<OrthancPluginHttpMethod, staff::Verb> verbs[] = {
      {OrthancPluginHttpMethod_Get, staff::Verb::get},
      {OrthancPluginHttpMethod_Post, staff::Verb::post},
      {OrthancPluginHttpMethod_Put, staff::Verb::put},
      {OrthancPluginHttpMethod_Delete, staff::Verb::erase}};
  for (const auto& [method, verb] : verbs) {
    EXPECT_EQ(staff_request(OrthancCall(method).request(), {})->verb, verb);
  }
  EXPECT_FALSE(staff_request(OrthancCall(_OrthancPluginHttpMethod_INTERNAL).request(), {}));
}

TEST(StaffRequestFromOrthanc, IsOfItsCaller) {
  const auto call = staff_request(OrthancCall().request(), {"tanaka", {staff::Role::audit}});
  EXPECT_EQ(call.value().caller.name, "tanaka");
  EXPECT_EQ(call->caller.roles, staff::Roles{staff::Role::audit});
}

TEST(StaffRequestFromOrthanc, DecodesTheQuery) {
  const auto call = staff_request(OrthancCall()
                                      .query("patient", "%E5%B1%B1%20a%26b")
                                      .query("empty", "")
                                      .query("plain", "100%")
                                      .request(),
                                  {});
  const std::vector<std::pair<std::string, std::string>> wanted{
      {"patient", "\u5c71 a&b"}, {"empty", ""}, {"plain", "100%"}};
  EXPECT_EQ(call->query, wanted);
}

/// `urlencode`, `URLSearchParams`, `URLEncoder` and forms write a space so.
TEST(StaffRequestFromOrthanc, TakesAPlusForASpaceAndAnEscapedOneForAPlus) {
  const auto call = staff_request(OrthancCall()
                                      .query("patient", "A+77+%2B1")
                                      .query("plain", "100%+sure")
                                      .query("first+name", "x")
                                      .request(),
                                  {});
  const std::vector<std::pair<std::string, std::string>> wanted{
      {"patient", "A 77 +1"}, {"plain", "100% sure"}, {"first name", "x"}};
  EXPECT_EQ(call->query, wanted);
}

TEST(StaffRequestFromOrthanc, CarriesWhatTheBrowserSaysOfThePage) {
  OrthancCall call(OrthancPluginHttpMethod_Post);
  call.header("content-type", "text/plain").header("host", "pacs:8042");
  call.header("origin", "http://evil.example").header("sec-fetch-site", "cross-site");
  const staff::CallContext context = staff_request(call.request(), {})->context;
  EXPECT_EQ(context.content_type, "text/plain");
  EXPECT_EQ(context.host, "pacs:8042");
  EXPECT_EQ(context.origin, "http://evil.example");
  EXPECT_EQ(context.fetch_site, "cross-site");
}

/// The header of a request, from pairs of name and value.
class Header {
 public:
  Header(std::initializer_list<std::pair<const char*, const char*>> fields) {
    for (const auto& [name, value] : fields) {
      names_.push_back(name);
      values_.push_back(value);
    }
  }
  HeaderFields fields() const {
    return {static_cast<std::uint32_t>(names_.size()), names_.data(), values_.data()};
  }

 private:
  std::vector<const char*> names_, values_;
};

TEST(ClaimsOfARequest, HaveTheUserNameOnlyWhereOrthancCheckedIt) {
  // "aladdin:opensesame", RFC 2617 §2.
  const Header header{{"host", "x"}, {"authorization", "Basic YWxhZGRpbjpvcGVuc2VzYW1l"}};
  const auto user = [&](UserName checked) {
    return claims_of("10.1.0.7", header.fields(), checked, std::nullopt).orthanc_user;
  };
  EXPECT_EQ(user(UserName::authenticated), "aladdin");
  EXPECT_EQ(user(UserName::unchecked), "");
}

TEST(ClaimsOfARequest, HaveNobodyOfABrokenAuthorization) {
  for (const char* value : {"", "Basic", "Basic ?", "Basic YWxhZGRpbg==", "Bearer YTpi"}) {
    const Header header{{"authorization", value}};
    EXPECT_EQ(
        claims_of("10.1.0.7", header.fields(), UserName::authenticated, std::nullopt).orthanc_user,
        "")
        << value;
  }
}

TEST(ClaimsOfARequest, HaveWhereItCameFromAndTheFieldsOfTheProxyAlone) {
  const Header header{{"x-user", "sato"}, {"x-groups", "readers"}};
  const staff::Claims without = claims_of("::ffff:10.1.0.7", header.fields(), {}, std::nullopt);
  EXPECT_EQ(without.peer.value().text(), "10.1.0.7");
  EXPECT_FALSE(without.proxy_user || without.proxy_groups);
  const staff::Claims with = claims_of(nullptr, header.fields(), {}, {{{}, "x-user", "x-groups"}});
  EXPECT_FALSE(with.peer);
  EXPECT_EQ(with.proxy_user, "sato");
  EXPECT_EQ(with.proxy_groups, "readers");
}

TEST(FormsForStaff, AreKnownByTheirType) {
  for (const char* type : {"multipart/form-data; boundary=x", "Multipart/Form-Data;boundary=x",
                           " multipart/form-data", "multipart/mixed; boundary=x"}) {
    EXPECT_TRUE(is_form(Header{{"host", "pacs:8042"}, {"content-type", type}}.fields())) << type;
  }
  EXPECT_FALSE(is_form(Header{{"content-type", "application/json"}}.fields()));
  EXPECT_FALSE(is_form(Header{}.fields()));
}

TEST(CallsForStaff, AreKnownByTheirPath) {
  for (const char* uri : {"/sekisho/api/recipients", "/sekisho/audit/checkpoint", "//sekisho/api",
                          "/sekisho/", "/sekisho", "/sekisho/app/staff.js"}) {
    EXPECT_TRUE(is_for_staff(uri)) << uri;
  }
  EXPECT_FALSE(is_for_staff("/instances")) << "Orthanc Explorer uploads files there, in forms";
}

TEST(Failures, AreToldInConstantWords) {
  EXPECT_EQ(failure_in([] {}), nullptr);
  for (const auto& work : std::vector<std::function<void()>>{
           [] { throw audit::AuditError("secret"); }, [] { throw core::StoreError("secret"); },
           [] { throw std::bad_alloc(); }, [] { throw std::runtime_error("secret"); },
           [] { throw 7; }}) {
    const char* failure = failure_in(work);
    ASSERT_NE(failure, nullptr);
    EXPECT_EQ(std::string_view(failure).find("secret"), std::string_view::npos);
  }
}

TEST(Failures, AreToldToStaffInTheirOwnWords) {
  EXPECT_FALSE(trouble_in([] {}));
  const auto trouble = trouble_in([] { throw std::runtime_error("the reason"); });
  EXPECT_EQ(trouble.value().for_staff, "the reason");
  EXPECT_EQ(trouble->for_log.find("the reason"), std::string::npos);
}

TEST(Failures, OfWhatWasSetUpAreToldToTheOperatorToo) {
  const auto trouble = trouble_in(
      [] { throw core::SetupTrouble({"It is shut", "/place", "\"Setting\"", "why", "Do this."}); });
  EXPECT_EQ(trouble.value().for_staff, "It is shut: /place (\"Setting\"): why. Do this.");
  EXPECT_EQ(trouble->for_log, trouble->for_staff);
}

}  // namespace
}  // namespace sekisho::plugin
