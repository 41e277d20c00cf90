// SPDX-License-Identifier: GPL-3.0-or-later
// Whatever becomes of the process, one key opens everything.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <random>

#include "core/encoding.h"
#include "sharing/recipient_store.h"
#include "sharing/share_store.h"
#include "sharing/sqlite/sqlite_recipient_store.h"
#include "sharing/sqlite/sqlite_share_store.h"
#include "support/sharing_builders.h"
#include "support/temporary_directory.h"

namespace sekisho::sharing {
namespace {

/// A process of its own that rotates the key for ever and writes a byte after each time.
class Rotating {
 public:
  explicit Rotating(const SharingPlace& place) {
    int ends[2];
    if (::pipe(ends) != 0) throw std::runtime_error("no pipe");
    read_end_ = ends[0];
    process_ = ::fork();
    if (process_ == 0) {
      SqliteShareStore store(place);
      const char done = 'x';
      for (;;) {
        store.rotate_wrapping_key();
        if (::write(ends[1], &done, 1) != 1) ::_exit(1);
      }
    }
    ::close(ends[1]);
  }
  ~Rotating() {
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
    ::close(read_end_);
  }
  Rotating(const Rotating&) = delete;
  Rotating& operator=(const Rotating&) = delete;

  bool has_rotated() const {
    char done = 0;
    return ::read(read_end_, &done, 1) == 1;
  }

 private:
  pid_t process_ = -1;
  int read_end_ = -1;
};

TEST(MaskKeysCrash, ARotationThatIsKilledLeavesAKeyThatOpensEverything) {
  const tests::TemporaryDirectory directory;
  const auto place = SharingPlace::in(directory.path());
  const Recipient clinic = tests::a_recipient();
  SqliteRecipientStore(place).insert(clinic);
  std::vector<std::pair<ShareId, std::string>> keys;
  {
    SqliteShareStore store(place);
    for (int i = 0; i < 40; ++i) {
      const Share share = tests::a_share(clinic.id);
      store.insert(share);
      keys.emplace_back(share.id, core::to_hex(store.mask_key(share.id)->view()));
    }
  }
  std::mt19937 random(7);
  const core::Bytes hash_of(1 << 15);
  core::Sha256 hash{};
  for (int round = 0; round < 25; ++round) {
    {
      const Rotating child(place);
      ASSERT_TRUE(child.has_rotated());
      // Dies somewhere in the work on the next one: so much work of ours takes up to 10 ms.
      for (auto work = random() % 300; work > 0; --work) hash = core::sha256(hash_of);
    }
    const SqliteShareStore store(place);
    for (const auto& [share, key] : keys) {
      ASSERT_EQ(core::to_hex(store.mask_key(share)->view()), key) << "round " << round;
    }
    ASSERT_FALSE(std::filesystem::exists(place.next_mask_key));
  }
}

}  // namespace
}  // namespace sekisho::sharing
