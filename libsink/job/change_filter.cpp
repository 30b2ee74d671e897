// SPDX-License-Identifier: Apache-2.0
#include "job/change_filter.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "job/change_record.hpp"
#include "job/change_tables.hpp"
#include "job/filter_pass.hpp"
#include "job/output_directory.hpp"
#include "job/row_builder.hpp"
#include "job/sha256.hpp"
#include "report/category_files.hpp"
#include "report/change_charts.hpp"
#include "report/table.hpp"

namespace sink {
namespace {

using Json = nlohmann::ordered_json;

/// The number that stands for a class in a raster: its code, or the first that its prefix row holds.
std::uint32_t number_of(const LegendRow& row) {
  std::uint32_t number = 0;
  for (const char c : row.code) number = number * 10 + static_cast<std::uint32_t>(c >= '0' && c <= '9' ? c - '0' : 0);
  return number;
}

std::string interval_name(const ChangeSetup& setup, std::size_t t) {
  return "change_" + setup.year(t) + "_" + setup.year(t + 1);
}

/// The rasters of a filter in the making.
class FilterRasters {
 public:
  FilterRasters(const ChangeFilterJob& job, const ChangeSetup& setup, const FilterPasses& passes, std::int64_t rows,
                const OutputDirectory& directory)
      : job_(job), setup_(setup), directory_(directory) {
    const auto open = [&](const std::string& name, const std::string& what, RasterPixels pixels) {
      return RasterWriter(directory.working(name + ".working"), setup.maps.grid(), setup.maps.grid().columns, rows,
                          what, "", setup.threads, pixels);
    };
    for (const auto& row : setup.maps.legend().rows()) numbers_.push_back(number_of(row));
    const bool small = *std::max_element(numbers_.begin(), numbers_.end()) < nodata_code(RasterPixels::uint16);
    class_pixels_ = small ? RasterPixels::uint16 : RasterPixels::uint32;
    for (std::size_t t = 0; t < setup.intervals(); ++t) {
      changes_.push_back(open(interval_name(setup, t) + ".tif", change_meaning(t), setup.code_pixels()));
    }
    for (std::size_t date = 0; date <= setup.intervals() && passes.changes_maps(); ++date) {
      maps_.push_back(open("class_" + setup.year(date) + ".tif", "Class, filtered", class_pixels_));
      if (!passes.with_model()) continue;
      confidences_.push_back(
          open("confidence_" + setup.year(date) + ".tif", confidence_meaning, RasterPixels::float32));
    }
    statistics_.resize(confidences_.size());
    seen_.assign(setup.intervals(), std::vector<bool>(setup.classes() * setup.classes() + 1));
  }

  void write(const Window& window, const ChangeStrip& strip, const std::vector<std::vector<std::uint32_t>>& codes) {
    for (std::size_t t = 0; t < changes_.size(); ++t) {
      for (const std::uint32_t code : codes[t]) {
        if (code < seen_[t].size()) seen_[t][code] = true;
      }
      changes_[t].write(window, std::span<const std::uint32_t>(codes[t]));
    }
    for (std::size_t date = 0; date < maps_.size(); ++date) {
      buffer_.resize(strip.classes[date].size());
      std::transform(strip.classes[date].begin(), strip.classes[date].end(), buffer_.begin(), [&](ClassIndex index) {
        return index == no_class ? nodata_code(class_pixels_) : numbers_[index];
      });
      maps_[date].write(window, std::span<const std::uint32_t>(buffer_));
      if (confidences_.empty()) continue;
      confidences_[date].write(window, std::span<const float>(strip.confidence[date]));
      statistics_[date].add(strip.confidence[date]);
    }
  }

  void finish(const ProgressCallback& progress, std::vector<ResultFile>& files) {
    for (std::size_t t = 0; t < changes_.size(); ++t) {
      const std::string name = interval_name(setup_, t);
      const auto categories = change_categories(t);
      finish_one(changes_[t], name + ".tif", change_meaning(t), {}, progress, files);
      add_text(name + ".tif.aux.xml", "names of its codes", category_aux_xml(categories), files);
      add_text(name + ".qml", "its style for QGIS", category_qml(categories), files);
    }
    for (std::size_t date = 0; date < maps_.size(); ++date) {
      const std::string name = "class_" + setup_.year(date);
      finish_one(maps_[date], name + ".tif", "classes of " + setup_.year(date) + ", filtered", {}, progress, files);
      add_text(name + ".qml", "its style for QGIS", category_qml(class_categories()), files);
      if (confidences_.empty()) continue;
      finish_one(confidences_[date], "confidence_" + setup_.year(date) + ".tif", confidence_meaning, statistics_[date],
                 progress, files);
    }
  }

 private:
  static constexpr const char* confidence_meaning = "Probability of the class given all years";
  [[nodiscard]] std::string change_meaning(std::size_t t) const {
    return "Class at " + setup_.year(t) + " and at " + setup_.year(t + 1) + ", from-to code, filtered";
  }
  void finish_one(RasterWriter& writer, const std::string& name, const std::string& meaning,
                  const StoredStatistics& statistics, const ProgressCallback& progress,
                  std::vector<ResultFile>& files) {
    const auto go_on = [&](double fraction) {
      const auto total = setup_.maps.grid().pixels();
      const auto done = static_cast<std::int64_t>(fraction * static_cast<double>(total));
      return !progress || progress({done, total, "writing " + name});
    };
    const RasterFormat format{job_.output.format == OutputFormat::cog, job_.output.creation_options, setup_.threads};
    writer.finish(directory_.working(name), statistics, format, go_on);
    files.push_back({name, meaning});
  }
  void add_text(const std::string& name, const std::string& meaning, const std::string& text,
                std::vector<ResultFile>& files) const {
    directory_.write_text(name, text);
    files.push_back({name, meaning});
  }
  [[nodiscard]] std::vector<ChangeCategory> change_categories(std::size_t t) const {
    std::vector<ChangeCategory> categories;
    for (std::size_t code = 1; code < seen_[t].size(); ++code) {
      if (!seen_[t][code]) continue;
      const std::size_t i = (code - 1) / setup_.classes(), j = (code - 1) % setup_.classes();
      const ClassLabel from = label_of(setup_.maps.legend(), i), to = label_of(setup_.maps.legend(), j);
      categories.push_back({static_cast<std::uint32_t>(code), from.name + " → " + to.name, from.code, to.code,
                            i == j ? "#e4e4e4" : class_colour(j)});
    }
    return categories;
  }
  [[nodiscard]] std::vector<ChangeCategory> class_categories() const {
    std::vector<ChangeCategory> categories;
    for (std::size_t k = 0; k < numbers_.size(); ++k) {
      const ClassLabel label = label_of(setup_.maps.legend(), k);
      categories.push_back({numbers_[k], label.name, label.code, label.code, class_colour(k)});
    }
    return categories;
  }

  const ChangeFilterJob& job_;
  const ChangeSetup& setup_;
  const OutputDirectory& directory_;
  RasterPixels class_pixels_ = RasterPixels::uint16;
  std::vector<std::uint32_t> numbers_, buffer_;
  std::vector<RasterWriter> changes_, maps_, confidences_;
  std::vector<StoredStatistics> statistics_;
  std::vector<std::vector<bool>> seen_;
};

Table filter_table(const ChangeFilterJob& job, const ChangeSetup& setup, const FilterPasses& passes) {
  using enum Column::Type;
  Table table;
  for (const char* name : {"year_from", "year_to"}) table.add_column(name, integer);
  for (const char* name : {"from_code", "from_name", "to_code", "to_name"}) table.add_column(name, text);
  for (const char* name : {"pixels_before", "pixels_after"}) table.add_column(name, integer);
  for (const char* name : {"area_before_ha", "area_after_ha"}) table.add_column(name);
  for (const char* name : {"patches", "patches_removed"}) table.add_column(name, integer);
  table.add_column("impossible", text);
  const Legend& legend = setup.maps.legend();
  for (std::size_t t = 0; t < setup.intervals(); ++t) {
    const int years = setup.maps.years()[t + 1] - setup.maps.years()[t];
    const auto reasons = impossible_transitions(legend, job.impossible, years);
    for (const auto& [pair, tally] : passes.tallies()[t]) {
      const auto [from, to] = pair;
      const ClassLabel start = label_of(legend, std::min<std::size_t>(from, legend.size())),
                       end = label_of(legend, std::min<std::size_t>(to, legend.size()));
      RowBuilder row(table);
      row.set("year_from", std::int64_t{setup.maps.years()[t]}).set("year_to", std::int64_t{setup.maps.years()[t + 1]});
      row.set("from_code", start.code).set("from_name", start.name).set("to_code", end.code).set("to_name", end.name);
      row.set("pixels_before", tally.pixels_before).set("pixels_after", tally.pixels_after);
      row.set("area_before_ha", tally.area_before_ha.value()).set("area_after_ha", tally.area_after_ha.value());
      if (from != no_class && to != no_class) {
        row.set("impossible", reasons[from * legend.size() + to]);
        if (from != to && !job.minimum_units.empty()) {
          row.set("patches", tally.patches).set("patches_removed", tally.patches_removed);
        }
      }
      table.rows.push_back(row.take());
    }
  }
  return table;
}

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

std::string with_filter(const std::string& record, const ChangeFilterJob& job, const FilterPasses& passes) {
  Json json = Json::parse(record), filter;
  if (!job.transitions.empty()) filter["hmm"] = {{"transitions", job.transitions}, {"emissions", job.emissions}};
  if (job.majority) filter["majority_years"] = 3;
  if (job.sieve_pixels > 1) filter["sieve_pixels"] = job.sieve_pixels;
  for (const SieveSummary& s : passes.sieve_summaries()) {
    filter["sieve"].push_back({{"patches", s.patches}, {"small", s.small}, {"merged", s.merged}});
  }
  if (!job.minimum_units.empty()) filter["minimum_mapping_units"] = job.minimum_units;
  if (!job.impossible.empty()) filter["impossible"] = job.impossible;
  if (job.connectivity) filter["connectivity"] = static_cast<int>(*job.connectivity);
  json["filter"] = filter;
  return json.dump(2) + "\n";
}

std::vector<std::string> result_names(const ChangeSetup& setup) {
  std::vector<std::string> names = {"filter.csv", "run.json"};
  for (std::size_t date = 0; date <= setup.intervals(); ++date) {
    for (const char* suffix : {".tif", ".qml"}) names.push_back("class_" + setup.year(date) + suffix);
    names.push_back("confidence_" + setup.year(date) + ".tif");
    if (date == setup.intervals()) break;
    for (const char* suffix : {".tif", ".tif.aux.xml", ".qml"}) names.push_back(interval_name(setup, date) + suffix);
  }
  return names;
}

void check(const ChangeFilterJob& job) {
  if (job.transitions.empty() != job.emissions.empty())
    throw usage_error("--hmm needs two tables: transitions, emissions");
  if (job.majority && !job.transitions.empty()) throw usage_error("--hmm and --majority: choose one of them");
  if (job.majority && job.maps.maps.size() < 3)
    throw usage_error("--majority needs three maps: one year has no neighbours");
  if (job.sieve_pixels < 0) throw usage_error("--sieve: give the smallest patch that may stay, in pixels");
  if (job.transitions.empty() && !job.majority && job.sieve_pixels < 2 && job.minimum_units.empty() &&
      job.impossible.empty()) {
    throw usage_error("nothing to filter by: give --mmu, --sieve, --hmm, --majority or --impossible");
  }
  check_creation_options({job.output.format == OutputFormat::cog, job.output.creation_options, 1});
}

}  // namespace

JobResult run_change_filter(const ChangeFilterJob& job, const ProgressCallback& progress) {
  const StartTime started = std::chrono::steady_clock::now();
  check(job);
  const ChangeSetup setup(job.maps, {}, false);
  FilterPasses passes(job, setup);
  impossible_transitions(setup.maps.legend(), job.impossible, 0);  // complains before anything is read
  std::vector<std::string> inputs = files_read(setup);
  for (const std::string& file : {job.transitions, job.emissions, job.impossible}) {
    if (!file.empty()) inputs.push_back(file);
  }
  OutputDirectory directory(job.output.directory, job.output.overwrite, result_names(setup), inputs);
  BackgroundHashes hashes(inputs);
  ChangeRows rows(setup);
  rows.make_preparation = passes.preparation();
  passes.look(rows, progress);
  FilterRasters rasters(job, setup, passes, rows.rows_at_once(), directory);
  std::vector<std::vector<std::uint32_t>> codes;
  rows.pass("filtering", progress, [&](const Window& window, ChangeStrip& strip) {
    passes.filter(window, strip, codes);
    rasters.write(window, strip, codes);
  });
  JobResult result;
  rasters.finish(progress, result.files);
  const Table table = filter_table(job, setup, passes);
  result.warnings = filter_warnings(table);
  directory.write_text("filter.csv", to_csv(table, job.output.csv_bom));
  result.files.push_back({"filter.csv", "transitions before and after, patches removed, what cannot be"});
  result.files.push_back({"run.json", "the run record"});
  result.summary_json = with_filter(
      change_record(setup, {"sinkchange filter", job.output, job.command_line, started}, {}, hashes.get(), result), job,
      passes);
  directory.write_text("run.json", result.summary_json);
  std::vector<std::string> names;
  for (const auto& file : result.files) names.push_back(file.name);
  directory.publish(names);
  return result;
}

}  // namespace sink
