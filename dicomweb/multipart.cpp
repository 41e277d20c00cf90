// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/multipart.h"

#include <algorithm>
#include <array>

#include "core/bytes.h"
#include "core/encoding.h"
#include "core/random.h"

namespace sekisho::dicomweb {
namespace {

using core::Bytes;
using core::StoredFile;

constexpr std::size_t kPieceBytes = 1 << 20;
constexpr std::size_t kMaxBoundary = 70;  // RFC 2046 §5.1.1
constexpr std::size_t kMaxPartHead = 16 * 1024;
constexpr std::string_view kEndOfLine = "\r\n";
constexpr std::string_view kEndOfHead = "\r\n\r\n";

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

std::string lower(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), [](char c) { return lower(c); });
  return result;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t";
  const auto begin = std::min(text.find_first_not_of(kBlank), text.size());
  text.remove_prefix(begin);
  return text.substr(0, text.find_last_not_of(kBlank) + 1);
}

/// RFC 9110 §5.6.2.
bool is_token(std::string_view text) {
  constexpr std::string_view kSeparators = "()<>@,;:\\\"/[]?={} \t";
  return !text.empty() && std::ranges::all_of(text, [&](char c) {
    return c > 0x20 && c < 0x7F && kSeparators.find(c) == std::string_view::npos;
  });
}

/// Takes a token or a quoted string off the front of `rest`.
std::optional<std::string> take_value(std::string_view& rest) {
  std::string value;
  if (!rest.starts_with('"')) {
    const auto end = std::min(rest.find_first_of("; \t"), rest.size());
    value = rest.substr(0, end);
    rest.remove_prefix(end);
    // Boundaries stand unquoted with characters that would need quotes.
    return value.empty() ? std::nullopt : std::optional(value);
  }
  for (std::size_t i = 1; i < rest.size(); ++i) {
    if (rest[i] == '"') {
      rest.remove_prefix(i + 1);
      return value;
    }
    if (rest[i] == '\\') ++i;
    if (i == rest.size()) break;
    value += rest[i];
  }
  return std::nullopt;
}

/// Reads a file in pieces and looks for texts in it. Throws core::DemandOver.
class Scanner {
 public:
  /// Both outlive this.
  Scanner(const StoredFile& file, const core::Demand& demand) : file_(file), demand_(demand) {}

  /// Where `text` stands at `from` or behind; the file's size where it does not.
  std::uint64_t find(std::string_view text, std::uint64_t from) {
    while (from + text.size() <= file_.size_bytes()) {
      demand_.ask();
      const std::string_view piece = view_on(from, text.size());
      const auto at = piece.find(text);
      if (at != std::string_view::npos) return from + at;
      from += piece.size() - text.size() + 1;
    }
    return file_.size_bytes();
  }

  /// What is held from `offset` on, or is read; at least `size` bytes, which the file has. Valid
  /// until the next call.
  std::string_view view_on(std::uint64_t offset, std::size_t size) {
    if (!file_.view().empty()) return core::as_text(file_.view().subspan(offset));
    if (!holds(offset, size)) read_from(offset, kPieceBytes);
    return core::as_text(core::ByteView(buffer_).subspan(offset - begin_));
  }

  /// Up to `size` bytes. Valid until the next call.
  std::string_view view(std::uint64_t offset, std::size_t size) {
    size = static_cast<std::size_t>(std::min<std::uint64_t>(size, file_.size_bytes() - offset));
    if (!file_.view().empty()) return core::as_text(file_.view().subspan(offset, size));
    if (!holds(offset, size)) read_from(offset, std::max(size, kPieceBytes));
    return core::as_text(core::ByteView(buffer_).subspan(offset - begin_, size));
  }

  bool stands_at(std::string_view text, std::uint64_t offset) {
    return view(offset, text.size()) == text;
  }

 private:
  bool holds(std::uint64_t offset, std::size_t size) const {
    return offset >= begin_ && offset + size <= begin_ + buffer_.size();
  }
  void read_from(std::uint64_t offset, std::size_t size) {
    buffer_.resize(std::min<std::uint64_t>(size, file_.size_bytes() - offset));
    file_.read(offset, buffer_);
    begin_ = offset;
  }

  const StoredFile& file_;
  const core::Demand& demand_;
  Bytes buffer_;
  std::uint64_t begin_ = 0;  ///< of what is in the buffer
};

/// False for a head that is malformed.
bool read_part_head(std::string_view head, Part& part) {
  while (!head.empty()) {
    const auto end = std::min(head.find(kEndOfLine), head.size());
    const std::string_view line = head.substr(0, end);
    head.remove_prefix(std::min(end + kEndOfLine.size(), head.size()));
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) return false;
    const std::string name = lower(line.substr(0, colon));
    const std::string_view value = trimmed(line.substr(colon + 1));
    if (name == "content-type") {
      if (!part.content_type.empty()) return false;
      part.content_type = value;
    }
    if (name == "content-encoding") part.is_encoded = true;
    if (name == "content-transfer-encoding" && lower(value) != "binary") part.is_encoded = true;
  }
  return true;
}

/// Behind a delimiter.
enum class Next { part, end, neither };
struct AfterDelimiter {
  Next next;
  std::uint64_t offset;  ///< of the part's head
};
AfterDelimiter look_behind_delimiter(Scanner& scanner, std::uint64_t at) {
  constexpr std::size_t kMaxPadding = 128;  // RFC 2046: linear white space may follow
  std::string_view rest = scanner.view(at, kMaxPadding + kEndOfLine.size());
  if (rest.starts_with("--")) return {Next::end, at};
  const auto padding = std::min(rest.find_first_not_of(" \t"), rest.size());
  if (!rest.substr(padding).starts_with(kEndOfLine)) return {Next::neither, at};
  return {Next::part, at + padding + kEndOfLine.size()};
}

/// A part whose head begins at `at`; its size is not known yet.
std::optional<Part> read_part(Scanner& scanner, std::uint64_t at) {
  Part part;
  if (scanner.stands_at(kEndOfLine, at)) {
    part.offset = at + kEndOfLine.size();
    return part;
  }
  const std::string_view near = scanner.view(at, kMaxPartHead);
  const auto end = near.find(kEndOfHead);
  if (end == std::string_view::npos || !read_part_head(near.substr(0, end), part)) {
    return std::nullopt;
  }
  part.offset = at + end + kEndOfHead.size();
  return part;
}

/// The line break before one belongs to it (RFC 2046 §5.1.1).
std::string delimiter(std::string_view boundary, Place place) {
  return std::string(place == Place::first ? "--" : "\r\n--").append(boundary);
}

}  // namespace

std::string_view MediaType::parameter(std::string_view wanted) const {
  const auto found =
      std::ranges::find(parameters, wanted, &std::pair<std::string, std::string>::first);
  return found == parameters.end() ? std::string_view{} : found->second;
}

std::optional<MediaType> parse_media_type(std::string_view text) {
  MediaType type;
  const auto end = std::min(text.find(';'), text.size());
  type.name = lower(trimmed(text.substr(0, end)));
  const auto slash = type.name.find('/');
  if (slash == std::string::npos || !is_token(std::string_view(type.name).substr(0, slash)) ||
      !is_token(std::string_view(type.name).substr(slash + 1))) {
    return std::nullopt;
  }
  std::string_view rest = trimmed(text.substr(end));
  while (!rest.empty()) {
    if (rest.front() != ';') return std::nullopt;
    rest = trimmed(rest.substr(1));
    if (rest.empty() || rest.front() == ';') continue;
    const auto equals = rest.find('=');
    if (equals == std::string_view::npos || !is_token(rest.substr(0, equals))) return std::nullopt;
    std::string name = lower(rest.substr(0, equals));
    rest.remove_prefix(equals + 1);
    auto value = take_value(rest);
    const bool is_there =
        std::ranges::any_of(type.parameters, [&](const auto& each) { return each.first == name; });
    if (!value || is_there) return std::nullopt;
    type.parameters.emplace_back(std::move(name), *std::move(value));
    rest = trimmed(rest);
  }
  return type;
}

std::variant<std::vector<Part>, MultipartProblem> read_multipart(const StoredFile& body,
                                                                 std::string_view boundary,
                                                                 std::size_t most,
                                                                 const core::Demand& demand) {
  constexpr auto kMalformed = MultipartProblem::malformed;
  if (boundary.empty() || boundary.size() > kMaxBoundary) return kMalformed;
  const std::string dashes = "--" + std::string(boundary);
  const std::string delimiter = std::string(kEndOfLine) + dashes;
  Scanner scanner(body, demand);
  // The first delimiter may stand at the very beginning, where no line ends before it.
  std::uint64_t at =
      scanner.stands_at(dashes, 0) ? dashes.size() : scanner.find(delimiter, 0) + delimiter.size();
  std::vector<Part> parts;
  while (at <= body.size_bytes()) {
    const AfterDelimiter behind = look_behind_delimiter(scanner, at);
    if (behind.next == Next::end && !parts.empty()) return parts;
    if (behind.next != Next::part) return kMalformed;
    if (parts.size() == most) return MultipartProblem::too_many_parts;
    auto part = read_part(scanner, behind.offset);
    if (!part) return kMalformed;
    // An empty part's delimiter may follow its head without a line between them.
    const std::uint64_t end = scanner.find(delimiter, part->offset - kEndOfLine.size());
    part->size = end < part->offset ? 0 : end - part->offset;
    at = end + delimiter.size();
    parts.push_back(*std::move(part));
  }
  return kMalformed;
}

std::string multipart_type(std::string_view type, std::string_view boundary) {
  std::string text = "multipart/related; type=\"";
  return text.append(type).append("\"; boundary=").append(boundary);
}

std::string part_head(std::string_view boundary, Place place, std::string_view type) {
  std::string text = delimiter(boundary, place);
  return text.append("\r\nContent-Type: ").append(type).append(kEndOfHead);
}

std::string last_delimiter(std::string_view boundary, Place place) {
  return delimiter(boundary, place) + "--\r\n";
}

std::string random_boundary() {
  std::array<core::Byte, 16> bytes{};
  core::fill_random(bytes);
  return core::to_hex(bytes);
}

}  // namespace sekisho::dicomweb
