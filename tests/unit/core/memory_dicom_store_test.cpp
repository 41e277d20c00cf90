// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/memory_dicom_store.h"

#include "support/dicom_store_contract.h"

namespace sekisho::tests {
namespace {

class MemoryArchive final : public Archive {
 public:
  core::DicomStore& store() override { return store_; }
  void put(const core::InstanceKey& key, Bytes part10) override {
    store_.put(key, std::move(part10));
  }
  void remove(const core::InstanceKey& key) override { store_.remove(key); }

 private:
  MemoryDicomStore store_;
};

INSTANTIATE_TEST_SUITE_P(Memory, DicomStoreContract,
                         ::testing::Values([] { return std::make_unique<MemoryArchive>(); }));

}  // namespace
}  // namespace sekisho::tests
