// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/receipt_id.h"

#include <gtest/gtest.h>

#include <sstream>
#include <vector>

#include "audit/command/command.h"
#include "unit/audit/a_log.h"

namespace sekisho::audit {
namespace {

TEST(ReceiptId, IsReadAsItWasWritten) {
  for (const ReceiptId& id : {ReceiptId{"gateway.example/sekisho", 42}, ReceiptId{"log", 0},
                              ReceiptId{"a#b/c", UINT64_MAX}}) {
    EXPECT_EQ(ReceiptId::parse(id.text()), id) << id.text();
  }
  EXPECT_EQ((ReceiptId{"gateway.example/sekisho", 42}.text()), "gateway.example/sekisho#42");
}

TEST(ReceiptId, HasOneSpelling) {
  for (const char* text :
       {"", "42", "#42", "log", "log#", "log#-1", "log#+1", "log#042", "log#4 ", "log# 4", "log#4x",
        "log#18446744073709551616", "a log#4", "a+log#4", "log/4"}) {
    EXPECT_FALSE(ReceiptId::parse(text)) << text;
  }
}

TEST(ReceiptId, IsReadFromAPath) {
  EXPECT_EQ(ReceiptId::parse_path("gateway.example/sekisho/42"),
            (ReceiptId{"gateway.example/sekisho", 42}));
  for (const char* path : {"42", "/42", "gateway.example/sekisho", "gateway.example/sekisho/042",
                           "gateway.example/sekisho#42", "gateway.example/sekisho/42/"}) {
    EXPECT_FALSE(ReceiptId::parse_path(path)) << path;
  }
}

/// After a recovery the same number is another entry's: what was kept from before must not be
/// answered with it.
TEST(ReceiptId, OfAnotherLogIsNotAnsweredWithTheEntryOfThatNumberHere) {
  const test::ALog a_log;
  const auto log = a_log.open();
  const Event event = test::a_transfer();
  const ReceiptId id = log->append(event).id();
  const ReceiptAsker asker{event.recipient_id, [](std::string_view) { return true; }};
  EXPECT_TRUE(log->receipt(id, asker));
  EXPECT_FALSE(log->receipt({"audit.test.example/log-2", id.number}, asker));
}

TEST(ReceiptId, OfAnotherLogIsNotProvenFromTheCommandLine) {
  const test::ALog a_log;
  a_log.open()->append(test::a_transfer());
  const std::string data = a_log.place().database.parent_path();
  const auto run = [&](const std::string& entry) {
    std::ostringstream out;
    std::ostringstream err;
    run_command(std::vector<std::string_view>{"receipt", "--data", data, "--entry", entry}, out,
                err);
    return out.str();
  };
  EXPECT_FALSE(run("1").empty());
  EXPECT_EQ(run(ReceiptId{test::kOrigin, 1}.text()), run("1"));
  EXPECT_EQ(run("audit.test.example/log-2#1"), "");
}

}  // namespace
}  // namespace sekisho::audit
