// SPDX-License-Identifier: Apache-2.0
#include "job/input_findings.hpp"

#include <algorithm>
#include <cmath>

#include "raster/raster_folder.hpp"
#include "table/csv.hpp"

namespace sink {
namespace {

std::string file_of(const InputLayer& input) {
  const std::string file = parse_band_path(input.band.path).file;
  return input.band.files > 0 ? path_in(file, "FILE.tif") : file;
}

Finding unknown_codes(const RunSetup& setup, const InputLayer& input, const Legend& legend,
                      const std::vector<std::pair<std::int64_t, std::int32_t>>& by_pixels) {
  std::string list;
  for (std::size_t i = 0; i < std::min<std::size_t>(by_pixels.size(), 8); ++i) {
    list += (i == 0 ? "" : ", ") + std::to_string(by_pixels[i].second) + " (" + with_commas(by_pixels[i].first) +
            (by_pixels[i].first == 1 ? " pixel)" : " pixels)");
  }
  if (by_pixels.size() > 8) list += ", and " + std::to_string(by_pixels.size() - 8) + " more";
  const std::string code = std::to_string(by_pixels.front().second);
  const bool from_pools = setup.pools && legend.file() == setup.pools->file;
  const std::string add =
      from_pools ? "add a row with lucode " + code : "add a row such as \"" + code + ",KEY,forest,,\" to the legend";
  return {Finding::Level::error, input.band.path,
          "codes that " + std::string(from_pools ? "" : "the legend ") + legend.file() + " does not have: " + list,
          add + "; if a code means nodata: gdal_edit.py -a_nodata " + code + " " + file_of(input)};
}

/// Land-cover classes that occur and have no row in the table of carbon pools: by lookup they would read as nodata.
void find_codes_without_pools(const RunSetup& setup, const InputLayer& input, const LayerCensus& census,
                              std::vector<Finding>& findings) {
  const Legend& legend = *setup.landcover;
  const auto& rows = setup.pools->rows;
  std::string list;
  for (const auto& [code, pixels] : census.codes) {
    const ClassIndex index = legend.index_of(code);
    const bool known =
        std::any_of(rows.begin(), rows.end(), [&](const auto& row) { return legend.index_of(row.code) == index; });
    if (index == no_class || known) continue;
    list += (list.empty() ? "" : ", ") + std::to_string(code) + " (" + with_commas(pixels) + " pixels)";
  }
  if (list.empty()) return;
  findings.push_back({Finding::Level::error, input.band.path,
                      "codes without a row in " + setup.pools->file + ": " + list,
                      "add rows with these lucodes, with 0 where nothing stands"});
}

Finding impossible(const InputLayer& input, const ImpossibleValues& values, const std::string& what,
                   const std::string& fix) {
  return {Finding::Level::error, input.band.path,
          with_commas(values.pixels) + (values.pixels == 1 ? " pixel holds " : " pixels hold ") + what + ", such as " +
              number_text(values.example) + " at column " + std::to_string(values.column) + ", row " +
              std::to_string(values.row),
          fix};
}

void find_in_layer(const RunSetup& setup, const InputLayer& input, const LayerCensus& census,
                   std::vector<Finding>& findings) {
  if (input.classes) {
    const bool is_type = input.layer.name == layer::forest_type.name;
    const Legend& legend = is_type ? *setup.forest_types : *setup.landcover;
    std::vector<std::pair<std::int64_t, std::int32_t>> unknown;
    for (const auto& [code, pixels] : census.codes) {
      if (legend.index_of(code) == no_class) unknown.emplace_back(pixels, code);
    }
    std::sort(unknown.rbegin(), unknown.rend());
    if (!unknown.empty()) findings.push_back(unknown_codes(setup, input, legend, unknown));
    if (setup.pools && !is_type) find_codes_without_pools(setup, input, census, findings);
  }
  if (census.negative.pixels > 0) {
    findings.push_back(impossible(
        input, census.negative, "a negative " + std::string(input.layer.meaning),
        "if it means nodata: gdal_edit.py -a_nodata " + number_text(census.negative.example) + " " + file_of(input)));
  }
  if (census.too_large.pixels > 0) {
    findings.push_back(impossible(
        input, census.too_large,
        std::string(input.layer.meaning) + " above " + number_text(input.layer.possible_max) + " " +
            std::string(input.layer.unit),
        "look for an undeclared nodata value or another unit (per parcel or per mu instead of per hectare)"));
  }
  if (census.valid == 0 && census.nodata > 0) {
    findings.push_back({Finding::Level::warning, input.band.path, "holds no valid pixel", "check its nodata value"});
  }
}

/// Forest classes that occur but for which a method has no parameters.
void find_unmodelled_classes(const RunSetup& setup, const Census& census, std::vector<Finding>& findings) {
  for (const auto& method : setup.methods) {
    for (std::size_t d = 0; d < setup.dates.size(); ++d) {
      const auto tally = census.steps.find({d, method.name, "unmodelled"});
      if (tally == census.steps.end()) continue;
      findings.push_back({Finding::Level::note, std::to_string(setup.dates[d].year),
                          with_commas(tally->second.area_ha.value(), 1) + " ha of forest (" +
                              with_commas(tally->second.pixels) + " pixels) have no stock by method " + method.name,
                          "give the missing layer values, or a parameter row for the class's key"});
    }
  }
}

/// Forest types and land cover that do not agree what is forest.
void find_disagreement(const RunSetup& setup, std::size_t date, const Census& census, std::vector<Finding>& findings) {
  Tally all, largest;
  std::string classes;
  for (const auto& [key, tally] : census.disagreements) {
    if (key.first != date) continue;
    all += tally;
    if (tally.pixels <= largest.pixels) continue;
    largest = tally;
    classes = setup.classes->name(key.second.first) + " against " + setup.classes->name(key.second.second);
  }
  if (all.pixels == 0) return;
  findings.push_back({Finding::Level::note, std::to_string(setup.dates[date].year),
                      "forest types and land cover disagree about forest on " + with_commas(all.area_ha.value(), 1) +
                          " ha, most of it " + classes,
                      "land_use_from = \"" + setup.job.land_use_from + "\" decides; the other choice would be \"" +
                          (setup.job.land_use_from == "landcover" ? "forest_type" : "landcover") + "\""});
}

void find_in_events(const RunSetup& setup, const EventCensus& census, std::vector<Finding>& findings) {
  for (const auto& [key, pixels] : census.unnamed) {
    const std::string code = std::to_string(key.second);
    findings.push_back({Finding::Level::error, setup.job.disturbances[key.first].type,
                        "code " + code + " (" + with_commas(pixels) + " pixels) has no name in its [[disturbance]]",
                        "add it to codes, such as " + code + " = \"fire\""});
  }
  for (const auto& [source, pixels] : census.undated) {
    findings.push_back({Finding::Level::error, setup.job.disturbances[source].year,
                        with_commas(pixels) + " pixels have a disturbance and no year from 1000 to 2999",
                        "give each disturbed pixel its year"});
  }
}

}  // namespace

std::string with_commas(std::int64_t number) {
  return with_commas(static_cast<double>(number), 0);
}

std::string with_commas(double number, int digits) {
  if (!std::isfinite(number)) return "";
  char text[400];
  std::snprintf(text, sizeof text, "%.*f", digits, std::abs(number));
  std::string shown(text);
  const bool zero = shown.find_first_not_of("0.") == std::string::npos;
  const auto whole = static_cast<std::ptrdiff_t>(std::min(shown.find('.'), shown.size()));
  for (std::ptrdiff_t at = whole - 3; at > 0; at -= 3) shown.insert(static_cast<std::size_t>(at), ",");
  return (number < 0 && !zero ? "-" : "") + shown;
}

std::vector<Finding> input_findings(const RunSetup& setup, const Census& census) {
  std::vector<Finding> findings;
  for (std::size_t d = 0; d < setup.dates.size(); ++d) {
    for (const auto& input : setup.dates[d].layers) {
      if (input.band.holes > 0) {
        findings.push_back({Finding::Level::note, input.band.path,
                            with_commas(input.band.holes) + " blocks were never written and count as nodata", ""});
      }
      const auto counted = census.layers.find({d, std::string(input.layer.name)});
      if (counted != census.layers.end()) find_in_layer(setup, input, counted->second, findings);
    }
  }
  find_in_events(setup, census.events, findings);
  find_unmodelled_classes(setup, census, findings);
  for (std::size_t d = 0; d < setup.dates.size(); ++d) find_disagreement(setup, d, census, findings);
  return findings;
}

void demand_usable(const RunSetup& setup, const Census& census) {
  const auto findings = input_findings(setup, census);
  const auto is_error = [](const Finding& f) { return f.level == Finding::Level::error; };
  const auto first = std::find_if(findings.begin(), findings.end(), is_error);
  if (first == findings.end()) return;
  const auto errors = std::count_if(findings.begin(), findings.end(), is_error);
  const std::string more = errors > 1 ? " (and " + std::to_string(errors - 1) + " more: see sinkcalc check)" : "";
  throw input_error(first->file, first->what + ": " + first->fix + more);
}

}  // namespace sink
