// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <span>

#include "core/encoding.h"
#include "dicomweb/routes.h"
#include "http/request.h"
#include "recipient_desk.h"

namespace sekisho::dicomweb {
namespace {

using namespace tests;

/// What no recipient sees who may only look: the cells of the image.
constexpr std::string_view kCells = "NATIVE-CELLS-OF-THE-IMAGE-0123456";
static_assert(kCells.size() > 32);

struct Rights {
  const char* name;
  sharing::Permissions permissions;
  bool may_look;
  bool may_fetch;
};
constexpr Rights kRights[] = {
    {"view", {.view = true, .download = false}, true, false},
    {"download", {.view = false, .download = true}, true, true},
    {"both", {.view = true, .download = true}, true, true},
    {"return", {.view = false, .download = false, .give_back = true}, false, false},
};

/// What clients ask for; each route gives some of these.
constexpr const char* kAccepts[] = {
    "",
    "*/*",
    "application/dicom+json",
    "application/dicom+xml",
    "multipart/related; type=\"*/*\"; transfer-syntax=*",
    "multipart/related; type=\"application/octet-stream\"; transfer-syntax=*",
    "application/octet-stream; transfer-syntax=*",
    "application/dicom; transfer-syntax=*",
    "application/zip",
};

/// All of it, what is behind the first byte, and the end, where a file has its pixels.
constexpr const char* kRanges[] = {"", "bytes=1-", "bytes=-40"};

class PermissionsOfRoutes : public ::testing::Test, public RecipientDesk {
 protected:
  PermissionsOfRoutes() {
    Bytes pixels;
    for (const char each : kCells.substr(0, 32)) pixels.push_back(static_cast<Byte>(each));
    DatasetBuilder builder;
    builder.text(Tag{0x0008, 0x0016}, Vr::UI, kCtImage)
        .text(Tag{0x0008, 0x0018}, Vr::UI, "1.2.3.1.1")
        .text(Tag{0x0010, 0x0020}, Vr::LO, "P1")
        .text(Tag{0x0020, 0x000D}, Vr::UI, "1.2.3")
        .text(Tag{0x0020, 0x000E}, Vr::UI, "1.2.3.1")
        .us(Tag{0x0028, 0x0002}, 1)
        .text(Tag{0x0028, 0x0004}, Vr::CS, "MONOCHROME2")
        .us(Tag{0x0028, 0x0010}, 4)
        .us(Tag{0x0028, 0x0011}, 4)
        .us(Tag{0x0028, 0x0100}, 16)
        .us(Tag{0x0028, 0x0101}, 16)
        .us(Tag{0x0028, 0x0102}, 15)
        .us(Tag{0x0028, 0x0103}, 0)
        .bytes(Tag{0x7FE0, 0x0010}, Vr::OW, pixels);
    archive().put(instance_key("P1", "1.2.3", "1.2.3.1", "1.2.3.1.1"),
                  builder.part10(kCtImage, "1.2.3.1.1"));
  }
  sharing::Share with(const sharing::Permissions& permissions) {
    return share(unmasked(), sharing::StudyScope{{study_key("P1", "1.2.3")}}, permissions);
  }
  /// A path of the route to what the share shows, or beside it.
  static std::string path_of(const Route& route, std::string_view study = "1.2.3") {
    const std::pair<std::string_view, std::string_view> names[] = {
        {"{study}", study}, {"{series}", "1.2.3.1"},    {"{instance}", "1.2.3.1.1"},
        {"{frames}", "1"},  {"{value...}", "7FE00010"},
    };
    std::string path(route.pattern);
    for (const auto& [name, text] : names) {
      const std::size_t at = path.find(name);
      if (at != std::string::npos) path.replace(at, name.size(), text);
    }
    return path;
  }
  /// The best answer that any client gets, and everything that was in all of them.
  struct Asked {
    int best = 599;
    std::string all;
  };
  Asked ask(const sharing::Share& of, const std::string& path) {
    Asked asked;
    for (const char* accept : kAccepts) {
      for (const char* range : kRanges) {
        http::Request request;
        request.method = http::Method::get;
        request.fields.emplace_back("range", range);
        auto answer = http::in_range(get(of, path, accept).take_response(), request);
        asked.best = std::min(asked.best, answer.status);
        asked.all += text_of(answer);
      }
    }
    return asked;
  }
  static std::string text_of(http::Response& answer) {
    if (!answer.body) return answer.text;
    std::string text;
    Bytes buffer(4096);
    while (true) {
      const std::uint64_t left = answer.size_bytes.value_or(UINT64_MAX) - text.size();
      const std::size_t most = std::min<std::uint64_t>(left, buffer.size());
      const std::size_t count = most == 0 ? 0 : answer.body->read(std::span(buffer).first(most));
      if (count == 0) return text;
      text += core::as_text(core::ByteView(buffer).first(count));
    }
  }
  static bool has_cells(const std::string& text) {
    const std::string_view cells = kCells.substr(0, 32);
    return text.find(cells) != std::string::npos ||
           text.find(core::to_base64(core::as_bytes(cells)).substr(0, 40)) != std::string::npos;
  }
};

TEST_F(PermissionsOfRoutes, EachRouteNeedsItsOwnAndNativePixelsNeedDownload) {
  for (const Rights& rights : kRights) {
    const auto of = with(rights.permissions);
    bool any_cells = false;
    for (const Route& route : kRoutes) {
      if (route.verb != Verb::get) continue;
      SCOPED_TRACE(std::string(rights.name) + " " + std::string(route.pattern));
      const Asked asked = ask(of, path_of(route));
      const bool may = route.needed == Needed::to_look ? rights.may_look : rights.may_fetch;
      if (may) {
        EXPECT_EQ(asked.best, 200);
      } else {
        EXPECT_EQ(asked.best, 404);
      }
      any_cells |= has_cells(asked.all);
      if (!rights.may_fetch) {
        EXPECT_FALSE(has_cells(asked.all));
        EXPECT_EQ(asked.all.find("BulkDataURI"), std::string::npos);
      }
    }
    EXPECT_EQ(any_cells, rights.may_fetch) << rights.name;
  }
}

TEST_F(PermissionsOfRoutes, NothingOfAnotherScopeOrOfWhatHasEnded) {
  const sharing::Permissions all{.view = true, .download = true};
  put(instance_key("P2", "9.9.9", "1.2.3.1", "1.2.3.1.1"));
  const auto live = with(all);
  const auto revoked = with(all);
  shares().revoke(revoked.id, "shown to be over", now);
  for (const Route& route : kRoutes) {
    if (route.verb != Verb::get) continue;
    SCOPED_TRACE(route.pattern);
    const bool names_a_study = route.pattern.find("{study}") != std::string_view::npos;
    if (names_a_study) {
      EXPECT_EQ(ask(live, path_of(route, "9.9.9")).best, 404);
    }
    const auto ended = shares().find(revoked.id);
    EXPECT_EQ(ask(*ended, path_of(route)).best, 404);
  }
  now = live.expires_at;
  for (const Route& route : kRoutes) {
    if (route.verb != Verb::get) continue;
    EXPECT_EQ(ask(live, path_of(route)).best, 404) << route.pattern;
  }
}

}  // namespace
}  // namespace sekisho::dicomweb
