// SPDX-License-Identifier: Apache-2.0
// The fields of each stand held against each other. Rules and limits are rows of the shipped table stand_checks.
#include <algorithm>
#include <cctype>
#include <charconv>

#include "core/error.hpp"
#include "job/input_findings.hpp"
#include "job/stand_data.hpp"
#include "table/csv.hpp"

namespace sink {
namespace {

/// Whether a text is the code of a group, "2" or "2.00", or its name, 中龄林 or 中龄.
bool is_called(const AgeGroup& group, std::string text) {
  int code = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, failure] = std::from_chars(text.data(), end, code);
  if (failure == std::errc())
    return code == group.code && std::all_of(rest, end, [](char c) { return c == '.' || c == '0'; });
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return c < 0x80 ? std::tolower(c) : c; });
  return text == group.name_zh || text + "林" == group.name_zh || text == group.name_en;
}

class FieldChecks {
 public:
  FieldChecks(const StandSet& set, const StandLegends& legends, const std::vector<StandCheck>& checks)
      : set_(set), legends_(legends), checks_(checks), groups_(age_groups()) {}

  std::vector<StandFinding> run() {
    for (at_ = 0; at_ < set_.stands.size(); ++at_) {
      const Stand& stand = set_.stands[at_];
      const std::size_t before = findings_.size();
      check_area(stand);
      check_total(stand);
      check_age(stand);
      check_canopy(stand);
      check_volume(stand);
      check_class(stand);
      std::stable_sort(findings_.begin() + static_cast<std::ptrdiff_t>(before), findings_.end(),
                       [](const StandFinding& a, const StandFinding& b) { return a.rule < b.rule; });
    }
    return std::move(findings_);
  }

 private:
  void find(const std::string& rule, const std::string& use, double value, double expected, std::string note = "") {
    const StandFile& file = set_.files[set_.stands[at_].file];
    findings_.push_back(
        {at_, rule_place(checks_, rule), file.has(use) ? file.names.at(use) : "", value, expected, std::move(note)});
  }
  [[nodiscard]] double limit(const std::string& rule) const { return checks_[rule_place(checks_, rule)].limit; }
  [[nodiscard]] bool has(const Stand& stand, const char* use) const { return set_.files[stand.file].has(use); }

  void check_area(const Stand& stand) {
    if (!stand.drawn) return find("no_geometry", "", no_number, no_number);
    if (!(stand.outline_ha > 0) || std::isnan(stand.area_ha)) return;
    const double ratio = stand.area_ha / stand.outline_ha;
    if (std::abs(ratio - 1) <= limit("area_outline")) return;
    find("area_outline", "area", stand.area_ha, stand.outline_ha,
         ratio > 12 && ratio < 18 ? "about 15 times the outline: mu?" : "");
  }

  void check_total(const Stand& stand) {
    const double product = stand.volume_m3_ha * stand.area_ha;
    if (std::isnan(product) || std::isnan(stand.volume_total_m3)) return;
    const double difference = std::abs(product - stand.volume_total_m3);
    if (difference <= limit("volume_total_least")) return;
    if (difference > limit("volume_total") * std::max(product, stand.volume_total_m3))
      find("volume_total", "volume_total", stand.volume_total_m3, product);
  }

  void check_age(const Stand& stand) {
    if (legends_.is_tree(stand) && has(stand, "age")) {
      const bool unfilled = stand.age_yr == 0 && stand.volume_m3_ha > 0;
      if (std::isnan(stand.age_yr) || unfilled) return find("age_missing", "age", stand.age_yr, no_number);
    }
    const std::string& text = stand.age_group;
    if (std::isnan(stand.age_yr) || stand.type == no_class || text.find_first_not_of("0.") == std::string::npos) return;
    bool asked = false, read = false;
    const std::string origin = has(stand, "origin") ? stand_origin(stand.origin) : "plantation";
    for (const AgeGroup& group : groups_) {
      if (group.key != legends_.types[stand.type].key) continue;
      asked = true;
      if (!is_called(group, text)) continue;
      read = true;
      if (group.origin != origin) continue;
      // Whole years: 10.5 is between two groups and in either.
      if (std::ceil(stand.age_yr) >= group.age_from && std::floor(stand.age_yr) <= group.age_to) continue;
      const bool below = stand.age_yr < group.age_from;
      find("age_group", "age", stand.age_yr, below ? group.age_from : group.age_to,
           group.name_zh + " " + number_text(group.age_from) +
               (std::isinf(group.age_to) ? "+" : "-" + number_text(group.age_to)));
    }
    if (asked && !read) find("age_group_unread", "age_group", no_number, no_number, "'" + text + "'");
  }

  void check_canopy(const Stand& stand) {
    if (stand.canopy > limit("canopy_range")) {
      find("canopy_range", "canopy", stand.canopy, limit("canopy_range"));
    } else if (legends_.is_tree(stand) && stand.canopy < limit("canopy_low")) {
      find("canopy_low", "canopy", stand.canopy, limit("canopy_low"));
    }
  }

  void check_volume(const Stand& stand) {
    if (stand.volume_m3_ha > limit("volume_high"))
      find("volume_high", "volume", stand.volume_m3_ha, limit("volume_high"));
    if (!legends_.is_tree(stand) || !has(stand, "volume")) return;
    if (std::isnan(stand.volume_m3_ha)) find("volume_missing", "volume", no_number, no_number);
    if (stand.volume_m3_ha == 0 && stand.age_yr > limit("volume_zero")) find("volume_zero", "volume", 0, no_number);
  }

  void check_class(const Stand& stand) {
    if (legends_.is_bamboo(stand) && has(stand, "stems") && !(stand.stems_ha > 0))
      find("culms_missing", "stems", stand.stems_ha, no_number);
    const bool forest = stand.cover != no_class && is_forest(legends_.covers[stand.cover].land_use);
    if (stand.type == no_class && forest && has(stand, "species"))
      find("species_missing", "species", no_number, no_number);
  }

  const StandSet& set_;
  const StandLegends& legends_;
  const std::vector<StandCheck>& checks_;
  std::vector<AgeGroup> groups_;
  std::vector<StandFinding> findings_;
  std::size_t at_ = 0;
};

}  // namespace

std::size_t rule_place(const std::vector<StandCheck>& checks, const std::string& rule) {
  for (std::size_t i = 0; i < checks.size(); ++i)
    if (checks[i].rule == rule) return i;
  throw Error(Error::Kind::internal, "no rule '" + rule + "' in stand_checks.csv");
}

void blank_wrong_values(const StandsJob& job, const std::vector<StandCheck>& checks,
                        const std::vector<StandFinding>& findings, StandSet& set, std::vector<std::string>& warnings) {
  const std::size_t area = rule_place(checks, "area_outline"), canopy = rule_place(checks, "canopy_range");
  std::int64_t volumes = 0, canopies = 0, in_mu = 0;
  for (const StandFinding& finding : findings) {
    Stand& stand = set.stands[finding.stand];
    if (finding.rule == area) in_mu += !finding.note.empty();
    if (finding.rule == area && job.volume_unit == "per_parcel" && !std::isnan(stand.volume_m3_ha)) {
      stand.volume_m3_ha = no_number;
      ++volumes;
    }
    if (finding.rule == canopy) {
      stand.canopy = no_number;
      ++canopies;
    }
  }
  const auto stands = [](std::int64_t count) { return with_commas(count) + (count == 1 ? " stand" : " stands"); };
  if (in_mu > 0)
    warnings.push_back(stands(in_mu) + " of " + with_commas(static_cast<std::int64_t>(set.stands.size())) +
                       ": the area is about 15 times the outline: in mu among others in another unit? Look at their "
                       "other fields too");
  if (volumes > 0)
    warnings.push_back("nodata in volume for " + stands(volumes) +
                       ": the volume of the whole stand cannot be divided by an area that is not that of the outline: "
                       "correct the area, or divide by the outline for all with --field area=");
  if (canopies > 0)
    warnings.push_back("nodata in canopy for " + stands(canopies) +
                       ": the canopy density is above 1: in another unit than the rest? Correct it");
}

std::vector<StandFinding> check_fields(const StandSet& set, const StandLegends& legends,
                                       const std::vector<StandCheck>& checks) {
  return FieldChecks(set, legends, checks).run();
}

}  // namespace sink
