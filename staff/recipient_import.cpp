// SPDX-License-Identifier: GPL-3.0-or-later
#include "staff/recipient_import.h"

#include <algorithm>
#include <map>
#include <utility>

#include "core/digest.h"
#include "core/encoding.h"
#include "sharing/look_alike.h"
#include "staff/recipient_body.h"
#include "staff/recipient_csv.h"
#include "staff/residual_risks.h"

namespace sekisho::staff {
namespace {

using audit::EventCode;
using sharing::Recipient;
using sharing::RecipientId;

constexpr std::size_t kLongestAcknowledgement = 64;

struct ImportRequest {
  std::string csv;
  enum class Mode { real, dry_run } mode = Mode::real;
  std::optional<std::string> acknowledgement;
};

ImportRequest read_import(const Call& call, RequestProblems& problems) {
  BodyReader body(call.body, problems);
  ImportRequest request;
  request.csv = body.require("Csv").raw_text("Csv").value_or("");
  if (const Json::Value* dry_run = body.value("DryRun")) {
    if (!dry_run->isBool()) body.complain("DryRun", "must be true or false");
    if (*dry_run == true) request.mode = ImportRequest::Mode::dry_run;
  }
  request.acknowledgement = body.text("Acknowledgement", kLongestAcknowledgement);
  body.refuse_the_rest();
  return request;
}

/// What becomes of one line.
struct ImportLine {
  std::size_t number;
  std::optional<Recipient> before{};  ///< of a recipient that is there
  Recipient after{};
  std::vector<audit::Event> events{};  ///< none: nothing is changed
  RequestProblems problems{};
  bool is_named = false;  ///< anew, and may be taken for another one
  std::vector<RecipientId> look_alikes{};
  std::vector<std::size_t> look_alike_lines{};
};

std::string_view becomes(const ImportLine& line) {
  if (!line.problems.empty()) return "refused";
  if (line.events.empty()) return "unchanged";
  return line.before ? "changed" : "made";
}

/// As the body of a call has it that changes nothing.
Json::Value body_of(const Recipient& recipient) {
  Json::Value body;
  for (const RecipientText& text : kRecipientTexts) {
    if (!(recipient.*text.text).empty()) body[text.key] = recipient.*text.text;
  }
  for (const core::Network& network : recipient.networks) body["Networks"].append(network.text());
  return body;
}

/// Plans an import line by line. One thread.
class Plan {
 public:
  Plan(const Call& call, const ImportRequest& request)
      : call_(call),
        request_(request),
        file_(core::to_hex(core::sha256(core::as_bytes(request.csv)))) {}

  void add(const RecipientRow& row) {
    call_.demand.ask();
    ImportLine line{row.line};
    Json::Value body = Json::objectValue;
    read_id(row.cells["ID"], line);
    if (line.before) body = body_of(*line.before);
    for (const std::string& column : row.cells.getMemberNames()) {
      if (column == "ID" || column == "Status") continue;
      body.removeMember(column);
      if (!row.cells[column].isNull()) body[column] = row.cells[column];
    }
    BodyReader reader(body, line.problems);
    read_recipient(reader, line.after);
    read_status(row.cells["Status"], line);
    if (line.problems.empty()) decide(line);
    lines_.push_back(std::move(line));
  }

  void find_look_alikes() {
    std::vector<std::pair<ImportLine*, sharing::Likeness>> named;
    for (ImportLine& line : lines_) {
      if (!line.is_named) continue;
      call_.demand.ask();
      for (const Recipient& alike : call_.ports.recipients.look_alikes(line.after)) {
        line.look_alikes.push_back(alike.id);
      }
      named.emplace_back(&line, likeness_of(line.after));
    }
    for (auto one = named.begin(); one != named.end(); ++one) {
      call_.demand.ask();
      for (auto other = named.begin(); other != named.end(); ++other) {
        if (one != other && are_alike(one->second, other->second)) {
          one->first->look_alike_lines.push_back(other->first->number);
        }
      }
    }
  }

  std::size_t count(std::string_view what) const {
    return static_cast<std::size_t>(std::ranges::count(lines_, what, becomes));
  }

  /// Of the file and of who looks alike; empty where nobody does.
  std::string acknowledgement() const {
    std::string alike;
    for (const ImportLine& line : lines_) {
      const std::string number = std::to_string(line.number) + ':';
      for (const RecipientId& id : line.look_alikes) alike += number + id.text() + '\n';
      for (const std::size_t other : line.look_alike_lines) {
        alike += number + std::to_string(other) + '\n';
      }
    }
    if (alike.empty()) return {};
    return core::to_base64url(core::hmac_sha256(call_.ports.preview_key.view(),
                                                {core::as_bytes(file_), core::as_bytes(alike)}));
  }

  Json::Value json() const {
    Json::Value json;
    json["DryRun"] = request_.mode == ImportRequest::Mode::dry_run;
    for (const auto& [key, what] : {std::pair{"Made", "made"},
                                    {"Changed", "changed"},
                                    {"Unchanged", "unchanged"},
                                    {"Refused", "refused"}}) {
      json[key] = Json::UInt64{count(what)};
    }
    json["Lines"] = Json::arrayValue;
    for (const ImportLine& line : lines_) json["Lines"].append(line_json(line));
    if (std::string needed = acknowledgement(); !needed.empty()) json["Acknowledgement"] = needed;
    return json;
  }

  /// Puts everything on record, and then does it. False if a recipient was not there any more.
  bool carry_out() const {
    std::vector<audit::Event> events;
    std::vector<Recipient> made;
    std::vector<Recipient> changed;
    for (const ImportLine& line : lines_) {
      if (line.events.empty()) continue;
      events.insert(events.end(), line.events.begin(), line.events.end());
      (line.before ? changed : made).push_back(line.after);
    }
    if (events.empty()) return true;
    call_.ports.log.append(events);
    return call_.ports.recipients.write_all(made, changed);
  }

 private:
  void read_id(const Json::Value& cell, ImportLine& line) {
    if (cell.isNull()) return;
    const auto id = RecipientId::parse(cell.asString());
    if (id) line.before = call_.ports.recipients.find(*id);
    if (!line.before) {
      line.problems.emplace_back("There is no recipient with this \"ID\".");
      return;
    }
    const auto [known, is_new] = lines_by_id_.try_emplace(id->text(), line.number);
    if (!is_new) {
      line.problems.push_back("The recipient stands in line " + std::to_string(known->second) +
                              " already.");
    }
  }

  static void read_status(const Json::Value& cell, ImportLine& line) {
    if (cell.isNull()) return;
    const auto now = line.before ? status(*line.before) : sharing::RecipientStatus::active;
    if (cell.asString() == name(now)) return;
    line.problems.push_back("\"Status\" is \"" + std::string(name(now)) +
                            "\", and no file changes that.");
  }

  void decide(ImportLine& line) const {
    if (line.before) {
      line.after.id = line.before->id;
      line.after.created_at = line.before->created_at;
      line.after.disabled_at = line.before->disabled_at;
      line.events = change_events(call_, *line.before, line.after);
      line.is_named = is_renamed(*line.before, line.after);
    } else {
      line.after.id = RecipientId::random();
      line.after.created_at = call_.now;
      line.events = {staff_event(call_, EventCode::recipient_create, line.after)};
      line.is_named = true;
    }
    for (audit::Event& event : line.events) {
      event.facts["import"] = file_;
      event.facts["line"] = std::to_string(line.number);
    }
  }

  Json::Value line_json(const ImportLine& line) const {
    const bool is_there = line.before || request_.mode == ImportRequest::Mode::real;
    Json::Value json;
    json["Line"] = Json::UInt64{line.number};
    json["Becomes"] = std::string(becomes(line));
    json["Name"] = line.after.name;
    if (line.problems.empty() && is_there) json["ID"] = line.after.id.text();
    json["Problems"] = Json::arrayValue;
    for (const std::string& problem : line.problems) json["Problems"].append(problem);
    json["LookAlikes"] = Json::arrayValue;
    for (const RecipientId& id : line.look_alikes) json["LookAlikes"].append(id.text());
    json["LookAlikeLines"] = Json::arrayValue;
    for (const std::size_t other : line.look_alike_lines) {
      json["LookAlikeLines"].append(Json::UInt64{other});
    }
    return json;
  }

  const Call& call_;
  const ImportRequest& request_;
  const std::string file_;  ///< its SHA-256
  std::vector<ImportLine> lines_;
  std::map<std::string, std::size_t> lines_by_id_;
};

}  // namespace

Reply import_recipients(const Call& call) {
  RequestProblems problems;
  const ImportRequest request = read_import(call, problems);
  if (!problems.empty()) return invalid(problems);
  const auto rows = read_recipient_csv(request.csv);
  if (const auto* flaws = std::get_if<RequestProblems>(&rows)) return invalid(*flaws);
  Plan plan(call, request);
  for (const RecipientRow& row : std::get<std::vector<RecipientRow>>(rows)) plan.add(row);
  plan.find_look_alikes();
  if (request.mode == ImportRequest::Mode::dry_run) return answered(200, plan.json());

  if (plan.count("refused") > 0) {
    return refused(400, "Lines of the file cannot be taken, and none was.",
                   {"\"Lines\" has what is wrong with each that is \"refused\"."}, plan.json());
  }
  const std::string needed = plan.acknowledgement();
  if (!needed.empty() && !is_same(needed, request.acknowledgement)) {
    return refused(409, "The file has recipients that may be taken for others.",
                   {"Look at \"LookAlikes\" and \"LookAlikeLines\" of each of \"Lines\". If nobody "
                    "else is meant, add the \"Acknowledgement\" of this answer to the body."},
                   plan.json());
  }
  if (!plan.carry_out()) return refused(409, "A recipient of the file is not there any more.");
  return answered(200, plan.json());
}

}  // namespace sekisho::staff
