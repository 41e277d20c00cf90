// SPDX-License-Identifier: GPL-3.0-or-later
#include <json/value.h>

#include <algorithm>
#include <array>
#include <set>

#include "anonymization/json_object.h"
#include "anonymization/pixels/pixel_policy.h"

namespace sekisho::anonymization {
namespace {

using Problems = std::vector<std::string>;

constexpr Json::ArrayIndex kMostRules = 1000;
constexpr Json::ArrayIndex kMostRectangles = 64;
constexpr std::uint32_t kLargestImage = 65535;  // Rows and Columns are US
constexpr std::size_t kLongestText = 64;        // of LO

/// One object of the policy, read key by key; what nobody asked for is a problem.
class ObjectReader {
 public:
  ObjectReader(const Json::Value& object, std::string place, Problems& problems)
      : object_(object), place_(std::move(place)), problems_(problems) {
    if (!object_.isObject()) complain("must be an object");
  }

  const std::string& place() const { return place_; }
  Problems& problems() const { return problems_; }

  /// Null where it is absent.
  const Json::Value& value(const char* key) {
    known_.insert(key);
    return object_.isObject() ? object_[key] : Json::Value::nullSingleton();
  }

  std::optional<std::string> text(const char* key) {
    const Json::Value& found = value(key);
    if (found.isNull()) return std::nullopt;
    if (!found.isString() || found.asString().empty() || found.asString().size() > kLongestText) {
      complain_of(key, "must be a text of 1 to 64 bytes");
      return std::nullopt;
    }
    return found.asString();
  }

  std::optional<std::uint32_t> number(const char* key, std::uint32_t least) {
    const Json::Value& found = value(key);
    if (found.isNull()) return std::nullopt;
    const bool whole = found.type() == Json::intValue || found.type() == Json::uintValue;
    if (!whole || !found.isUInt() || found.asUInt() < least || found.asUInt() > kLargestImage) {
      complain_of(key, "must be a whole number from " + std::to_string(least) + " to " +
                           std::to_string(kLargestImage));
      return std::nullopt;
    }
    return found.asUInt();
  }

  void complain(const std::string& what) { problems_.push_back(place_ + ' ' + what + '.'); }
  void complain_of(const char* key, const std::string& what) {
    problems_.push_back(place_ + '.' + key + ' ' + what + '.');
  }
  void refuse_the_rest() {
    if (!object_.isObject()) return;
    for (const std::string& key : object_.getMemberNames()) {
      if (!known_.contains(key)) complain_of(key.c_str(), "is not a known key");
    }
  }

 private:
  const Json::Value& object_;
  std::string place_;
  Problems& problems_;
  std::set<std::string> known_;
};

std::string numbered(const std::string& place, Json::ArrayIndex index) {
  return place + '[' + std::to_string(index) + ']';
}

Rectangle read_rectangle(const Json::Value& json, const std::string& place,
                         const ImageSignature& image, Problems& problems) {
  ObjectReader reader(json, place, problems);
  if (!json.isObject()) return {};
  const auto part = [&](const char* key, std::uint32_t least) {
    const std::size_t before = problems.size();
    const auto number = reader.number(key, least);
    if (!number && problems.size() == before) reader.complain_of(key, "is missing");
    return number.value_or(least);
  };
  const Rectangle rectangle{part("X", 0), part("Y", 0), part("Width", 1), part("Height", 1)};
  reader.refuse_the_rest();
  if ((image.columns && rectangle.x + rectangle.width > *image.columns) ||
      (image.rows && rectangle.y + rectangle.height > *image.rows)) {
    reader.complain("reaches beyond the image");
  }
  return rectangle;
}

BlackoutRectangles read_blackout(ObjectReader& rule, const ImageSignature& image) {
  BlackoutRectangles action;
  const Json::Value& list = rule.value("Rectangles");
  if (!list.isArray() || list.empty() || list.size() > kMostRectangles) {
    rule.complain_of("Rectangles", "must be a list of 1 to 64 rectangles");
    return action;
  }
  if (!image.rows || !image.columns) {
    rule.complain("must have \"Rows\" and \"Columns\": rectangles fit one size of image");
  }
  for (Json::ArrayIndex i = 0; i < list.size(); ++i) {
    action.rectangles.push_back(
        read_rectangle(list[i], numbered(rule.place() + ".Rectangles", i), image, rule.problems()));
  }
  return action;
}

PixelAction read_action(ObjectReader& rule, const ImageSignature& image) {
  const Json::Value& action = rule.value("Action");
  const std::string word = action.isString() ? action.asString() : std::string();
  if (word == "Blackout") return read_blackout(rule, image);
  if (word == "KeepUltrasoundRegions") return KeepUltrasoundRegions{};
  if (word == "Release") return ReleaseAsStored{};
  if (word != "Withhold") {
    rule.complain_of("Action",
                     "must be \"Blackout\", \"KeepUltrasoundRegions\", \"Release\" or "
                     "\"Withhold\"");
  }
  return WithholdAll{};
}

PixelRule read_rule(const Json::Value& json, const std::string& place, Problems& problems) {
  ObjectReader reader(json, place, problems);
  PixelRule rule;
  if (!json.isObject()) return rule;
  rule.name = reader.text("Name").value_or("");
  ImageSignature& image = rule.signature;
  const std::size_t before = problems.size();
  const auto modality = reader.text("Modality");
  if (!modality && problems.size() == before) reader.complain_of("Modality", "is missing");
  image.modality = modality.value_or("");
  image.manufacturer = reader.text("Manufacturer");
  image.model = reader.text("ManufacturerModelName");
  image.software = reader.text("SoftwareVersions");
  image.rows = reader.number("Rows", 1);
  image.columns = reader.number("Columns", 1);
  rule.action = read_action(reader, image);
  if (std::holds_alternative<ReleaseAsStored>(rule.action) && !image.manufacturer) {
    // A whole modality released by one line would be the end of the policy for it.
    reader.complain("must have \"Manufacturer\": what is released as stored must be known");
  }
  reader.refuse_the_rest();
  return rule;
}

}  // namespace

std::variant<PixelPolicy, std::vector<std::string>> parse_pixel_policy(std::string_view json) {
  const auto root = parse_object(json);
  if (!root) return Problems{"The pixel policy must be a JSON object."};
  Problems problems;
  PixelPolicy policy;
  ObjectReader reader(*root, "PixelPolicy", problems);
  const Json::Value& rules = reader.value("Rules");
  reader.refuse_the_rest();
  if (!rules.isNull() && (!rules.isArray() || rules.size() > kMostRules)) {
    reader.complain_of("Rules", "must be a list of at most 1000 rules");
  } else {
    for (Json::ArrayIndex i = 0; i < rules.size(); ++i) {
      policy.rules.push_back(read_rule(rules[i], numbered("PixelPolicy.Rules", i), problems));
    }
  }
  if (!problems.empty()) return problems;
  return policy;
}

}  // namespace sekisho::anonymization
