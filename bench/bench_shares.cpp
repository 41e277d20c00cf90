// SPDX-License-Identifier: GPL-3.0-or-later
// What a store of many shares costs: fills an empty one by SQL and asks it what the door and staff
// ask. Prints one JSON object: the name of each question → [median, the slowest of a hundred], in
// µs; and what the store takes, in MB.
//   bench_shares DIRECTORY [SHARES]
// A store that is filled already is asked as it is.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/database.h"
#include "sharing/authorize.h"
#include "sharing/bearer.h"
#include "sharing/open_stores.h"

namespace {

using namespace sekisho::sharing;
using sekisho::core::Time;
using std::chrono::steady_clock;

constexpr int kRepeats = 500;
constexpr int kRepeatsOnDisk = 100;
constexpr int kRepeatsOfPages = 50;
constexpr int kRepeatsOfMany = 5;
constexpr std::size_t kProfileBytes = 14'600;  // of `ps3.15-basic`, resolved
const Time kNow = *sekisho::core::parse_rfc3339("2026-12-01T12:00:00Z");

/// One share in a hundred is of one recipient (0), nine in ten are of recipients with a hundred
/// each, the others of somebody with one; a tenth as many recipients as shares. The older 60 of a
/// hundred have expired, but for those of 0; of all, 5 of a hundred were revoked, 2 extended, one
/// is for one person, and one of 10,000 awaits an approval. Five in turn are of one patient.
constexpr const char* kFill = R"sql(
CREATE TEMP TABLE made (i INTEGER PRIMARY KEY, id TEXT, owner INTEGER);
CREATE TEMP TABLE who (i INTEGER PRIMARY KEY, id TEXT);
INSERT INTO who WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < :all / 10)
  SELECT i, lower (hex (randomblob (16))) FROM n;
INSERT INTO recipient (id, name, organisation, email, language, created_at)
  SELECT id, 'Clinic ' || i, 'Medical Corporation ' || i, '', 'ja', :now FROM who ORDER BY i;
INSERT INTO recipient_network (recipient, network)
  SELECT id, '10.' || (i % 256) || '.' || (i / 256 % 256) || '.0/24' FROM who ORDER BY i;
INSERT INTO made WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < :all - 1)
  SELECT i, lower (hex (randomblob (16))), CASE
    WHEN i % 100 = 0 THEN 0
    WHEN i % 100 < 91 THEN 1 + (i / 100 * 90 + i % 100 - 1) / 100
    ELSE 1 + :all * 9 / 1000 + i / 100 * 9 + i % 100 - 91 END FROM n;
INSERT INTO share_object SELECT id, 0, 'P' || (i / 5), '2.25.' || i, '', '' FROM made ORDER BY i;
INSERT INTO share (id, recipient, level, profile_name, profile, may_view, may_download, may_return,
    may_return_documents, assurance, not_before, expires_at, purpose, intended_use, link_hash,
    created_at, created_by, person, needs_approval)
  SELECT made.id, who.id, 1, 'ps3.15-basic', (SELECT max(seq) FROM profile), 1, 1, 0, 0, 'password',
    :now - (:all - made.i), CASE WHEN made.owner > 0 AND made.i < :all * 6 / 10 THEN :now - 1
      ELSE :now + 90 * 86400000000 END, 'TREAT', 'reference', randomblob (32),
    :now - (:all - made.i), 'tanaka', CASE WHEN made.i / 7 % 100 = 99
      THEN printf ('%032x', made.i / 700) ELSE '' END, made.i % 10000 = 5003
  FROM made JOIN who ON who.i = made.owner ORDER BY made.i;
INSERT INTO share_key (share, id, wrapping, wrapped)
  SELECT made.id, randomblob (16), wrapping_key.id, randomblob (60) FROM made, wrapping_key
  ORDER BY made.i;
INSERT INTO share_extension SELECT made.id, share.expires_at + 1, :now, 'tanaka', ''
  FROM made JOIN share ON share.id = made.id WHERE made.i / 7 % 100 IN (60, 61)
  AND share.expires_at > :now;
UPDATE share SET expiry_log_size = 1, expiry_recorded_at = :now WHERE expires_at < :now;
UPDATE share SET revoked_at = :now - 1 WHERE id IN
  (SELECT id FROM made WHERE owner > 0 AND i / 7 % 100 BETWEEN 90 AND 94);
UPDATE recipient SET disabled_at = :now WHERE seq = 5;
)sql";

std::string with(std::string text, const std::string& name, std::int64_t value) {
  for (std::size_t at = text.find(name); at != std::string::npos; at = text.find(name, at)) {
    text.replace(at, name.size(), std::to_string(value));
  }
  return text;
}

void fill(const SharingPlace& place, std::int64_t shares) {
  auto database = sekisho::core::db::open(place.database);
  database.exec("PRAGMA synchronous = OFF; PRAGMA cache_size = -500000");
  sekisho::core::db::Statement profile(database, "INSERT INTO profile (json) VALUES (?)");
  profile.bind(1, std::string(kProfileBytes, 'x'));
  profile.exec();
  sekisho::core::db::Transaction transaction(database);
  database.exec(with(with(kFill, ":all", shares), ":now", kNow.time_since_epoch().count()));
  transaction.commit();
  sekisho::core::db::empty_write_ahead_log(database);
}

double resident_mb() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    if (word == "VmRSS:" && status >> word) return std::stod(word) / 1024;
  }
  return 0;
}

Share a_share(const RecipientId& of, int number) {
  Share share;
  share.id = ShareId::random();
  share.recipient = of;
  share.scope = StudyScope{{{"P" + std::to_string(number), *sekisho::core::Uid::parse("2.25.7")}}};
  share.profile_name = "ps3.15-basic";
  share.profile_json = std::string(kProfileBytes, 'x');
  share.permissions = {.view = true, .download = true};
  share.not_before = share.created_at = kNow;
  share.expires_at = kNow + std::chrono::days(90);
  share.link_hash = new_bearer(BearerKind::link).hash;
  return share;
}

/// A live share of somebody, and how they come.
struct Known {
  ShareId share;
  RecipientId recipient;
  std::string token;
  sekisho::core::IpAddress source;
};

std::vector<Known> some_known(const SharingPlace& place, RecipientStore& recipients) {
  const auto database = sekisho::core::db::open_read_only(place.database);
  sekisho::core::db::Statement select(
      database,
      "SELECT share.id, share.recipient, network FROM share JOIN recipient_network AS place"
      " ON place.recipient = share.recipient WHERE revoked_at IS NULL"
      " AND expiry_recorded_at IS NULL AND needs_approval = 0 AND person = ''"
      " AND share.recipient <> (SELECT id FROM recipient WHERE disabled_at IS NOT NULL)"
      " ORDER BY random () LIMIT 300");
  std::vector<Known> known;
  while (select.executeStep()) {
    const std::string network = select.getColumn(2);
    known.push_back({*ShareId::parse(select.getColumn(0).getString()),
                     *RecipientId::parse(select.getColumn(1).getString()), "",
                     *sekisho::core::IpAddress::parse(network.substr(0, network.find('/')))});
  }
  for (Known& each : known) {
    each.token = recipients.add_token(each.recipient, "", kNow + std::chrono::days(9), kNow)->text;
  }
  return known;
}

RecipientId recipient_of(const SharingPlace& place, std::int64_t seq) {
  const auto database = sekisho::core::db::open_read_only(place.database);
  sekisho::core::db::Statement select(database, "SELECT id FROM recipient WHERE seq = ?");
  select.bind(1, seq);
  select.executeStep();
  return *RecipientId::parse(select.getColumn(0).getString());
}

/// Asks a filled store, and prints.
class Asking {
 public:
  explicit Asking(const SharingPlace& place)
      : stores_(open_stores(place)),
        known_(some_known(place, *stores_.recipients)),
        large_(recipient_of(place, 1)),
        usual_(recipient_of(place, 2)) {}

  void as_the_door();
  void as_staff();
  void as_who_changes();

 private:
  ShareStore& shares() { return *stores_.shares; }
  RecipientStore& recipients() { return *stores_.recipients; }
  const Known& next() { return known_[next_++ % known_.size()]; }
  /// What the door does of each request before it looks at what is asked for.
  std::optional<Denial> authorise(const Known& who, const ShareId& id);
  /// Throws where the answer is another.
  void expect(const std::optional<Denial>& found, const std::optional<Denial>& right) const;
  /// Anything, so that what is known of the store is worth nothing.
  void change() { recipients().add_token(usual_, "", kNow + std::chrono::days(9), kNow); }
  void print(
      const std::string& what, int repeats, const std::function<void()>& act,
      const std::function<void()>& before = [] {});
  void page(const std::string& what, const ShareFilter& filter);

  const Stores stores_;
  const std::vector<Known> known_;
  const RecipientId large_;  // with a hundredth of all shares
  const RecipientId usual_;  // with a hundred
  std::size_t next_ = 0;
};

void Asking::print(const std::string& what, int repeats, const std::function<void()>& act,
                   const std::function<void()>& before) {
  std::vector<double> times;
  for (int i = 0; i < repeats; ++i) {
    before();
    const auto begin = steady_clock::now();
    act();
    times.push_back(std::chrono::duration<double, std::micro>(steady_clock::now() - begin).count());
  }
  std::ranges::sort(times);
  std::printf("\"%s\": [%.1f, %.1f], ", what.c_str(), times[times.size() / 2],
              times[times.size() * 99 / 100]);
}

std::optional<Denial> Asking::authorise(const Known& who, const ShareId& id) {
  const auto authenticated =
      authenticate({who.source, std::nullopt, who.token}, recipients(), shares(), kNow);
  if (const auto* denial = std::get_if<Denial>(&authenticated)) return *denial;
  const auto share = shares().find(id);
  if (!share) return Denial::unknown_share;
  const auto answer = authorize(*share, std::get<Authenticated>(authenticated), Permission::view,
                                WholeShare{}, kNow);
  const auto* denial = std::get_if<Denial>(&answer);
  return denial == nullptr ? std::nullopt : std::optional(*denial);
}

void Asking::expect(const std::optional<Denial>& found, const std::optional<Denial>& right) const {
  if (found != right) {
    throw std::runtime_error("another answer: " + std::string(found ? name(*found) : "granted"));
  }
}

void Asking::as_the_door() {
  const auto known_good = [this](const Known& each) {
    expect(authorise(each, each.share), std::nullopt);
  };
  print("authorise: another share each time", kRepeats, [&] { known_good(next()); });
  print("authorise: the same share", kRepeats, [&] { known_good(known_.front()); });
  print(
      "authorise: after any change", kRepeatsOnDisk, [&] { known_good(next()); },
      [this] { change(); });
  print("authorise: somebody else's share", kRepeats, [this] {
    const Known& who = next();
    const Known& other = next();
    if (who.recipient != other.recipient)
      expect(authorise(who, other.share), Denial::foreign_share);
  });
  print("authorise: a share that nobody made", kRepeats,
        [this] { expect(authorise(next(), ShareId::random()), Denial::unknown_share); });
  print("authorise: a token that nobody made", kRepeats, [this] {
    Known stranger = next();
    stranger.token = new_bearer(BearerKind::token).text;
    expect(authorise(stranger, stranger.share), Denial::unknown_credential);
  });
  print("is it live still, of another share each time", kRepeats,
        [this] { static_cast<void>(shares().is_live(next().share, kNow)); });
  print(
      "all live shares of one with a hundred, after any change", kRepeatsOnDisk,
      [this] { shares().live_for(usual_, kNow); }, [this] { change(); });
  print(
      "all live shares of one with a hundredth of all, after any change", kRepeatsOfMany,
      [this] { shares().live_for(large_, kNow); }, [this] { change(); });
  print("the same, again", kRepeats, [this] { shares().live_for(large_, kNow); });
  print("the networks of all recipients", kRepeatsOfMany,
        [this] { static_cast<void>(recipients().networks_in_use()); });
  print("what has expired", kRepeats, [this] { shares().expired(kNow, 100); });
}

void Asking::page(const std::string& what, const ShareFilter& filter) {
  print("list: " + what, kRepeatsOfPages, [&] { shares().list(filter, kNow); });
}

void Asking::as_staff() {
  page("first page", {.limit = 101});
  page("a page in the middle", {.after = known_.front().share, .limit = 101});
  page("last page", {.order = ListOrder::newest_first, .limit = 101});
  page("of one recipient with a hundredth of all", {.recipient = large_, .limit = 101});
  page("of one patient", {.patient_id = "P17", .limit = 101});
  page("of one study",
       {.study = sekisho::core::Uid::parse("2.25.17"), .patients_of_study = {"P3"}, .limit = 101});
  page("of one person", {.person = std::string(31, '0') + "1", .limit = 101});
  for (const ListOrder order : {ListOrder::oldest_first, ListOrder::newest_first}) {
    const std::string how = order == ListOrder::oldest_first ? ", oldest first" : ", newest first";
    for (const ShareStatus status :
         {ShareStatus::awaiting, ShareStatus::pending, ShareStatus::live, ShareStatus::suspended,
          ShareStatus::expired, ShareStatus::revoked}) {
      page(std::string(name(status)) + how, {.status = status, .order = order, .limit = 101});
    }
    page("made in the last moment" + how,
         {.since = kNow - std::chrono::microseconds(50), .order = order, .limit = 101});
    page("made before" + how,
         {.until = kNow - std::chrono::microseconds(900), .order = order, .limit = 101});
  }
}

void Asking::as_who_changes() {
  int number = 0;
  std::vector<ShareId> made;
  print("create", kRepeatsOnDisk, [&] {
    const Share share = a_share(usual_, ++number);
    made.push_back(share.id);
    shares().insert(share);
  });
  print("extend", kRepeatsOnDisk, [&] {
    shares().extend(made[--number], {kNow + std::chrono::days(99), kNow, "tanaka", ""});
  });
  print("the key of a share", kRepeats, [&] { shares().mask_key(made[next_++ % made.size()]); });
  print("revoke", kRepeatsOnDisk,
        [&] { shares().revoke(made[static_cast<std::size_t>(number++)], "", kNow); });
}

void measure(const std::string& directory, std::int64_t shares) {
  const auto place = SharingPlace::in(directory);
  const auto begin = steady_clock::now();
  if (open_stores(place).shares->list({.limit = 1}, kNow).empty()) fill(place, shares);
  const std::chrono::duration<double> filling = steady_clock::now() - begin;
  const double before = resident_mb();
  Asking asking(place);
  std::printf("{");
  asking.as_the_door();
  asking.as_staff();
  asking.as_who_changes();
  std::printf("\"filling, seconds\": %.1f, \"memory, MB\": %.1f, \"file, MB\": %.1f}\n",
              filling.count(), resident_mb() - before,
              static_cast<double>(std::filesystem::file_size(place.database)) / 1e6);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "bench_shares DIRECTORY [SHARES]\n");
    return 2;
  }
  try {
    measure(argv[1], argc > 2 ? std::stoll(argv[2]) : 1'000'000);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_shares: %s\n", error.what());
    return 1;
  }
  return 0;
}
