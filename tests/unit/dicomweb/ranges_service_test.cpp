// SPDX-License-Identifier: GPL-3.0-or-later
// RFC 9110 §8.8.3, §13 and §14, of what leaves in one piece.
#include <gmock/gmock.h>

#include <set>

#include "http/request.h"
#include "recipient_desk.h"

namespace sekisho::dicomweb {
namespace {

using namespace tests;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kOne = "/studies/1.2.3/series/1.2.3.1/instances/1.2.3.1.1";
constexpr const char* kBytes = "application/octet-stream";
constexpr std::uint16_t kSide = 256;
constexpr std::uint64_t kFrameBytes = 2ULL * kSide * kSide;

/// One thing that leaves by itself.
struct Form {
  std::string path;
  const char* accept;
};
const Form kForms[] = {
    {kOne, "application/dicom"},
    {kOne, "application/dicom; transfer-syntax=*"},
    {std::string(kOne) + "/frames/2", kBytes},
    {std::string(kOne) + "/bulkdata/7FE00010", kBytes},
    {std::string(kOne) + "/bulkdata/00280010", kBytes},
    {std::string(kOne) + "/frames/2/rendered", "image/png"},
    {std::string(kOne) + "/rendered", "image/jpeg"},
    {std::string(kOne) + "/thumbnail", ""},
};

class Ranges : public ::testing::Test, public RecipientDesk {
 protected:
  Ranges() { put_image("S1"); }
  static core::InstanceKey key(std::string_view instance = "1.2.3.1.1") {
    return instance_key("P1", "1.2.3", "1.2.3.1", std::string(instance));
  }
  /// Two frames, each of its own cells.
  void put_image(std::string_view study_id, std::string_view instance = "1.2.3.1.1",
                 std::string_view syntax = core::dicom::kExplicitVrLittleEndian) {
    Bytes cells;
    for (std::uint64_t i = 0; i < 2 * kFrameBytes; ++i) {
      cells.push_back(static_cast<Byte>(i % 2 == 0 ? i / 7 : i / kFrameBytes));
    }
    DatasetBuilder builder(syntax);
    builder.text(Tag{0x0008, 0x0008}, Vr::CS, R"(ORIGINAL\PRIMARY)")
        .text(Tag{0x0008, 0x0016}, Vr::UI, kCtImage)
        .text(Tag{0x0008, 0x0018}, Vr::UI, std::string(instance))
        .text(Tag{0x0008, 0x0060}, Vr::CS, "CT")
        .text(Tag{0x0010, 0x0020}, Vr::LO, "P1")
        .text(Tag{0x0020, 0x000D}, Vr::UI, "1.2.3")
        .text(Tag{0x0020, 0x000E}, Vr::UI, "1.2.3.1")
        .text(Tag{0x0020, 0x0010}, Vr::SH, std::string(study_id))
        .us(Tag{0x0028, 0x0002}, 1)
        .text(Tag{0x0028, 0x0004}, Vr::CS, "MONOCHROME2")
        .text(Tag{0x0028, 0x0008}, Vr::IS, "2")
        .us(Tag{0x0028, 0x0010}, kSide)
        .us(Tag{0x0028, 0x0011}, kSide)
        .us(Tag{0x0028, 0x0100}, 16)
        .us(Tag{0x0028, 0x0101}, 16)
        .us(Tag{0x0028, 0x0102}, 15)
        .us(Tag{0x0028, 0x0103}, 0)
        .bytes(Tag{0x7FE0, 0x0010}, Vr::OW, cells);
    archive().put(key(instance), builder.part10(kCtImage, std::string(instance)));
  }
  using Fields = std::vector<std::pair<std::string, std::string>>;
  /// As the gateway answers a request with these fields.
  http::Response ask(const sharing::Share& of, const Form& form, Fields fields = {}) {
    http::Request request;
    request.method = http::Method::get;
    request.fields = std::move(fields);
    auto whole = get(of, form.path, form.accept).take_response();
    return http::in_range(http::unless_known(std::move(whole), request), request);
  }
  /// All of the body, as a connection takes it: files where there are some.
  static std::string drain(http::Response& response) {
    if (!response.body || !response.size_bytes) {
      ADD_FAILURE() << "status " << response.status << " without a body of known length";
      return {};
    }
    std::string text;
    std::uint64_t left = *response.size_bytes;
    Bytes buffer(3000);
    while (left > 0) {
      std::uint64_t count = 0;
      if (response.body->is_at_file()) {
        const FileRange range = response.body->take_file(left);
        Bytes piece((count = range.size_bytes));
        range.file.read(range.offset, piece);
        text += core::as_text(piece);
      } else {
        const auto most = static_cast<std::size_t>(std::min<std::uint64_t>(left, buffer.size()));
        count = response.body->read(std::span(buffer).first(most));
        text += core::as_text(core::ByteView(buffer).first(count));
      }
      if (count == 0) break;
      left -= count;
    }
    EXPECT_EQ(left, 0U);
    return text;
  }
  std::string drained(const sharing::Share& of, const Form& form, Fields fields = {}) {
    auto response = ask(of, form, std::move(fields));
    std::string text = drain(response);
    if (response.body) response.body->finished(true, text.size());
    return text;
  }
  std::string tag(const sharing::Share& of, const Form& form) {
    const auto tag = ask(of, form).tag;
    EXPECT_TRUE(tag) << form.path;
    return tag ? tag->text() : std::string();
  }
  static std::string receipt_of(const http::Response& response) {
    for (const auto& [name, text] : response.headers) {
      if (name == "Sekisho-Receipt") return text;
    }
    return {};
  }
  const std::string masked_ = profile(R"({"Name": "ps3.15-basic", "Options": ["RetainUids"]})");
};

TEST_F(Ranges, AreTheBytesOfTheWhole) {
  keep_files_on_disk();
  for (const auto& profile_json : {unmasked(), masked_}) {
    const auto of = share(profile_json);
    for (const Form& form : kForms) {
      SCOPED_TRACE(form.path + " " + form.accept);
      const std::string whole = drained(of, form);
      const std::uint64_t size = whole.size();
      ASSERT_GT(size, 0U);
      for (const std::uint64_t first : {std::uint64_t{0}, size / 3, size / 2, size - 1}) {
        for (const std::uint64_t last : {first, first + (size - 1 - first) / 2, size - 1}) {
          const std::string range = std::to_string(first) + "-" + std::to_string(last);
          auto part = ask(of, form, {{"range", "bytes=" + range}});
          EXPECT_EQ(part.status, 206);
          EXPECT_EQ(part.range->text(), "bytes " + range + "/" + std::to_string(size));
          EXPECT_TRUE(drain(part) == whole.substr(first, last - first + 1)) << range;
        }
      }
    }
  }
}

TEST_F(Ranges, LeaveFromTheFileWhereItIsClean) {
  keep_files_on_disk();
  auto part = ask(share(masked_), kForms[2], {{"range", "bytes=100-"}});
  ASSERT_TRUE(part.body->is_at_file());
  EXPECT_EQ(part.body->take_file(UINT64_MAX).size_bytes, kFrameBytes - 100);
}

// Of what is decoded too: the first byte that is wanted may be in any frame.
TEST_F(Ranges, OfWhatIsWrittenAnewAreThoseOfThat) {
  put_image("S1", "1.2.3.1.1", core::dicom::kExplicitVrBigEndian);
  const auto of = share(masked_);
  const std::string whole = drained(of, kForms[0]);
  EXPECT_EQ(drained(of, kForms[0], {{"range", "bytes=40001-50000"}}), whole.substr(40'001, 10'000));
  EXPECT_NE(tag(of, kForms[0]), tag(of, kForms[1])) << "another syntax, other bytes";
}

TEST_F(Ranges, NoAnswerInPartsAndNoneOfUnknownLengthHasSome) {
  const auto of = share(unmasked());
  for (const Form& form : {
           Form{kOne, ""},
           Form{"/studies/1.2.3", ""},
           Form{kOne, "application/zip"},
           Form{std::string(kOne) + "/frames/1,2", ""},
           Form{std::string(kOne) + "/frames/1", "multipart/related; type=\"*/*\""},
           Form{std::string(kOne) + "/metadata", ""},
           Form{"/studies", ""},
           Form{std::string(kOne) + "/rendered", "image/gif"},
       }) {
    const auto response = ask(of, form, {{"range", "bytes=0-9"}, {"if-none-match", "*"}});
    EXPECT_EQ(response.status, 200) << form.path;
    EXPECT_FALSE(response.tag) << form.path;
  }
}

TEST_F(Ranges, ATagIsThatOfOneStateOfOneFormInOneShare) {
  const auto of = share(masked_);
  const auto other = share(masked_);
  put_image("S1", "1.2.3.1.2");
  std::set<std::string> tags;
  std::size_t count = 0;
  for (const auto& each : {of, other}) {
    for (const Form& form : kForms) {
      if (form.path == kOne && std::string_view(form.accept).ends_with('*')) continue;
      tags.insert(tag(each, form));
      EXPECT_EQ(tag(each, form), tag(each, form)) << form.path;
      ++count;
    }
    tags.insert(tag(each, {std::string(kOne) + "/frames/1", kBytes}));
    tags.insert(tag(each, {"/studies/1.2.3/series/1.2.3.1/instances/1.2.3.1.2/frames/1", kBytes}));
    count += 2;
  }
  EXPECT_EQ(tags.size(), count) << "each form of each instance in each share has its own";
  EXPECT_THAT(tags, Each(Not(HasSubstr("1.2.3"))));
}

TEST_F(Ranges, AnotherFileUnderTheSameUidsHasOtherTags) {
  const auto of = share(masked_);
  std::vector<std::string> before;
  for (const Form& form : kForms) before.push_back(tag(of, form));
  put_image("S2");
  for (std::size_t i = 0; i < before.size(); ++i) {
    EXPECT_NE(tag(of, kForms[i]), before[i]) << kForms[i].path;
  }
}

// What masks, decodes and draws may be another program then.
TEST_F(Ranges, AnotherRunOfTheServiceHasOtherTags) {
  const auto of = share(masked_);
  const std::string before = tag(of, kForms[2]);
  limit({});
  EXPECT_NE(tag(of, kForms[2]), before);
}

TEST_F(Ranges, AreOnRecordAsBytesAndNoInstanceAndNoFrame) {
  const auto of = share(masked_);
  drained(of, kForms[0], {{"range", "bytes=10-109"}});
  drained(of, kForms[0], {{"range", "bytes=-100"}});
  drained(of, kForms[2], {{"range", "bytes=0-99"}});
  service().close_viewings();
  Json::Value end = last_entry();
  EXPECT_EQ(end["detail"], "complete");
  EXPECT_EQ(end["bytes"], 300);
  EXPECT_EQ(end["instances"], 0);
  EXPECT_FALSE(end["facts"].isMember("frames"));
  EXPECT_EQ(end["facts"]["answers"], "3");

  drained(of, kForms[0], {{"range", "bytes=0-"}});
  drained(of, kForms[2], {{"range", "bytes=0-"}});
  service().close_viewings();
  end = last_entry();
  EXPECT_EQ(end["instances"], 1) << "a range may be all of it";
  EXPECT_EQ(end["facts"]["frames"], "1");
}

// RFC 9110 §13.1.2: the client is told that what it has is still so, and that is on record.
TEST_F(Ranges, WhatIsKnownIsNotSentAgainAndOnRecordAllTheSame) {
  const auto of = share(masked_);
  for (const Form& form : kForms) {
    const std::string known = tag(of, form);
    service().close_viewings();
    last_entry();
    const auto before = entries().size();
    const auto response = ask(of, form, {{"if-none-match", known}, {"range", "bytes=0-9"}});
    EXPECT_EQ(response.status, 304) << form.path;
    EXPECT_EQ(response.body, nullptr);
    EXPECT_EQ(response.tag->text(), known);
    EXPECT_EQ(receipt_of(response), "hospital.example/log#" + std::to_string(before + 1));
    service().close_viewings();
    EXPECT_EQ(last_entry()["detail"], "header");
    EXPECT_EQ(last_entry()["bytes"], 0);
    EXPECT_EQ(entries().size(), before + 2);
  }
}

TEST_F(Ranges, WhatIsNotThereIsRefusedOnRecord) {
  const auto of = share(masked_);
  const auto response =
      ask(of, kForms[2], {{"range", "bytes=" + std::to_string(kFrameBytes) + "-"}});
  EXPECT_EQ(response.status, 416);
  EXPECT_EQ(response.range->text(), "bytes */" + std::to_string(kFrameBytes));
  EXPECT_FALSE(receipt_of(response).empty());
  service().close_viewings();
  EXPECT_EQ(last_entry()["detail"], "header");
}

TEST_F(Ranges, WhatATagIsForMustStillBeAllowed) {
  const auto of = share(masked_);
  const std::string known = tag(of, kForms[2]);
  shares().revoke(of.id, "sent to the wrong clinic", now);
  const auto ended = *shares().find(of.id);
  EXPECT_EQ(ask(ended, kForms[2], {{"if-none-match", known}}).status, 404);
  EXPECT_EQ(ask(ended, kForms[2], {{"range", "bytes=0-9"}}).status, 404);
  EXPECT_EQ(last_entry()["event"], "denial");
}

// RFC 9110 §13.1.5.
TEST_F(Ranges, WhatHasChangedIsSentWhole) {
  const auto of = share(masked_);
  const std::string known = tag(of, kForms[3]);
  const Fields rest{{"range", "bytes=100-"}, {"if-range", known}};
  EXPECT_EQ(ask(of, kForms[3], rest).status, 206);
  put_image("S2");
  EXPECT_EQ(ask(of, kForms[3], rest).status, 200);
}

}  // namespace
}  // namespace sekisho::dicomweb
