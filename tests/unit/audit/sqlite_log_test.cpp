// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include "audit/store/open_log.h"
#include "support/log_store_contract.h"

namespace sekisho::audit {
namespace {

class SqliteLogHouse : public LogHouse {
 public:
  SqliteLogHouse() { create_log(database_); }
  std::unique_ptr<LogStore> open(const NoteSigner& signer) override {
    return open_log_store(database_, signer);
  }
  std::unique_ptr<StoredLog> open_stored() override { return open_stored_log(database_); }

 private:
  test::Directory directory_;
  const std::filesystem::path database_ = directory_.path() / "audit.db";
};

INSTANTIATE_TEST_SUITE_P(Sqlite, LogStoreContract,
                         testing::Values([] { return std::make_unique<SqliteLogHouse>(); }));

}  // namespace
}  // namespace sekisho::audit
