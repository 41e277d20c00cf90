// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::dicomweb {

struct Request;

/// Whether an answer is one representation, or parts of a multipart/related one (RFC 2387).
enum class Packing { single, multipart };

/// One form that an answer can take.
struct Offer {
  std::string_view media_type;  ///< of the answer or of each part, lower case: "application/dicom"
  Packing packing = Packing::single;
  /// The transfer syntaxes that it can be given in, the stored one first. Empty: none is looked at
  /// yet, since it has none or since each instance has its own (SyntaxWishes::pick).
  std::vector<std::string> transfer_syntaxes{};
  /// What it is given in where no syntax is asked for (PS3.18 §8.7.3.7). Empty: the stored one.
  std::string default_syntax{};
  /// Nothing is coded anew for who would take anything.
  enum class Given : std::uint8_t { as_liked, by_name } given = Given::as_liked;
};

/// In which transfer syntaxes, and how gladly, the other side takes one form. A value.
class SyntaxWishes {
 public:
  /// One range of the list that the form belongs to.
  struct Wish {
    std::string transfer_syntax;  ///< "": the default one; "*": any; else a UID
    int specificity = 0;          ///< of the range's types
    double quality = 1.0;         ///< 0: none of these
    std::size_t position = 0;     ///< in the list
  };
  struct Pick {
    std::string transfer_syntax;
    double quality = 0;
    std::size_t position = 0;
  };

  SyntaxWishes() = default;  ///< nothing is wished: all is refused
  explicit SyntaxWishes(std::vector<Wish> wishes) : wishes_(std::move(wishes)) {}

  /// The best of `givable`, which has the stored one first; `default_syntax` is what an instance is
  /// given in where none is named. The most specific range decides on each, the highest quality
  /// wins, then the one that stands first in `givable`, where it is the first, then the range named
  /// first. `nullopt`: none is acceptable. Each part of an answer may have another one (PS3.18
  /// §8.7.8.2).
  std::optional<Pick> pick(std::span<const std::string> givable,
                           std::string_view default_syntax) const;
  /// How well the form is liked whatever it is encoded in.
  std::optional<Pick> whatever() const;
  /// Whether a transfer syntax is named at all; where not, what is stored or usual will do.
  bool name_syntaxes() const;
  /// Those alone that name one.
  SyntaxWishes by_name() const;

 private:
  std::vector<Wish> wishes_;
};

/// What the other side gets.
struct Choice {
  Offer offer;
  std::string transfer_syntax;  ///< one of the offer's; empty where that has none
  SyntaxWishes wishes;
};

/// Everything acceptable to a request: its `accept` query parameters where it has any (they are
/// for those who cannot set a header, PS3.18 §8.3.3.1), else its Accept header. Ranges of the query
/// that name no transfer syntax have those of its parameter `transfer-syntax`, which says nothing
/// of a header (PS3.18 §8.7.8.2). The standard names that parameter only as `transferSyntax`
/// (§9.4.2.4): both spellings are read.
std::string acceptable(const Request& request);

/// Chooses among `offers`, best first, as RFC 9110 §12.5.1 and PS3.18 §8.7.8 say: the most specific
/// range decides the quality of each form, the highest quality wins, then the range named first,
/// then the offer. Lists may stand in any spelling that clients send: quoted or not, doubled, with
/// `*/*` inside `type=`. Where the first offer is in parts, a single one must be asked for by
/// its type: `*/*` does not make one part of what is many. An empty list accepts all. `nullopt`:
/// 406.
std::optional<Choice> negotiate(std::string_view accept, std::span<const Offer> offers);

}  // namespace sekisho::dicomweb
