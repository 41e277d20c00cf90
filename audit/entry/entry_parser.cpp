// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>

#include "audit/entry/canonical_json.h"
#include "audit/entry/entry.h"
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

void read_version(CanonicalReader& in, Entry& /*entry*/) {
  if (in.number() != kEntryVersion) in.fail();
}

enum class Presence { optional, required };

struct Field {
  std::string_view name;  ///< with the comma that stands before all but the first
  Presence presence;
  void (*read)(CanonicalReader&, Entry&);
};
/// docs/formats/audit.md, "Entry", in the order of RFC 8785.
constexpr Field kFields[] = {
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
    {R"(,"version":)", Presence::required, read_version},
};

}  // namespace

std::optional<Entry> parse_entry(core::ByteView bytes) {
  if (bytes.size() > kMaxEntryBytes) return std::nullopt;
  CanonicalReader in(core::as_text(bytes));
  Entry entry;
  in.expect("{");
  bool first = true;
  for (const Field& field : kFields) {
    if (in.take(first ? field.name.substr(1) : field.name)) {
      field.read(in, entry);
      first = false;
    } else if (field.presence == Presence::required) {
      in.fail();
    }
  }
  in.expect("}");
  if (in.failed() || !in.at_end()) return std::nullopt;
  const bool whole = entry.part == 0 && entry.parts == 0;
  if (whole) entry.part = entry.parts = 1;
  const bool counted = entry.parts > 1 && entry.part >= 1 && entry.part <= entry.parts;
  if (!whole && !counted) return std::nullopt;
  return entry;
}

}  // namespace sekisho::audit
