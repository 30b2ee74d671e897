// SPDX-License-Identifier: Apache-2.0
#include "job/accuracy_strata.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "table/csv.hpp"

namespace sink {
namespace {

std::size_t place_in(const std::vector<std::string>& names, const std::string& name) {
  return static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
}

void add_classes(const CsvTable& table, const std::vector<double>& area_ha, SampledStrata& result) {
  const int class_column = table.find("map_class"), name_column = table.find("class_name");
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    const std::string& stratum = result.strata[r].name;
    const std::string code =
        class_column < 0 ? stratum : plain_code(table.rows[r][static_cast<std::size_t>(class_column)]);
    if (code.empty()) continue;
    if (class_column >= 0) {
      if (!area_ha.empty()) result.mapped_area_ha[code] += area_ha[r];
      result.map_classes.push_back(code);
    }
    if (name_column >= 0) result.class_names[code] = table.rows[r][static_cast<std::size_t>(name_column)];
  }
}

/// One number per cluster or stratum, and it must be the same in all its rows.
class CountsBy {
 public:
  void add(std::size_t group, const std::string& text, const SampleRow& row, const std::string& field) {
    double value = 0;
    try {
      value = std::stod(text);
    } catch (const std::exception&) {
      throw input_error(row.place, "'" + text + "' in field " + field + " is no number of units");
    }
    if (group >= values_.size()) values_.resize(group + 1, 0);
    if (values_[group] != 0 && values_[group] != value)
      throw input_error(row.place, "field " + field + " has another number than before in the same group");
    if (!(value >= 1)) throw input_error(row.place, "'" + text + "' in field " + field + " is no number of units");
    values_[group] = value;
  }
  [[nodiscard]] double at(std::size_t group) const { return values_.at(group); }

 private:
  std::vector<double> values_;
};

/// Clusters numbered in the order in which they come; weights and sampled shares of a two-stage sample.
void add_clusters(const AccuracyJob& job, const LabelledSample& rows, AccuracySample& sample) {
  std::map<std::pair<std::size_t, std::string>, std::size_t> clusters;  // clusters of two strata may share a name
  std::vector<double> units;                                            // per cluster
  std::vector<std::size_t> stratum_of;
  CountsBy all_clusters, all_units;
  const bool two_stage = !job.psu_count_field.empty();
  for (std::size_t i = 0; i < rows.rows.size(); ++i) {
    const SampleRow& row = rows.rows[i];
    AccuracyUnit& unit = sample.units[i];
    if (row.psu.empty()) throw input_error(row.place, "no cluster in field " + job.psu_field + ": fill it");
    unit.psu = clusters.try_emplace({unit.stratum, row.psu}, clusters.size()).first->second;
    if (unit.psu == units.size()) {
      units.push_back(0);
      stratum_of.push_back(unit.stratum);
    }
    units[unit.psu] += 1;
    if (!two_stage) continue;
    all_clusters.add(unit.stratum, row.psu_count, row, job.psu_count_field);
    all_units.add(unit.psu, row.ssu_count, row, job.ssu_count_field);
  }
  if (!two_stage) return;
  std::vector<double> drawn(sample.strata.size(), 0.0);
  for (const std::size_t stratum : stratum_of) drawn[stratum] += 1;
  sample.own_weights = true;
  for (std::size_t h = 0; h < drawn.size(); ++h) {
    if (drawn[h] == 0)
      throw input_error(rows.file, "stratum '" + sample.strata[h].name + "' has no sampled cluster: sample some");
    if (drawn[h] > all_clusters.at(h))
      throw input_error(rows.file, "stratum '" + sample.strata[h].name + "' has more clusters than field " +
                                       job.psu_count_field + " says");
    sample.psu_fraction.push_back(drawn[h] / all_clusters.at(h));
  }
  for (std::size_t p = 0; p < units.size(); ++p) {
    if (units[p] > all_units.at(p))
      throw input_error(rows.file, "a cluster has more units than field " + job.ssu_count_field + " says");
    sample.unit_fraction.push_back(units[p] / all_units.at(p));
  }
  for (AccuracyUnit& unit : sample.units) {
    unit.weight = 1 / (sample.psu_fraction[unit.stratum] * sample.unit_fraction[unit.psu]);
  }
}

/// The stratum that a row names; blank where it names none.
std::string stratum_name(const AccuracyJob& job, const LabelledSample& rows, const SampledStrata& strata,
                         const SampleRow& row) {
  if (strata.strata.size() == 1 && job.design == SampleDesign::clusters && job.stratum_field.empty())
    return strata.strata.front().name;
  if (job.design == SampleDesign::poststratified && job.stratum_field.empty() && strata.are_map_classes)
    return row.map_class;
  if (!rows.has_stratum) return row.map_class;
  if (strata.are_map_classes && job.strata.empty() && row.stratum != row.map_class) {
    throw input_error(row.place, "the sample was drawn in stratum '" + row.stratum + "', not in map class '" +
                                     row.map_class + "': give the sizes of its strata with --strata strata.csv");
  }
  return row.stratum;
}

}  // namespace

SampledStrata strata_of_map(const StrataMap& map, const StrataPass& pass) {
  SampledStrata result;
  result.are_map_classes = true;
  for (const auto& [key, found] : pass.strata) {
    const std::string code = std::to_string(key.code);
    result.strata.push_back({code, found.area_ha.value(), static_cast<double>(found.pixels)});
    result.mapped_area_ha[code] = found.area_ha.value();
    result.area_ha += found.area_ha.value();
    result.class_names[code] = map.class_name(key.code);
    result.map_classes.push_back(code);
  }
  return result;
}

SampledStrata read_strata(const std::string& file) {
  const CsvTable table = read_csv(file);
  const int name = table.column("stratum"), pixels = table.find("pixels"), area = table.find("area_ha");
  const int size = area >= 0 ? area : pixels >= 0 ? pixels : table.find("weight");
  if (size < 0) throw input_error(file, "has no column area_ha, pixels or weight: add one, with the strata's sizes");
  SampledStrata result;
  std::vector<double> areas;
  double sum = 0;
  std::set<std::string> seen;
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    const std::string stratum = plain_code(table.rows[r][static_cast<std::size_t>(name)]);
    if (stratum.empty()) throw input_error(table.place(r), "the stratum has no name: give one, or delete the row");
    if (!seen.insert(stratum).second) throw input_error(table.place(r), "stratum '" + stratum + "' stands twice");
    result.strata.push_back({stratum, table.number(r, size), pixels < 0 ? 0 : table.number(r, pixels)});
    const AccuracyStratum& s = result.strata.back();
    if (s.size < 0 || s.pixels < 0) throw input_error(table.place(r), "a stratum cannot have a negative size");
    if (area >= 0) areas.push_back(s.size);
    sum += s.size;
  }
  if (!(sum > 0))
    throw input_error(file,
                      "its strata have no size: fill the column " + table.header.at(static_cast<std::size_t>(size)));
  result.area_ha = area >= 0 ? sum : std::numeric_limits<double>::quiet_NaN();
  add_classes(table, areas, result);
  const int class_column = table.find("map_class");
  result.are_map_classes = class_column >= 0;
  for (std::size_t r = 0; class_column >= 0 && r < table.rows.size(); ++r) {
    result.are_map_classes = result.are_map_classes &&
                             plain_code(table.rows[r][static_cast<std::size_t>(class_column)]) == result.strata[r].name;
  }
  return result;
}

void join_strata(SampledStrata& strata) {
  AccuracyStratum all{"all", 0, 0};
  for (const AccuracyStratum& stratum : strata.strata) {
    all.size += stratum.size;
    all.pixels += stratum.pixels;
  }
  strata.strata = {all};
  strata.are_map_classes = false;
}

AccuracySample accuracy_sample(const AccuracyJob& job, const LabelledSample& rows, const SampledStrata& strata) {
  AccuracySample sample;
  sample.design = job.design;
  sample.strata = strata.strata;
  sample.classes = strata.map_classes;
  std::vector<std::string> names;
  for (const AccuracyStratum& stratum : strata.strata) names.push_back(stratum.name);
  std::size_t empty = 0;
  std::string first;
  for (const SampleRow& row : rows.rows) {
    sample.classes.push_back(row.map_class);
    sample.classes.push_back(row.reference);
    if (row.map_class.empty() && empty++ == 0) first = row.place;
  }
  if (empty > 0) {
    throw input_error(rows.file, count_of_units(empty, rows, "have no class in field " + job.map_field, first) +
                                     ": fill it, or give --map and coordinates");
  }
  std::sort(sample.classes.begin(), sample.classes.end(), code_before);
  sample.classes.erase(std::unique(sample.classes.begin(), sample.classes.end()), sample.classes.end());
  bool strata_are_classes = true;
  for (const SampleRow& row : rows.rows) {
    const std::string name = stratum_name(job, rows, strata, row);
    const std::size_t stratum = place_in(names, name);
    if (stratum == names.size()) {
      throw input_error(row.place, (name.empty() ? "no stratum" : "stratum '" + name + "' has no size") +
                                       ": give it in --strata, or the map that was sampled with --map");
    }
    strata_are_classes = strata_are_classes && name == row.map_class;
    sample.units.push_back({stratum, place_in(sample.classes, row.map_class), place_in(sample.classes, row.reference)});
  }
  if (job.design == SampleDesign::clusters) add_clusters(job, rows, sample);
  sample.finite_population = job.finite_population == AccuracyJob::Finite::automatic
                                 ? job.design == SampleDesign::poststratified || !strata_are_classes
                                 : job.finite_population == AccuracyJob::Finite::yes;
  return sample;
}

}  // namespace sink
