// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/initialise.h"

#include <gtest/gtest.h>

#include "audit/proof/note.h"
#include "unit/audit/a_log.h"

namespace sekisho::audit {
namespace {

using std::filesystem::perms;

TEST(Initialise, MakesFilesThatOnlyTheirOwnerReads) {
  const test::ALog log;
  const AuditPlace& place = log.place();
  for (const auto& file : {place.database, place.signing_key, place.verifier_key, place.index_key,
                           place.wrapping_key}) {
    EXPECT_EQ(std::filesystem::status(file).permissions(), perms::owner_read | perms::owner_write)
        << file;
  }
}

TEST(Initialise, OpensALogWithAnEntryThatSaysWhatItIs) {
  const test::ALog log;
  const Verdict verdict = log.verdict();
  EXPECT_TRUE(verdict.sound()) << test::joined(verdict.problems);
  EXPECT_EQ(verdict.entries, 1U);
  EXPECT_EQ(verdict.origin, test::kOrigin);
  const std::string opening = log.entry(0);
  EXPECT_NE(opening.find("\"event\":\"log.open\""), std::string::npos);
  EXPECT_NE(opening.find("\"origin\":\"" + std::string(test::kOrigin) + "\""), std::string::npos);
  EXPECT_NE(opening.find("\"key\":\"" + log.key() + "\""), std::string::npos);
}

TEST(Initialise, NeverTouchesWhatIsThere) {
  for (auto file : {&AuditPlace::database, &AuditPlace::signing_key, &AuditPlace::verifier_key,
                    &AuditPlace::index_key, &AuditPlace::wrapping_key}) {
    const test::Directory directory;
    const AuditPlace place = AuditPlace::in(directory.path());
    std::ofstream(place.*file) << "precious";
    EXPECT_THROW(initialise(place, test::kOrigin), AuditError);
    EXPECT_EQ(test::read_file(place.*file), "precious");
    const auto begin = std::filesystem::directory_iterator(directory.path());
    EXPECT_EQ(std::distance(begin, std::filesystem::directory_iterator()), 1);
  }
}

TEST(Initialise, LeavesNothingBehindWhereItFails) {
  const test::Directory directory;
  AuditPlace place = AuditPlace::in(directory.path());
  place.database = directory.path() / "missing" / "audit.db";
  EXPECT_THROW(initialise(place, test::kOrigin), AuditError);
  EXPECT_TRUE(std::filesystem::is_empty(directory.path()));
}

TEST(Initialise, TakesOnlyOriginsThatNotesCanCarry) {
  for (const std::string& bad : {std::string(), std::string("a b"), std::string("a+b"),
                                 std::string("a\nb"), std::string(256, 'a')}) {
    const test::Directory directory;
    EXPECT_THROW(initialise(AuditPlace::in(directory.path()), bad), AuditError) << bad;
    EXPECT_TRUE(std::filesystem::is_empty(directory.path()));
  }
  const test::Directory directory;
  EXPECT_NO_THROW(initialise(AuditPlace::in(directory.path()), std::string(255, 'a')));
}

}  // namespace
}  // namespace sekisho::audit
