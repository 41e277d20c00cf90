// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gtest/gtest.h>
#include <json/json.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "anonymization/profiles/profile.h"
#include "audit/audit_log.h"
#include "audit/initialise.h"
#include "audit/keys/key_files.h"
#include "audit/store/log_reader.h"
#include "core/database.h"
#include "dicomweb/service.h"
#include "http/target.h"
#include "sharing/sqlite/sqlite_recipient_store.h"
#include "sharing/sqlite/sqlite_share_store.h"
#include "support/dicom_builder.h"
#include "support/fake_machine.h"
#include "support/file_on_disk.h"
#include "support/memory_dicom_store.h"
#include "support/passing_dicom_store.h"
#include "support/sharing_builders.h"
#include "support/temporary_directory.h"

namespace sekisho::tests {

/// What a test may care about in an image; the rest is fixed.
struct ImageFields {
  std::string name = "Yamada^Tarou";
  std::string birth_date = "19500102";
  std::string study_date = "20240131";
  std::string description = "HEAD";
  std::string modality = "CT";
  std::string number = "1";
  std::string image_type = R"(ORIGINAL\PRIMARY)";
  std::string transfer_syntax = std::string(core::dicom::kExplicitVrLittleEndian);
  Bytes pixels = Bytes(32, 0x2A);
};

constexpr std::string_view kCtImage = "1.2.840.10008.5.1.4.1.1.2";

inline Bytes an_image(const core::InstanceKey& key, const ImageFields& fields = {}) {
  DatasetBuilder builder(fields.transfer_syntax);
  builder.text(Tag{0x0008, 0x0005}, Vr::CS, "ISO_IR 192")
      .text(Tag{0x0008, 0x0008}, Vr::CS, fields.image_type)
      .text(Tag{0x0008, 0x0016}, Vr::UI, kCtImage)
      .text(Tag{0x0008, 0x0018}, Vr::UI, key.instance.text())
      .text(Tag{0x0008, 0x0020}, Vr::DA, fields.study_date)
      .text(Tag{0x0008, 0x0030}, Vr::TM, "101112")
      .text(Tag{0x0008, 0x0050}, Vr::SH, "ACC" + key.series.study.patient_id)
      .text(Tag{0x0008, 0x0060}, Vr::CS, fields.modality)
      .text(Tag{0x0008, 0x0090}, Vr::PN, "Suzuki^Ichirou")
      .text(Tag{0x0008, 0x1030}, Vr::LO, fields.description)
      .text(Tag{0x0008, 0x103E}, Vr::LO, "AXIAL")
      .text(Tag{0x0010, 0x0010}, Vr::PN, fields.name)
      .text(Tag{0x0010, 0x0020}, Vr::LO, key.series.study.patient_id)
      .text(Tag{0x0010, 0x0030}, Vr::DA, fields.birth_date)
      .text(Tag{0x0010, 0x0040}, Vr::CS, "M")
      .text(Tag{0x0018, 0x0050}, Vr::DS, "5.0")
      .text(Tag{0x0020, 0x000D}, Vr::UI, key.series.study.study.text())
      .text(Tag{0x0020, 0x000E}, Vr::UI, key.series.series.text())
      .text(Tag{0x0020, 0x0010}, Vr::SH, "S1")
      .text(Tag{0x0020, 0x0011}, Vr::IS, "3")
      .text(Tag{0x0020, 0x0013}, Vr::IS, fields.number);
  constexpr std::size_t kFrameBytes = 32;
  const std::size_t frames = (fields.pixels.size() + kFrameBytes - 1) / kFrameBytes;
  if (frames != 1) builder.text(Tag{0x0028, 0x0008}, Vr::IS, std::to_string(frames));
  return builder.us(Tag{0x0028, 0x0010}, 4)
      .us(Tag{0x0028, 0x0011}, 4)
      .us(Tag{0x0028, 0x0100}, 16)
      .bytes(Tag{0x7FE0, 0x0010}, Vr::OW, fields.pixels)
      .part10(kCtImage, key.instance.text());
}

inline std::string profile(std::string_view request) {
  const auto resolved = anonymization::resolve_profile(request);
  return std::get<anonymization::Profile>(resolved).to_json();
}
inline std::string unmasked() { return profile(R"("none")"); }
inline std::string masked() { return profile(R"("ps3.15-basic")"); }

/// An archive whose files are on disk.
class FilesOnDisk final : public PassingDicomStore {
 public:
  using PassingDicomStore::PassingDicomStore;
  std::optional<core::StoredFile> open(const core::InstanceKey& instance) override {
    const auto file = PassingDicomStore::open(instance);
    if (!file) return std::nullopt;
    return file_on_disk(file->view());
  }
  Stored store(const core::InstanceKey& key, core::ByteView part10) override {
    before_store();
    const Stored stored = PassingDicomStore::store(key, part10);
    after_store();
    return stored;
  }

  // What happens around the storing of an object; may throw.
  std::function<void()> before_store = [] {};
  std::function<void()> after_store = [] {};
};

/// A hospital with an archive in memory, its shares and access log on disk, and one clinic that
/// asks for things over DICOMweb.
class RecipientDesk {
 public:
  RecipientDesk() {
    recipients_.insert(clinic_);
    const auto token =
        recipients_.add_token(clinic_.id, "viewer", now + std::chrono::days(20), now);
    auto who =
        sharing::authenticate({address("10.20.0.7"), {}, token->text}, recipients_, shares_, now);
    who_.emplace(std::move(std::get<sharing::Authenticated>(who)));
  }

  MemoryDicomStore& archive() { return archive_; }
  sharing::ShareStore& shares() { return shares_; }
  core::MemoryBudget& memory() { return memory_; }
  disclosure::Looks& looks() { return looks_; }
  sharing::RecipientStore& recipients() { return recipients_; }
  const sharing::Authenticated& who() const { return *who_; }
  /// The desk's, with another archive.
  disclosure::Ports ports_on(core::DicomStore& store) {
    return {store,  recipients_, shares_, *log_,  denials_,
            clock_, report_,     memory_, looks_, ports_.pixel_policy};
  }
  dicomweb::Service& service() { return *service_; }
  const std::vector<std::string>& reported() const { return reported_; }
  void put(const core::InstanceKey& key, const ImageFields& fields = {}) {
    archive_.put(key, an_image(key, fields));
  }
  FilesOnDisk& files() { return on_disk_; }
  void keep_files_on_disk() { use(on_disk_); }
  /// Another archive, from now on, which outlives the desk's last answer.
  void use(core::DicomStore& store) {
    service_ = std::make_unique<dicomweb::Service>(ports_on(store), dicomweb::Limits{});
  }
  /// From now on what comes back goes there, which outlives the desk's last answer.
  void take_back_into(returns::Inspector& inspector) {
    service_ =
        std::make_unique<dicomweb::Service>(ports_on(on_disk_), dicomweb::Limits{}, &inspector);
  }
  void limit(dicomweb::Limits limits) {
    service_ = std::make_unique<dicomweb::Service>(ports_, limits);
  }

  void apply(std::string_view pixel_policy_json) {
    ports_.pixel_policy =
        std::get<anonymization::PixelPolicy>(anonymization::parse_pixel_policy(pixel_policy_json));
    limit({});
  }

  /// A share of study 1.2.3 of P1 unless `scope` says otherwise.
  sharing::Share share(std::string profile_json,
                       sharing::Scope scope = sharing::StudyScope{{study_key("P1", "1.2.3")}},
                       sharing::Permissions permissions = {.view = true, .download = true}) {
    sharing::Share share = a_share(clinic_.id);
    share.profile_json = std::move(profile_json);
    share.scope = std::move(scope);
    share.permissions = permissions;
    shares_.insert(share);
    return share;
  }

  /// Asks `share`'s root, or with several shares the recipient's. `target` as in a request line.
  dicomweb::Reply get(std::vector<sharing::Share> of, std::string_view target,
                      std::string accept = "") {
    const auto parsed = http::parse_target(target);
    dicomweb::Request request;
    request.path = parsed->path;
    request.query = parsed->query;
    request.accept = std::move(accept);
    request.request_id = "request-1";
    request.user_agent = "OHIF/3.13";
    request.root_url = root_url;
    request.received_at = now;
    request.stop = gone.get_token();
    return service_->answer(request, *who_, shared(of));
  }
  dicomweb::Reply get(const sharing::Share& of, std::string_view target, std::string accept = "") {
    return get(std::vector{of}, target, std::move(accept));
  }
  dicomweb::Reply post(const sharing::Share& to, std::string_view path, std::string type,
                       std::string body) {
    dicomweb::Request request;
    request.verb = dicomweb::Verb::post;
    request.path = http::parse_target(path)->path;
    request.content_type = std::move(type);
    const core::ByteView bytes = core::as_bytes(body);
    request.body = core::StoredFile::in_memory(Bytes(bytes.begin(), bytes.end()));
    request.request_id = "request-2";
    request.root_url = root_url;
    request.received_at = now;
    request.stop = gone.get_token();
    return service_->answer(request, *who_, shared({to}));
  }
  /// The rows of a search or metadata that must succeed.
  Json::Value rows(const sharing::Share& of, std::string_view target) {
    auto reply = get(of, target);
    EXPECT_EQ(reply.status(), 200) << target;
    return parse(text_of(reply));
  }

  /// The whole body, through a buffer of this size. Throws where the answer is cut.
  static std::string text_of(dicomweb::Reply& reply, std::size_t buffer_bytes = 61) {
    if (reply.body() == nullptr) return reply.text();
    std::string text;
    Bytes buffer(buffer_bytes);
    while (const std::size_t count = reply.body()->read(buffer)) {
      text += core::as_text(core::ByteView(buffer).first(count));
    }
    return text;
  }
  static Json::Value parse(const std::string& text) {
    Json::Value value;
    std::string errors;
    const std::unique_ptr<Json::CharReader> reader(Json::CharReaderBuilder().newCharReader());
    EXPECT_TRUE(reader->parse(text.data(), text.data() + text.size(), &value, &errors)) << errors;
    return value;
  }

  /// Entries of the access log after the first, as they stand on disk now.
  std::vector<Json::Value> entries() {
    auto database = core::db::open_read_only(place_.database);
    core::db::Statement select(
        database, "SELECT json_patch(entry, aside) FROM audit_entry WHERE seq > 0 ORDER BY seq");
    std::vector<Json::Value> entries;
    while (select.executeStep()) entries.push_back(parse(select.getColumn(0).getString()));
    return entries;
  }
  /// What the last entry says under encryption.
  audit::EntryText last_text() {
    log_->flush();
    audit::LogReader log(place_.database);
    const auto last = log.entry(log.head().size - 1);
    return audit::TextReader(place_.database,
                             audit::WrappingKey(audit::read_secret_key(place_.wrapping_key)))
        .open(last->entry);
  }
  Json::Value last_entry() {
    log_->flush();
    return entries().back();
  }
  void break_log() {
    core::db::Database database(place_.database.string(), SQLite::OPEN_READWRITE);
    database.exec(
        "CREATE TRIGGER disk_full BEFORE INSERT ON audit_entry "
        "BEGIN SELECT RAISE(ABORT, 'disk full'); END");
  }

  core::Time now = at("2026-02-10T00:00:00Z");
  std::stop_source gone;  ///< the client
  std::string root_url = "https://share.hospital.example/dicom-web";

 private:
  static sharing::SharedShares shared(const std::vector<sharing::Share>& shares) {
    sharing::SharedShares all;
    for (const auto& share : shares) all.push_back(std::make_shared<const sharing::Share>(share));
    return all;
  }
  static audit::AuditPlace make_log(const std::filesystem::path& directory) {
    const auto place = audit::AuditPlace::in(directory);
    const auto stopped = [] { return at("2026-02-10T00:00:00Z"); };
    audit::initialise(place, "hospital.example/log", stopped, uptime_of(stopped));
    return place;
  }

  TemporaryDirectory directory_;
  audit::AuditPlace place_ = make_log(directory_.path());
  sharing::Recipient clinic_ = a_recipient();
  sharing::SqliteRecipientStore recipients_{sharing::SharingPlace::in(directory_.path())};
  sharing::SqliteShareStore shares_{sharing::SharingPlace::in(directory_.path())};
  MemoryDicomStore archive_;
  FilesOnDisk on_disk_{archive_};
  std::vector<std::string> reported_;
  core::Clock clock_ = [this] { return now; };
  core::Log report_ = [this](core::Severity, std::string_view text) {
    reported_.emplace_back(text);
  };
  core::MemoryBudget memory_{512U << 20U, std::chrono::milliseconds(0)};
  std::unique_ptr<audit::AuditLog> log_ = std::make_unique<audit::AuditLog>(
      place_, clock_, core::Log([](auto, auto) {}), uptime_of(clock_));
  disclosure::Denials denials_{*log_, clock_};
  disclosure::Looks looks_{clock_};
  disclosure::Ports ports_{archive_, recipients_, shares_, *log_, denials_,
                           clock_,   report_,     memory_, looks_};
  std::unique_ptr<dicomweb::Service> service_ =
      std::make_unique<dicomweb::Service>(ports_, dicomweb::Limits{});
  std::optional<sharing::Authenticated> who_;
};

/// The only value of an attribute in a row; null where it has none.
inline Json::Value value(const Json::Value& row, const char* tag) {
  return row[tag].isMember("Value") ? row[tag]["Value"][0] : Json::Value();
}

inline std::vector<std::string> values(const Json::Value& rows, const char* tag) {
  std::vector<std::string> found;
  for (const Json::Value& row : rows) found.push_back(value(row, tag).asString());
  return found;
}

}  // namespace sekisho::tests
