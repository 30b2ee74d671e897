// SPDX-License-Identifier: Apache-2.0
#include "job/filter_run.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "job/class_labels.hpp"
#include "job/row_builder.hpp"
#include "report/table.hpp"

namespace sink {
namespace {

using Json = nlohmann::ordered_json;

std::vector<std::string> filter_warnings(const Table& table) {
  std::vector<std::string> warnings;
  for (const auto& row : table.rows) {
    const auto* reason = std::get_if<std::string>(&row.back());
    if (reason == nullptr) continue;
    warnings.push_back(text_of(row[0]) + "-" + text_of(row[1]) + ": " + text_of(row[3]) + " → " + text_of(row[5]) +
                       " in " + text_of(row[7]) + " pixels: " + *reason + " (flagged, not removed)");
  }
  return warnings;
}

}  // namespace

void check_filters(const FilterOptions& options, std::size_t maps) {
  if (options.transitions.empty() != options.emissions.empty())
    throw usage_error("--hmm needs two tables: transitions, emissions");
  if (options.majority && !options.transitions.empty()) throw usage_error("--hmm and --majority: choose one of them");
  if (options.majority && maps < 3) throw usage_error("--majority needs three maps: one year has no neighbours");
  if (options.sieve_pixels < 0) throw usage_error("--sieve: give the smallest patch that may stay, in pixels");
  if (options.connectivity && options.sieve_pixels < 2 && options.minimum_units.empty())
    throw usage_error("--connectivity says which pixels make a patch: give --sieve or --mmu with it");
}

FilterRun::FilterRun(const FilterOptions& options, const ChangeSetup& setup)
    : options_(options), setup_(setup), passes_(options, setup), rows_(setup) {
  impossible_transitions(setup.maps.legend(), options.impossible, 0);  // complains before anything is read
  rows_.make_preparation = passes_.preparation();
}

std::vector<std::string> FilterRun::files() const {
  std::vector<std::string> files;
  for (const std::string& file : {options_.transitions, options_.emissions, options_.impossible}) {
    if (!file.empty()) files.push_back(file);
  }
  return files;
}

std::vector<std::string> FilterRun::result_names() const {
  std::vector<std::string> names = FilteredMaps::names(setup_);
  names.emplace_back("filter.csv");
  return names;
}

void FilterRun::write_maps(const OutputOptions& output, const OutputDirectory& directory) {
  if (!passes_.changes_maps()) return;
  if (passes_.over_years()) setup_.maps.legends().demand_codes_apart();
  maps_.emplace(setup_, output, directory, rows_at_once(), passes_.with_model());
}

void FilterRun::count_strip(const Window& window, const ChangeStrip& strip, ChangeCounter& counter, ChangeSums& sums) {
  ChangeSums strip_sums;
  std::vector<ChangeColumns> intervals = interval_columns(setup_, strip.classes, strip.area_ha, strip.measures);
  if (filters_intervals()) {
    ends_.resize(codes_.size());
    for (std::size_t t = 0; t < codes_.size(); ++t) {
      // What was taken out stands in the codes alone; an unknown partner leaves the end as it is.
      ends_[t] = strip.classes[t + 1];
      for (std::size_t p = 0; p < codes_[t].size(); ++p) {
        if (codes_[t][p] == nodata_code(setup_.code_pixels())) continue;
        ends_[t][p] = static_cast<ClassIndex>((codes_[t][p] - 1) % setup_.classes());
      }
      intervals[t].to = ends_[t].data();
    }
  }
  counter.count(window, intervals, strip.classes, strip_sums);
  strip_sums.negative = negative_pixels(strip.measures);
  sums.merge(strip_sums);
  check_memory(setup_, sums);
}

ChangeSums FilterRun::run(bool count, const WriteCodes& write, const ProgressCallback& progress) {
  passes_.look(rows_, progress);
  ChangeSums sums;
  sums.seen.assign(setup_.intervals(), std::vector<std::uint8_t>(setup_.classes() * setup_.classes() + 1));
  ChangeCounter counter(setup_);
  TileScratch scratch;
  if (count) rows_.measures = setup_.carbon.inputs().stocks;  // not for the passes that only look
  rows_.pass("filtering", progress, [&](const Window& window, ChangeStrip& strip) {
    passes_.filter(window, strip, codes_);
    for (std::size_t t = 0; t < codes_.size(); ++t) {
      for (const std::uint32_t code : codes_[t]) {
        if (code < sums.seen[t].size()) sums.seen[t][code] = 1;
      }
    }
    if (count) count_strip(window, strip, counter, sums);
    if (write.write) write.write(scratch, window, codes_);
    if (maps_) maps_->write(window, strip);
  });
  if (count) check_sums(setup_, sums);
  return sums;
}

Table FilterRun::table() const {
  using enum Column::Type;
  Table table;
  for (const char* name : {"year_from", "year_to"}) table.add_column(name, integer);
  for (const char* name : {"from_code", "from_name", "to_code", "to_name"}) table.add_column(name, text);
  for (const char* name : {"pixels_before", "pixels_after"}) table.add_column(name, integer);
  for (const char* name : {"area_before_ha", "area_after_ha"}) table.add_column(name);
  for (const char* name : {"patches", "patches_removed"}) table.add_column(name, integer);
  table.add_column("impossible", text);
  const Legend& legend = setup_.maps.legend();
  for (std::size_t t = 0; t < setup_.intervals(); ++t) {
    const int years = setup_.maps.years()[t + 1] - setup_.maps.years()[t];
    const auto reasons = impossible_transitions(legend, options_.impossible, years);
    for (const auto& [pair, tally] : passes_.tallies()[t]) {
      const auto [from, to] = pair;
      const ClassLabel start = label_of(setup_, from, t), end = label_of(setup_, to, t + 1);
      RowBuilder row(table);
      row.set("year_from", std::int64_t{setup_.maps.years()[t]});
      row.set("year_to", std::int64_t{setup_.maps.years()[t + 1]});
      row.set("from_code", start.code).set("from_name", start.name).set("to_code", end.code).set("to_name", end.name);
      row.set("pixels_before", tally.pixels_before).set("pixels_after", tally.pixels_after);
      row.set("area_before_ha", tally.area_before_ha.value()).set("area_after_ha", tally.area_after_ha.value());
      if (from != no_class && to != no_class) {
        row.set("impossible", reasons[from * legend.size() + to]);
        if (from != to && filters_intervals()) {
          row.set("patches", tally.patches).set("patches_removed", tally.patches_removed);
        }
      }
      table.rows.push_back(row.take());
    }
  }
  return table;
}

void FilterRun::finish(const OutputOptions& output, const OutputDirectory& directory, const ProgressCallback& progress,
                       JobResult& result) {
  if (maps_) maps_->finish(progress, result.files);
  const Table filtered = table();
  for (auto& warning : filter_warnings(filtered)) result.warnings.push_back(std::move(warning));
  directory.write_text("filter.csv", to_csv(filtered, output.csv_bom));
  result.files.push_back({"filter.csv", "transitions before and after, patches removed, what cannot be"});
}

std::string FilterRun::with_filters(const std::string& record) const {
  Json json = Json::parse(record), filter;
  if (!options_.transitions.empty()) {
    filter["hmm"] = {{"transitions", options_.transitions}, {"emissions", options_.emissions}};
  }
  if (options_.majority) filter["majority_years"] = 3;
  if (options_.sieve_pixels > 1) filter["sieve_pixels"] = options_.sieve_pixels;
  for (const SieveSummary& s : passes_.sieve_summaries()) {
    filter["sieve"].push_back({{"patches", s.patches}, {"small", s.small}, {"merged", s.merged}});
  }
  if (!options_.minimum_units.empty()) filter["minimum_mapping_units"] = options_.minimum_units;
  if (!options_.impossible.empty()) filter["impossible"] = options_.impossible;
  if (options_.connectivity) filter["connectivity"] = static_cast<int>(*options_.connectivity);
  json["filter"] = filter;
  return json.dump(2) + "\n";
}

}  // namespace sink
