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
  const auto call =
      staff_request(OrthancCall(OrthancPluginHttpMethod_Post).path("/shares").body("{}").request(),
                    UserName::unchecked);
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
    EXPECT_EQ(staff_request(OrthancCall(method).request(), UserName::unchecked)->verb, verb);
  }
  EXPECT_FALSE(
      staff_request(OrthancCall(_OrthancPluginHttpMethod_INTERNAL).request(), UserName::unchecked));
}

TEST(StaffRequestFromOrthanc, IsOfStaffWhomeverOrthancLetsIn) {
  const auto call = staff_request(OrthancCall().request(), UserName::unchecked);
  EXPECT_TRUE(call.value().roles.meets({staff::Role::staff}));
}

TEST(StaffRequestFromOrthanc, DecodesTheQuery) {
  const auto call = staff_request(OrthancCall()
                                      .query("patient", "%E5%B1%B1%20a%26b")
                                      .query("empty", "")
                                      .query("plain", "100%")
                                      .request(),
                                  UserName::unchecked);
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
                                  UserName::unchecked);
  const std::vector<std::pair<std::string, std::string>> wanted{
      {"patient", "A 77 +1"}, {"plain", "100% sure"}, {"first name", "x"}};
  EXPECT_EQ(call->query, wanted);
}

TEST(StaffRequestFromOrthanc, CarriesWhatTheBrowserSaysOfThePage) {
  OrthancCall call(OrthancPluginHttpMethod_Post);
  call.header("content-type", "text/plain").header("host", "pacs:8042");
  call.header("origin", "http://evil.example").header("sec-fetch-site", "cross-site");
  const staff::CallContext context = staff_request(call.request(), UserName::unchecked)->context;
  EXPECT_EQ(context.content_type, "text/plain");
  EXPECT_EQ(context.host, "pacs:8042");
  EXPECT_EQ(context.origin, "http://evil.example");
  EXPECT_EQ(context.fetch_site, "cross-site");
}

TEST(StaffRequestFromOrthanc, TakesTheUserNameOnlyWhereOrthancCheckedIt) {
  // "aladdin:opensesame", RFC 2617 §2.
  OrthancCall call;
  call.header("host", "x").header("authorization", "Basic YWxhZGRpbjpvcGVuc2VzYW1l");
  EXPECT_EQ(staff_request(call.request(), UserName::authenticated)->actor, "aladdin");
  EXPECT_EQ(staff_request(call.request(), UserName::unchecked)->actor, "");
}

TEST(StaffRequestFromOrthanc, ABrokenAuthorizationNamesNobody) {
  for (const char* value : {"", "Basic", "Basic ?", "Basic YWxhZGRpbg==", "Bearer YTpi"}) {
    OrthancCall call;
    call.header("authorization", value);
    EXPECT_EQ(staff_request(call.request(), UserName::authenticated)->actor, "") << value;
  }
}

bool is_form(const char* uri, const char* content_type) {
  const char* names[] = {"host", "content-type"};
  const char* values[] = {"pacs:8042", content_type};
  return is_form_for_staff(uri, 2, names, values);
}

TEST(FormsForStaff, AreKnownByTheirPathAndType) {
  for (const char* type : {"multipart/form-data; boundary=x", "Multipart/Form-Data;boundary=x",
                           " multipart/form-data", "multipart/mixed; boundary=x"}) {
    EXPECT_TRUE(is_form("/sekisho/api/recipients", type)) << type;
    EXPECT_TRUE(is_form("/sekisho/audit/checkpoint", type)) << type;
    EXPECT_TRUE(is_form("//sekisho/api", type)) << type;
    EXPECT_FALSE(is_form("/instances", type)) << "Orthanc Explorer uploads files so";
  }
  EXPECT_FALSE(is_form("/sekisho/api/recipients", "application/json"));
  EXPECT_FALSE(is_form_for_staff("/sekisho/api/recipients", 0, nullptr, nullptr));
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
