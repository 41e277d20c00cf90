// SPDX-License-Identifier: GPL-3.0-or-later
#include "staff/json.h"

#include <gtest/gtest.h>

#include "support/sharing_builders.h"

namespace sekisho::staff {
namespace {

Json::Value parsed(std::string_view text) {
  auto result = parse_json_object(text);
  if (const auto* problem = std::get_if<Unreadable>(&result)) ADD_FAILURE() << problem->why;
  return std::get<Json::Value>(std::move(result));
}

bool refused_text(std::string_view text) {
  return std::holds_alternative<Unreadable>(parse_json_object(text));
}

std::string nested(int depth) {
  std::string text = R"({"a":)";
  text += std::string(static_cast<std::size_t>(depth), '[');
  text += std::string(static_cast<std::size_t>(depth), ']');
  return text + "}";
}

TEST(ParseJsonObject, ReadsAnObject) {
  EXPECT_EQ(parsed(R"({"Name":"港 \"[{"})")["Name"].asString(), "港 \"[{");
}

TEST(ParseJsonObject, RefusesWhatIsNoStrictJsonObject) {
  for (std::string_view text :
       {"", " ", "null", "[]", "7", "\"text\"", "{", "{}{}", "{} x", "{\"a\":1,}", "{'a':1}",
        "{\"a\":1 /* why */}", "// why\n{}", "{\"a\":1,\"a\":2}", "{\"a\":NaN}", "{a:1}",
        "{\"a\":\"\xff\"}", "{\"a\":\"\xc0\xaf\"}", "{\"a\":\"\xed\xa0\x80\"}"}) {
    EXPECT_TRUE(refused_text(text)) << text;
  }
}

TEST(ParseJsonObject, RefusesDeepNestingWithoutRecursion) {
  parsed(nested(15));
  EXPECT_TRUE(refused_text(nested(16)));
  EXPECT_TRUE(refused_text(nested(400000)));
  EXPECT_TRUE(refused_text(std::string(400000, '[')));
  EXPECT_TRUE(refused_text(R"({"a":"\\",)" + nested(400000)));
}

TEST(ParseJsonObject, BracketsInsideTextsDoNotNest) {
  parsed(R"({"a":"\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["})");
}

class BodyReaderTest : public testing::Test {
 protected:
  BodyReader reader(std::string_view text) {
    json = parsed(text);
    return {json, problems};
  }
  Json::Value json;
  RequestProblems problems;
};

TEST_F(BodyReaderTest, GivesWhatIsThereAndNothingForWhatIsNot) {
  auto body = reader(R"({"Text":"a","Number":7,"Time":"2026-02-10T12:00:00Z","List":["x","y"]})");
  EXPECT_EQ(body.text("Text", 1), "a");
  EXPECT_EQ(body.number("Number", 1, 7), 7);
  EXPECT_EQ(body.time("Time"), tests::at("2026-02-10T12:00:00Z"));
  EXPECT_EQ(body.texts("List", 2), (std::vector<std::string>{"x", "y"}));
  EXPECT_EQ(body.text("Absent", 1), std::nullopt);
  EXPECT_FALSE(body.object("Absent"));
  body.refuse_the_rest();
  EXPECT_TRUE(problems.empty());
}

TEST_F(BodyReaderTest, CollectsEveryProblem) {
  auto body = reader(R"({"A":1,"B":"x","C":"soon","D":[1],"E":null,"F":"","Zeta":1})");
  body.text("A", 10);
  body.number("B", 1, 2);
  body.time("C");
  body.texts("D", 5);
  body.object("E");
  body.required_text("F", 5);
  body.require("G");
  body.refuse_the_rest();
  EXPECT_EQ(problems.size(), 8U);
}

TEST_F(BodyReaderTest, NamesThePlaceInsideAnObject) {
  auto body = reader(R"({"Scope":{"Level":3,"Other":1}})");
  auto scope = body.object("Scope");
  ASSERT_TRUE(scope);
  scope->text("Level", 10);
  scope->refuse_the_rest();
  ASSERT_EQ(problems.size(), 2U);
  EXPECT_EQ(problems[0], "\"Scope.Level\" must be a text.");
  EXPECT_EQ(problems[1], "\"Scope.Other\" is not known here; known are: Level.");
}

TEST_F(BodyReaderTest, CountsCharactersAndNotBytes) {
  auto body = reader(R"({"Name":"港港港"})");
  EXPECT_TRUE(body.text("Name", 3));
  EXPECT_FALSE(body.text("Name", 2));
}

TEST_F(BodyReaderTest, RefusesControlCharactersInALine) {
  auto body = reader(R"({"A":"a\nb","B":"\u0000","C":"\u007f"})");
  EXPECT_FALSE(body.text("A", 10));
  EXPECT_FALSE(body.text("B", 10));
  EXPECT_FALSE(body.text("C", 10));
}

TEST_F(BodyReaderTest, RefusesTextsThatEscapesMakeInvalid) {
  auto body = reader(R"({"A":"\udc00"})");
  EXPECT_FALSE(body.raw_text("A"));
  EXPECT_EQ(problems.size(), 1U);
}

TEST_F(BodyReaderTest, RefusesNumbersThatAreNotWhole) {
  auto body = reader(R"({"A":1.5,"B":99999999999999999999,"C":true,"D":-1,"E":8})");
  for (const char* key : {"A", "B", "C", "D", "E"}) {
    EXPECT_FALSE(body.number(key, 0, 7)) << key;
  }
}

TEST_F(BodyReaderTest, RefusesListsThatAreEmptyLongOrRepeat) {
  auto body = reader(R"({"A":[],"B":["x","y","z"],"C":["x","x"],"D":"x"})");
  for (const char* key : {"A", "B", "C", "D"}) {
    EXPECT_FALSE(body.texts(key, 2)) << key;
  }
}

TEST_F(BodyReaderTest, DoesNotRepeatAKeyThatIsNoText) {
  auto body = reader("{\"\\udc00\":1,\"a\\u0007\":2}");
  body.refuse_the_rest();
  ASSERT_EQ(problems.size(), 2U);
  for (const auto& problem : problems) EXPECT_TRUE(problem.starts_with("one of the keys"));
}

}  // namespace
}  // namespace sekisho::staff
