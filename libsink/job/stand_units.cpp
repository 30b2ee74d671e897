// SPDX-License-Identifier: Apache-2.0
// Units of the fields: what values show about them, and every number in one unit. A unit that values speak against is
// refused with the option that says how to read it; nothing is converted on a guess.
#include <algorithm>
#include <cstdio>
#include <optional>
#include <span>
#include <string_view>

#include "core/layer.hpp"
#include "job/input_findings.hpp"
#include "job/run_plan.hpp"
#include "job/stand_data.hpp"
#include "pipeline/run_tasks.hpp"
#include "raster/outline_area.hpp"
#include "table/csv.hpp"

namespace sink {
namespace {

struct Unit {
  const char* name;
  double factor;  ///< to the unit of `Stand`
};
constexpr double mu_per_ha = 15, m2_per_ha = 10000;
constexpr Unit areas[] = {{"ha", 1}, {"mu", 1 / mu_per_ha}, {"m2", 1 / m2_per_ha}};
constexpr Unit volumes[] = {{"per_ha", 1}, {"per_mu", mu_per_ha}, {"per_parcel", 0}};  // the last by each stand's area
constexpr Unit canopies[] = {{"fraction", 1}, {"tenths", 0.1}, {"percent", 0.01}};

template <std::size_t n>
std::vector<std::string> names_of(const Unit (&units)[n]) {
  std::vector<std::string> names;
  for (const Unit& unit : units) names.emplace_back(unit.name);
  return names;
}

template <std::size_t n>
const Unit& chosen(const Unit (&units)[n], const std::string& name) {
  const auto* at = std::find_if(std::begin(units), std::end(units), [&](const Unit& u) { return name == u.name; });
  return at == std::end(units) ? units[0] : *at;
}

/// The middle value, the lower of two; none of nothing.
std::optional<double> median(std::vector<double> values) {
  if (values.empty()) return std::nullopt;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>((values.size() - 1) / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

bool near_one(double ratio, double factor) {
  return ratio >= 1 / factor && ratio <= factor;
}

std::string times(double ratio) {
  char text[32];
  std::snprintf(text, sizeof text, ratio < 0.1 ? "%.3g" : "%.1f", ratio);
  return text;
}

std::string stands_counted(std::size_t count) {
  return with_commas(static_cast<std::int64_t>(count)) + (count == 1 ? " stand" : " stands");
}

void measure_outlines(const StandsJob& job, StandSet& set) {
  const auto tasks = static_cast<std::size_t>(threads_of(job.run.threads));
  for (std::size_t f = 0; f < set.files.size(); ++f) {
    const std::size_t count = set.layers[f].features.size();
    run_tasks(tasks, static_cast<int>(tasks), [&](std::size_t task) {
      const OutlineAreas outlines(set.layers[f]);
      for (std::size_t i = count * task / tasks; i < count * (task + 1) / tasks; ++i) {
        if (set.stands[set.first[f] + i].drawn) set.stands[set.first[f] + i].outline_ha = outlines.area_ha(i);
      }
    });
  }
}

/// The stands of a file.
std::span<Stand> of_file(StandSet& set, std::size_t file) {
  return std::span(set.stands).subspan(set.first[file], set.layers[file].features.size());
}

/// Holds areas against outlines. A wrong unit is off by a factor of 15 or more, so that half and double are near.
void convert_areas(const Unit& unit, const StandFile& file, std::span<Stand> stands,
                   std::vector<std::string>& warnings) {
  std::vector<double> ratios;
  for (Stand& stand : stands) {
    stand.area_ha *= unit.factor;
    if (stand.area_ha > 0 && stand.outline_ha > 0) ratios.push_back(stand.area_ha / stand.outline_ha);
  }
  const auto ratio = median(ratios);
  if (!ratio || near_one(*ratio, 2)) return;
  const std::string what = "field " + file.name("area") + ", read as " + unit.name + ", is " + times(*ratio) +
                           " times the area of the outlines (median of " + stands_counted(ratios.size()) + ")";
  for (const Unit& other : areas) {
    if (near_one(*ratio / unit.factor * other.factor, 2))
      throw input_error(file.path, what + ": add --area-unit " + other.name);
  }
  warnings.push_back(file.path + ": " + what +
                     ": no unit explains it: check the field and the CRS, or leave it out with "
                     "--field area=");
}

/// The volume per hectare that a field says in a unit, NaN where it takes an area that is not there.
double per_hectare(const Stand& stand, double value, const Unit& unit) {
  if (unit.factor > 0) return value * unit.factor;
  const double area_ha = stand.area_ha > 0 ? stand.area_ha : stand.outline_ha;
  return area_ha > 0 ? value / area_ha : no_number;
}

/// The total over volume x area in a unit, median of the stands that have all three.
std::optional<double> total_ratio(std::span<const Stand> stands, const Unit& unit) {
  std::vector<double> ratios;
  for (const Stand& stand : stands) {
    const double product = per_hectare(stand, stand.volume_m3_ha, unit) * stand.area_ha;
    if (product > 0 && stand.volume_total_m3 > 0) ratios.push_back(stand.volume_total_m3 / product);
  }
  return median(ratios);
}

double limit_of(const std::string& rule) {
  const auto checks = stand_checks();
  return checks[rule_place(checks, rule)].limit;
}

/// Totals show the unit wherever they are: in one unit, volume x area makes them. True where they bear the unit out.
bool totals_agree(const Unit& unit, const StandFile& file, std::span<const Stand> stands,
                  std::vector<std::string>& warnings) {
  constexpr double agreement = 1.1;
  const auto ratio = total_ratio(stands, unit);
  if (!ratio) return false;
  if (near_one(*ratio, agreement)) return true;
  const std::string volume = "field " + file.name("volume"), total = file.name("volume_total");
  for (const Unit& other : volumes) {
    const auto its_ratio = total_ratio(stands, other);
    if (!its_ratio || !near_one(*its_ratio, agreement)) continue;
    throw input_error(file.path, volume + ", read as " + unit.name + ", x area is not " + total + ", which is " +
                                     times(*ratio) + " times that (median): it is " + other.name +
                                     ": add --volume-unit " + other.name);
  }
  warnings.push_back(file.path + ": " + volume + " x area is not " + total + ", which is " + times(*ratio) +
                     " times that (median): no unit explains it: check both fields");
  return false;
}

void convert_volumes(const StandsJob& job, const StandFile& file, std::span<Stand> stands,
                     std::vector<std::string>& warnings) {
  const Unit& unit = chosen(volumes, job.volume_unit);
  const bool agree = totals_agree(unit, file, stands, warnings);
  const double most_m3_ha = limit_of("volume_high"), share = limit_of("volume_high_share");
  std::size_t with_volume = 0, high = 0;
  for (Stand& stand : stands) {
    stand.volume_m3_ha = per_hectare(stand, stand.volume_m3_ha, unit);
    if (stand.volume_m3_ha > 0) ++with_volume;
    if (stand.volume_m3_ha > most_m3_ha) ++high;
  }
  if (agree || !job.volume_unit.empty()) return;
  if (static_cast<double>(high) <= share * static_cast<double>(with_volume)) return;
  throw input_error(file.path, "field " + file.name("volume") + " is above " + number_text(most_m3_ha) + " m3/ha in " +
                                   with_commas(static_cast<std::int64_t>(high)) + " of " + stands_counted(with_volume) +
                                   " with a volume: if it is the volume of each whole stand, add --volume-unit "
                                   "per_parcel; if it is right, --volume-unit per_ha");
}

/// The largest value tells percent from tenths: a median of 8 may be of either.
void convert_canopy(const Unit& unit, const StandFile& file, std::span<Stand> stands) {
  std::vector<double> known;
  for (Stand& stand : stands) {
    stand.canopy *= unit.factor;
    if (stand.canopy > 0) known.push_back(stand.canopy);
  }
  const auto middle = median(known);
  if (!middle) return;
  const double most = *std::max_element(known.begin(), known.end()) / unit.factor;
  const bool mixed_tenths = std::string_view(unit.name) == "tenths" && most > 10;
  if (*middle <= 1 && !mixed_tenths) return;
  throw input_error(file.path, "field " + file.name("canopy") + ", read as " + unit.name + ", has a median of " +
                                   number_text(*middle / unit.factor) + " and reaches " + number_text(most) +
                                   ": a canopy density is at most 1: add --canopy-unit " +
                                   (most <= 10 ? "tenths" : "percent"));
}

/// Numbers that no forest has, which a run would refuse.
void demand_possible(const StandSet& set) {
  struct Most {
    const char* use;
    double Stand::*value;
    double most;
  };
  const Most mosts[] = {{"volume", &Stand::volume_m3_ha, layer::volume.possible_max},
                        {"age", &Stand::age_yr, layer::age.possible_max},
                        {"stems", &Stand::stems_ha, layer::culms.possible_max}};
  for (const Most& m : mosts) {
    for (const Stand& stand : set.stands) {
      if (!(stand.*m.value > m.most)) continue;
      throw input_error(set.files[stand.file].fields.file,
                        "field " + set.files[stand.file].names.at(m.use) + " of stand '" + stand.id + "' gives " +
                            number_text(stand.*m.value) + ", and no forest has more than " + number_text(m.most) +
                            ": correct it, or leave the cell blank");
    }
  }
}

}  // namespace

std::vector<std::string> area_units() {
  return names_of(areas);
}
std::vector<std::string> volume_units() {
  return names_of(volumes);
}
std::vector<std::string> canopy_units() {
  return names_of(canopies);
}

void to_standard_units(const StandsJob& job, StandSet& set, std::vector<std::string>& warnings) {
  if (set.any_has("area") || job.volume_unit == "per_parcel") measure_outlines(job, set);
  for (std::size_t f = 0; f < set.files.size(); ++f) {
    const std::span<Stand> stands = of_file(set, f);
    convert_areas(chosen(areas, job.area_unit), set.files[f], stands, warnings);
    convert_volumes(job, set.files[f], stands, warnings);
    convert_canopy(chosen(canopies, job.canopy_unit), set.files[f], stands);
  }
  demand_possible(set);
}

}  // namespace sink
