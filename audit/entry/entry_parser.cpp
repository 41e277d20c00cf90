// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "audit/entry/canonical_json.h"
#include "audit/entry/entry.h"
#include "core/digest.h"
#include "core/time.h"

namespace sekisho::audit {
namespace {

/// The value of a lower-case hexadecimal digit, -1 for anything else. Tables, here and below:
/// verify() reads gigabytes.
constexpr auto kHexValues = [] {
  std::array<std::int8_t, 256> values{};
  values.fill(-1);
  for (int digit = 0; digit < 16; ++digit) {
    values[static_cast<unsigned char>("0123456789abcdef"[digit])] = static_cast<std::int8_t>(digit);
  }
  return values;
}();
constexpr int hex_value(char c) { return kHexValues[static_cast<unsigned char>(c)]; }

constexpr auto kBase64Characters = [] {
  std::array<bool, 256> allowed{};
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (char c : kAlphabet) allowed[static_cast<unsigned char>(c)] = true;
  return allowed;
}();

Bits128 read_bits128(CanonicalReader& in) {
  const std::string_view text = in.text();
  Bits128 bits{};
  if (text.size() != 2 * bits.size()) {
    in.fail();
    return bits;
  }
  for (std::size_t i = 0; i < bits.size(); ++i) {
    const int high = hex_value(text[2 * i]);
    const int low = hex_value(text[2 * i + 1]);
    if ((high | low) < 0) in.fail();
    bits[i] = static_cast<core::Byte>(high * 16 + low);
  }
  return bits;
}

template <class Allowed>
bool consists_of(std::string_view text, Allowed allowed) {
  return !text.empty() && std::all_of(text.begin(), text.end(), allowed);
}

bool is_name_character(char c) { return (c >= 'a' && c <= 'z') || c == '_'; }

template <std::string Entry::* member>
void read_text(CanonicalReader& in, Entry& entry) {
  entry.*member = in.decoded_text();
  if ((entry.*member).empty()) in.fail();
}

template <std::optional<std::uint64_t> Entry::* member>
void read_number(CanonicalReader& in, Entry& entry) {
  entry.*member = in.number();
}

void read_uptime(CanonicalReader& in, Entry& entry) {
  entry.uptime = std::chrono::microseconds(in.number());
}

void read_boot(CanonicalReader& in, Entry& entry) {
  const std::string_view boot = in.text();
  entry.boot = boot;
  const auto allowed = [](char c) { return hex_value(c) >= 0 || c == '-'; };
  if (boot.size() != 36 || !consists_of(boot, allowed)) in.fail();
}

void read_clock(CanonicalReader& in, Entry& entry) {
  if (in.take(R"("synchronised")")) {
    entry.clock = ClockState::synchronised;
  } else {
    in.expect(R"("unsynchronised")");
  }
}

void read_event(CanonicalReader& in, Entry& entry) {
  entry.event = in.text();
  const auto allowed = [](char c) { return is_name_character(c) || c == '.'; };
  if (!consists_of(entry.event, allowed)) in.fail();
}

void read_facts(CanonicalReader& in, Entry& entry) {
  in.expect("{");
  std::string before;
  do {
    std::string name(in.text());
    in.expect(":");
    std::string value = in.decoded_text();
    if (name <= before || !consists_of(name, [](char c) { return is_name_character(c); }) ||
        value.empty())
      in.fail();
    before = name;
    entry.facts.emplace(std::move(name), std::move(value));
  } while (in.take(","));
  in.expect("}");
}

void read_hash_list(CanonicalReader& in, SubjectKind kind, Entry& entry) {
  in.expect("[");
  bool first = true;
  do {
    const Subject subject{kind, read_bits128(in)};
    if (!first && subject <= entry.subjects.back()) in.fail();
    first = false;
    entry.subjects.push_back(subject);
  } while (in.take(","));
  in.expect("]");
}

void read_hashes(CanonicalReader& in, Entry& entry) {
  struct Kind {
    std::string_view name;
    SubjectKind kind;
  };
  static constexpr Kind kKinds[] = {{R"("instance":)", SubjectKind::instance},
                                    {R"("patient":)", SubjectKind::patient},
                                    {R"("recipient":)", SubjectKind::recipient},
                                    {R"("series":)", SubjectKind::series},
                                    {R"("study":)", SubjectKind::study}};
  in.expect("{");
  bool more = true;
  for (const Kind& kind : kKinds) {
    if (!more || !in.take(kind.name)) continue;
    read_hash_list(in, kind.kind, entry);
    more = in.take(",");
  }
  if (more) in.fail();  // nothing at all, or a name that is not next in order
  in.expect("}");
}

void read_outcome(CanonicalReader& in, Entry& entry) {
  const std::uint64_t outcome = in.number();
  if (outcome > 12 || outcome % 4 != 0) return in.fail();
  entry.outcome = static_cast<Outcome>(outcome);
}

void read_part(CanonicalReader& in, Entry& entry) { entry.part = in.number(); }

void read_parts(CanonicalReader& in, Entry& entry) { entry.parts = in.number(); }

void read_salt(CanonicalReader& in, Entry& entry) { entry.salt = read_bits128(in); }

/// RFC 4648 §4; the last bits need not be looked at, core::from_base64 does when a box is opened.
bool is_base64(std::string_view text) {
  if (text.size() % 4 != 0) return false;
  for (int i = 0; i < 2 && text.ends_with('='); ++i) text.remove_suffix(1);
  return consists_of(text, [](char c) { return kBase64Characters[static_cast<unsigned char>(c)]; });
}

void read_sealed(CanonicalReader& in, Entry& entry) {
  in.expect("[");
  do {
    SealedText sealed;
    in.expect(R"({"box":)");
    sealed.box = in.text();
    in.expect(R"(,"key":)");
    sealed.key = read_bits128(in);
    in.expect("}");
    if (!is_base64(sealed.box)) in.fail();
    entry.sealed.push_back(std::move(sealed));
  } while (in.take(","));
  in.expect("]");
}

void read_seq(CanonicalReader& in, Entry& entry) { entry.seq = in.number(); }

/// Exactly what to_entry_time() writes.
void read_time(CanonicalReader& in, Entry& entry) {
  const std::string_view text = in.text();
  const auto time = core::parse_rfc3339(text);
  if (text.size() != 27 || text[10] != 'T' || text[19] != '.' || text[26] != 'Z' || !time) {
    return in.fail();
  }
  entry.time = *time;
}

template <std::uint64_t version>
void read_version(CanonicalReader& in, Entry& entry) {
  entry.version = in.number();
  if (entry.version != version) in.fail();
}

enum class Presence { optional, required };

struct Field {
  std::string_view name;  ///< with the comma that stands before all but the first
  Presence presence;
  void (*read)(CanonicalReader&, Entry&);
};

// docs/formats/audit.md, "Entry", in the order of RFC 8785.

/// What begins the leaf of version 2 and of no other.
constexpr std::string_view kCommitment = R"({"aside":")";

constexpr Field kLeafFields[] = {
    {R"(,"authentication":)", Presence::optional, read_text<&Entry::authentication>},
    {R"(,"boot":)", Presence::required, read_boot},
    {R"(,"clock":)", Presence::required, read_clock},
    {R"(,"detail":)", Presence::optional, read_text<&Entry::detail>},
    {R"(,"event":)", Presence::required, read_event},
    {R"(,"facts":)", Presence::optional, read_facts},
    {R"(,"intent":)", Presence::optional, read_number<&Entry::intent>},
    {R"(,"outcome":)", Presence::required, read_outcome},
    {R"(,"purpose":)", Presence::optional, read_text<&Entry::intended_use>},
    {R"(,"request":)", Presence::optional, read_text<&Entry::request>},
    {R"(,"seq":)", Presence::required, read_seq},
    {R"(,"share":)", Presence::optional, read_text<&Entry::share>},
    {R"(,"time":)", Presence::required, read_time},
    {R"(,"uptime":)", Presence::required, read_uptime},
    {R"(,"version":)", Presence::required, read_version<2>},
};
constexpr Field kAsideFields[] = {
    {R"(,"bytes":)", Presence::optional, read_number<&Entry::bytes>},
    {R"(,"detail":)", Presence::optional, read_text<&Entry::detail>},
    {R"(,"facts":)", Presence::optional, read_facts},
    {R"(,"hashes":)", Presence::optional, read_hashes},
    {R"(,"instances":)", Presence::optional, read_number<&Entry::instances>},
    {R"(,"part":)", Presence::optional, read_part},
    {R"(,"parts":)", Presence::optional, read_parts},
    {R"(,"purpose":)", Presence::optional, read_text<&Entry::intended_use>},
    {R"(,"salt":)", Presence::required, read_salt},
    {R"(,"sealed":)", Presence::optional, read_sealed},
    {R"(,"share":)", Presence::optional, read_text<&Entry::share>},
    {R"(,"source":)", Presence::optional, read_text<&Entry::source>},
};
constexpr Field kVersion1Fields[] = {
    {R"(,"authentication":)", Presence::optional, read_text<&Entry::authentication>},
    {R"(,"boot":)", Presence::required, read_boot},
    {R"(,"bytes":)", Presence::optional, read_number<&Entry::bytes>},
    {R"(,"clock":)", Presence::required, read_clock},
    {R"(,"detail":)", Presence::optional, read_text<&Entry::detail>},
    {R"(,"event":)", Presence::required, read_event},
    {R"(,"facts":)", Presence::optional, read_facts},
    {R"(,"hashes":)", Presence::optional, read_hashes},
    {R"(,"instances":)", Presence::optional, read_number<&Entry::instances>},
    {R"(,"intent":)", Presence::optional, read_number<&Entry::intent>},
    {R"(,"outcome":)", Presence::required, read_outcome},
    {R"(,"part":)", Presence::optional, read_part},
    {R"(,"parts":)", Presence::optional, read_parts},
    {R"(,"purpose":)", Presence::optional, read_text<&Entry::intended_use>},
    {R"(,"request":)", Presence::optional, read_text<&Entry::request>},
    {R"(,"salt":)", Presence::required, read_salt},
    {R"(,"sealed":)", Presence::optional, read_sealed},
    {R"(,"seq":)", Presence::required, read_seq},
    {R"(,"share":)", Presence::optional, read_text<&Entry::share>},
    {R"(,"source":)", Presence::optional, read_text<&Entry::source>},
    {R"(,"time":)", Presence::required, read_time},
    {R"(,"uptime":)", Presence::required, read_uptime},
    {R"(,"version":)", Presence::required, read_version<1>},
};

/// Both a leaf and its aside may have these, but never the same entry in both.
bool repeats(const Entry& leaf, const Entry& aside) {
  return (!leaf.detail.empty() && !aside.detail.empty()) ||
         (!leaf.facts.empty() && !aside.facts.empty()) ||
         (!leaf.intended_use.empty() && !aside.intended_use.empty()) ||
         (!leaf.share.empty() && !aside.share.empty());
}

enum class Next { first_field, later_field };

/// The rest of an object, to its very end.
bool read_fields(CanonicalReader& in, std::span<const Field> fields, Next next, Entry& entry) {
  bool first = next == Next::first_field;
  for (const Field& field : fields) {
    if (in.take(first ? field.name.substr(1) : field.name)) {
      field.read(in, entry);
      first = false;
    } else if (field.presence == Presence::required) {
      in.fail();
    }
  }
  in.expect("}");
  return !in.failed() && in.at_end();
}

/// An event that is not divided has one part, and says nothing of it.
bool settle_parts(Entry& entry) {
  const bool whole = entry.part == 0 && entry.parts == 0;
  if (whole) entry.part = entry.parts = 1;
  return whole || (entry.parts > 1 && entry.part >= 1 && entry.part <= entry.parts);
}

struct Leaf {
  Entry entry;
  std::string_view commitment;  ///< SHA-256 of the aside, in hexadecimal; empty in version 1
};

std::optional<Leaf> read_leaf(core::ByteView bytes) {
  if (bytes.size() > kMaxEntryBytes) return std::nullopt;
  CanonicalReader in(core::as_text(bytes));
  Leaf leaf;
  if (!in.take(kCommitment)) {
    in.expect("{");
    return read_fields(in, kVersion1Fields, Next::first_field, leaf.entry)
               ? std::optional(std::move(leaf))
               : std::nullopt;
  }
  leaf.commitment = core::as_text(bytes).substr(kCommitment.size(), 2 * sizeof(core::Sha256));
  const auto is_hex = [](char c) { return hex_value(c) >= 0; };
  if (leaf.commitment.size() != 2 * sizeof(core::Sha256) || !consists_of(leaf.commitment, is_hex)) {
    return std::nullopt;
  }
  in.expect(leaf.commitment);
  in.expect("\"");
  if (!read_fields(in, kLeafFields, Next::later_field, leaf.entry)) return std::nullopt;
  return leaf;
}

bool commits_to(std::string_view commitment, core::ByteView aside) {
  const core::Sha256 hash = core::sha256(aside);
  for (std::size_t i = 0; i < hash.size(); ++i) {
    if (hex_value(commitment[2 * i]) * 16 + hex_value(commitment[2 * i + 1]) != hash[i])
      return false;
  }
  return true;
}

/// What a leaf does not say itself.
void add_aside(Entry& entry, Entry&& aside) {
  entry.bytes = aside.bytes;
  entry.instances = aside.instances;
  entry.part = aside.part;
  entry.parts = aside.parts;
  entry.salt = aside.salt;
  entry.source = std::move(aside.source);
  entry.subjects = std::move(aside.subjects);
  entry.sealed = std::move(aside.sealed);
  if (!aside.detail.empty()) entry.detail = std::move(aside.detail);
  if (!aside.facts.empty()) entry.facts = std::move(aside.facts);
  if (!aside.intended_use.empty()) entry.intended_use = std::move(aside.intended_use);
  if (!aside.share.empty()) entry.share = std::move(aside.share);
}

}  // namespace

std::optional<Entry> parse_entry(const EntryBytes& bytes) {
  auto leaf = read_leaf(bytes.leaf);
  if (!leaf) return std::nullopt;
  Entry& entry = leaf->entry;
  if (leaf->commitment.empty()) {
    if (!bytes.aside.empty() || !settle_parts(entry)) return std::nullopt;
    return std::move(entry);
  }
  if (bytes.aside.size() > kMaxAsideBytes || !commits_to(leaf->commitment, bytes.aside)) {
    return std::nullopt;
  }
  CanonicalReader in(core::as_text(bytes.aside));
  Entry aside;
  in.expect("{");
  if (!read_fields(in, kAsideFields, Next::first_field, aside) || repeats(entry, aside) ||
      !settle_parts(aside)) {
    return std::nullopt;
  }
  add_aside(entry, std::move(aside));
  return std::move(entry);
}

std::optional<Entry> parse_leaf(core::ByteView leaf) {
  auto read = read_leaf(leaf);
  if (!read || !settle_parts(read->entry)) return std::nullopt;
  return std::move(read->entry);
}

}  // namespace sekisho::audit
