// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/content_coding.h"

#include <gmock/gmock.h>
#include <zlib.h>

#include <algorithm>

#include "http/request.h"

namespace sekisho::http {
namespace {

using ::testing::Contains;
using ::testing::Not;
using ::testing::Pair;

Request a_request(std::string accept_encoding) {
  Request request;
  request.fields = {{"accept-encoding", std::move(accept_encoding)}};
  return request;
}

std::string inflated(std::string packed, std::size_t size) {
  std::string text(size + 1, '\0');
  z_stream stream{};
  EXPECT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(text.data());
  stream.avail_out = static_cast<uInt>(text.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  text.resize(text.size() - stream.avail_out);
  inflateEnd(&stream);
  return text;
}

std::string some_json(std::size_t size) {
  std::string text = "[";
  while (text.size() < size)
    text += R"({"00100020":{"vr":"LO","Value":[")" + std::to_string(text.size()) + "\"]}},";
  return text + "{}]";
}

/// Bytes of a text, a few at a time, that remembers how it ended.
class Pieces final : public Body {
 public:
  struct End {
    bool complete = false;
    std::uint64_t bytes = 0;
  };
  Pieces(std::string text, End& end) : text_(std::move(text)), end_(end) {}
  std::size_t read(std::span<core::Byte> out) override {
    const std::size_t count = std::min({out.size(), text_.size() - at_, std::size_t{777}});
    std::ranges::copy(core::as_bytes(text_).subspan(at_, count), out.begin());
    at_ += count;
    return count;
  }
  bool may_go_on() const override { return at_ < 5000; }
  void finished(bool complete, std::uint64_t bytes) noexcept override { end_ = {complete, bytes}; }

 private:
  std::string text_;
  std::size_t at_ = 0;
  End& end_;
};

TEST(ContentCoding, GzipIsGivenToWhoAcceptsIt) {  // RFC 9110 §12.5.3
  for (const char* field : {"gzip", "GZIP", "gzip, deflate, br", "deflate;q=0.5, gzip;q=0.1", "*",
                            "x-gzip", "br;q=1.0,*;q=0.5"}) {
    EXPECT_TRUE(accepts_gzip(field)) << field;
  }
  for (const char* field :
       {"", "identity", "br", "gzip;q=0", "*, gzip;q=0.0", "*;q=0", "gzip;q=lots", "not-gzip"}) {
    EXPECT_FALSE(accepts_gzip(field)) << field;
  }
}

TEST(ContentCoding, ATextComesOutAsItWas) {
  const std::string json = some_json(300'000);
  auto response = compressed(text_response(200, "application/dicom+json", json), a_request("gzip"));
  EXPECT_LT(response.text.size(), json.size() / 4);
  EXPECT_EQ(inflated(response.text, json.size()), json);
  EXPECT_THAT(response.headers, Contains(Pair("Content-Encoding", "gzip")));
  EXPECT_THAT(response.headers, Contains(Pair("Vary", "Accept-Encoding")));
}

TEST(ContentCoding, AStreamIsCompressedAsItIsReadAndCountsWhatItWas) {
  const std::string json = some_json(200'000);
  Pieces::End end;
  Response plain;
  plain.content_type = "application/dicom+json";
  plain.body = std::make_unique<Pieces>(json, end);
  plain.size_bytes = json.size();
  auto response = compressed(std::move(plain), a_request("gzip"));
  EXPECT_FALSE(response.size_bytes) << "nobody knows before";
  EXPECT_TRUE(response.body->may_go_on());
  std::string packed;
  core::Bytes buffer(1000);
  while (const std::size_t count = response.body->read(buffer)) {
    packed += core::as_text(core::ByteView(buffer).first(count));
  }
  EXPECT_EQ(response.body->read(buffer), 0U) << "its end stays its end";
  EXPECT_EQ(inflated(packed, json.size()), json);
  EXPECT_FALSE(response.body->may_go_on()) << "what is withdrawn is withdrawn";
  response.body->finished(true, packed.size());
  EXPECT_TRUE(end.complete);
  EXPECT_EQ(end.bytes, json.size());
}

// RFC 9110 §8.8.3.3: who has the one has not the bytes of the other.
TEST(ContentCoding, WhatIsCompressedBearsAWeakTag) {
  Response plain = text_response(200, "text/html", some_json(5000));
  plain.tag = EntityTag("v1");
  EXPECT_EQ(compressed(std::move(plain), a_request("gzip")).tag->text(), "W/\"v1\"");
  plain = text_response(200, "text/html", some_json(5000));
  plain.tag = EntityTag("v1");
  EXPECT_EQ(compressed(std::move(plain), a_request("identity")).tag->text(), "\"v1\"");
}

TEST(ContentCoding, WhatGainsNothingIsLeftAsItIs) {
  const std::string long_text = some_json(5000);
  const auto is_left = [](Response response) {
    const std::string before = response.text;
    const auto after = compressed(std::move(response), a_request("gzip"));
    EXPECT_THAT(after.headers, Not(Contains(Pair("Content-Encoding", "gzip"))));
    return after.text == before;
  };
  EXPECT_TRUE(is_left(text_response(200, "application/dicom", long_text)));
  EXPECT_TRUE(is_left(text_response(200, "image/png", long_text)));
  EXPECT_TRUE(is_left(text_response(200, "multipart/related; type=\"image/jpeg\"", long_text)));
  EXPECT_TRUE(is_left(text_response(200, "application/json", "[]")));
  EXPECT_TRUE(is_left(text_response(404, "application/json", long_text)));
  const auto plain = compressed(text_response(200, "application/json", long_text), a_request("br"));
  EXPECT_EQ(plain.text, long_text);
  EXPECT_THAT(plain.headers, Contains(Pair("Vary", "Accept-Encoding")));
}

TEST(ContentCoding, XmlInPartsIsText) {
  const auto response =
      compressed(text_response(200, "multipart/related; type=\"application/dicom+xml\"; boundary=b",
                               some_json(5000)),
                 a_request("gzip"));
  EXPECT_THAT(response.headers, Contains(Pair("Content-Encoding", "gzip")));
}

}  // namespace
}  // namespace sekisho::http
