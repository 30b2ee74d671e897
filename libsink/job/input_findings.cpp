// SPDX-License-Identifier: Apache-2.0
#include "job/input_findings.hpp"

#include <algorithm>
#include <cmath>

#include "table/csv.hpp"

namespace sink {
namespace {

std::string file_of(const InputLayer& input) {
  return parse_band_path(input.band.path).file;
}

Finding unknown_codes(const InputLayer& input, const Legend& legend,
                      const std::vector<std::pair<std::int64_t, std::int32_t>>& by_pixels) {
  std::string list;
  for (std::size_t i = 0; i < std::min<std::size_t>(by_pixels.size(), 8); ++i) {
    list += (i == 0 ? "" : ", ") + std::to_string(by_pixels[i].second) + " (" + with_commas(by_pixels[i].first) +
            (by_pixels[i].first == 1 ? " pixel)" : " pixels)");
  }
  if (by_pixels.size() > 8) list += ", and " + std::to_string(by_pixels.size() - 8) + " more";
  const std::string code = std::to_string(by_pixels.front().second);
  return {Finding::Level::error, input.band.path, "codes that the legend " + legend.file() + " does not have: " + list,
          "add a row such as \"" + code +
              ",KEY,forest,,\" to the legend; if a code means nodata: gdal_edit.py -a_nodata " + code + " " +
              file_of(input)};
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
    if (!unknown.empty()) findings.push_back(unknown_codes(input, legend, unknown));
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

}  // namespace

std::string with_commas(std::int64_t number) {
  std::string digits = std::to_string(std::abs(number));
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3)
    digits.insert(static_cast<std::size_t>(at), ",");
  return (number < 0 ? "-" : "") + digits;
}

std::string with_commas(double number, int digits) {
  if (std::isnan(number)) return "";
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", digits, std::abs(number));
  std::string whole(text);
  const auto dot = std::min(whole.find('.'), whole.size());
  const std::string rest = whole.substr(dot);
  const bool zero = whole.find_first_not_of("0.") == std::string::npos;
  return (number < 0 && !zero ? "-" : "") + with_commas(std::int64_t{std::stoll(whole.substr(0, dot))}) + rest;
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
  find_unmodelled_classes(setup, census, findings);
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
