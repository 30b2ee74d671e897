// SPDX-License-Identifier: Apache-2.0
#include "job/change_record.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "job/change_tables.hpp"
#include "job/setup.hpp"

namespace sink {
namespace {

using Json = nlohmann::ordered_json;

/// Which classes an interval has at its start and at its end, among the pixels known at both dates.
struct ClassesSeen {
  std::set<std::size_t> from, to;
};

ClassesSeen classes_seen(const ChangeSetup& setup, const std::vector<std::uint8_t>& seen) {
  ClassesSeen found;
  for (std::size_t code = 1; code < seen.size(); ++code) {
    if (seen[code] == 0) continue;
    found.from.insert((code - 1) / setup.classes());
    found.to.insert((code - 1) % setup.classes());
  }
  return found;
}

bool share_a_class(const ClassesSeen& seen) {
  return std::any_of(seen.from.begin(), seen.from.end(), [&](std::size_t k) { return seen.to.contains(k); });
}

std::string codes_in_words(const ChangeSetup& setup, const std::set<std::size_t>& classes, std::size_t date) {
  constexpr std::size_t most_shown = 8;
  std::string text;
  std::size_t shown = 0;
  for (const std::size_t k : classes) {
    if (shown++ == most_shown) return text + ", …";
    text += (text.empty() ? "" : ", ") + label_of(setup, k, date).code;
  }
  return text;
}

}  // namespace

std::vector<CountClosure> change_closures(const ChangeSetup& setup, const ChangeSums& sums, bool intervals_meet) {
  std::vector<CountClosure> closures;
  for_each_zone(setup, sums, [&](const ZoneChanges& zone) {
    if (!zone.total) return;
    const std::string set = setup.zones[zone.set].source().set;
    for (std::size_t t = 0; t < zone.intervals.size(); ++t) {
      const TransitionMatrix& matrix = zone.intervals[t];
      closures.push_back({set + " " + setup.year(t) + "-" + setup.year(t + 1) + ": matrix against pixels in zones",
                          matrix.total().pixels, sums.inside[zone.set]});
      if (t == 0 || !intervals_meet) continue;
      // Every pixel was counted with two partners: what the date had as an end it must have as a start.
      for (std::size_t k = 0; k <= setup.classes(); ++k) {
        const PixelArea end = zone.intervals[t - 1].to_total(k), start = matrix.from_total(k);
        closures.push_back(
            {set + " " + setup.year(t) + ": class " + label_of(setup.maps.legend(), k).name + " as column against row",
             end.pixels, start.pixels});
        if (!(end.area_ha == start.area_ha)) closures.back().right = -1;
      }
    }
  });
  for (const auto& closure : closures) {
    if (closure.left == closure.right) continue;
    throw Error(Error::Kind::check, "closure failed: " + closure.name + ": " + std::to_string(closure.left) +
                                        " against " + std::to_string(closure.right) +
                                        " pixels: nothing was written; please report this");
  }
  return closures;
}

std::vector<std::string> change_warnings(const ChangeSetup& setup, const ChangeSums& sums) {
  std::vector<std::string> warnings;
  for (const auto& set : setup.zones) {
    if (!set.polygons()) continue;
    for (const auto& warning : set.polygons()->warnings()) warnings.push_back(set.source().set + ": " + warning);
  }
  for (std::size_t t = 0; t < setup.intervals(); ++t) {
    const ClassesSeen seen = classes_seen(setup, sums.seen[t]);
    const std::string years = setup.year(t) + "-" + setup.year(t + 1);
    const std::string& later = setup.maps.inputs().maps[t + 1];
    if (seen.from.empty()) {
      warnings.push_back(years + ": no pixel has a class at both dates: everything is unknown");
    } else if (!share_a_class(seen)) {
      const std::string what = "shares no class with the map before it (" + codes_in_words(setup, seen.from, t) +
                               " against " + codes_in_words(setup, seen.to, t + 1) + ")";
      if (!setup.maps.legend_given()) {
        throw input_error(later, what + ": bring both to one legend, or give --legend if they have one");
      }
      warnings.push_back(later + " " + what + ": every pixel changed");
    } else if (seen.from.size() == 1 && seen.to.size() == 1) {
      warnings.push_back(years + ": both maps hold one class only (" + codes_in_words(setup, seen.from, t) +
                         "): there is no change to see");
    }
  }
  for (const std::size_t set : sums.overlapping) {
    warnings.push_back(setup.zones[set].source().set + ": zones overlap: each has the pixel, the total has it once");
  }
  return warnings;
}

std::vector<std::string> files_read(const ChangeSetup& setup) {
  std::vector<std::string> files = setup.maps.files();
  for (const auto& set : setup.zones) {
    if (set.whole_grid()) continue;
    files.push_back(set.from_raster() ? parse_band_path(set.source().file).file
                                      : parse_layer_path(set.source().file).file);
  }
  for (const auto& file : setup.carbon.files()) files.push_back(file);
  std::sort(files.begin(), files.end());
  files.erase(std::unique(files.begin(), files.end()), files.end());
  return files;
}

std::string change_record(const ChangeSetup& setup, const ChangeRun& run, const std::vector<CountClosure>& closures,
                          const std::map<std::string, std::string>& hashes, const JobResult& result) {
  const Grid& grid = setup.maps.grid();
  Json record = {{"program", run.program}, {"version", program_version()}, {"libraries", library_versions()}};
  record["grid"] = {{"crs", grid.crs_name},
                    {"columns", grid.columns},
                    {"rows", grid.rows},
                    {"geotransform", grid.geotransform()},
                    {"pixel_areas", setup.areas.description()}};
  for (const auto& [path, hash] : hashes) record["inputs"].push_back({{"path", path}, {"sha256", hash}});
  for (std::size_t d = 0; d < setup.maps.bands().size(); ++d) {
    const BandInfo& band = setup.maps.bands()[d];
    record["dates"].push_back({{"year", setup.maps.years()[d]},
                               {"path", band.path},
                               {"type", band.type},
                               {"declared_nodata", band.nodata ? Json(*band.nodata) : Json(nullptr)}});
  }
  const auto& legends = setup.maps.inputs().legends;
  record["legend"] = legends.empty()                  ? Json(nullptr)
                     : setup.maps.legends().several() ? Json(legends)
                                                      : Json(legends[0]);
  record["unknown_codes"] = setup.maps.inputs().unknown_codes;
  for (std::size_t k = 0; k < setup.classes(); ++k) {
    const LegendRow& row = setup.maps.legend()[static_cast<ClassIndex>(k)];
    record["classes"].push_back({{"code", row.code}, {"name", class_name(row)}});
    if (setup.maps.legends().several()) record["classes"].back()["codes"] = codes_by_date(setup, k);
  }
  record["change_codes"] = {{"formula", "i K + j + 1, i and j the places from 0 in `classes`"},
                            {"classes", setup.classes()},
                            {"nodata", nodata_code(setup.code_pixels())}};
  for (const auto& set : setup.zones) record["zone_sets"].push_back(set.source().set);
  if (!run.carbon_json.empty()) record["carbon"] = Json::parse(run.carbon_json);
  for (const auto& closure : closures) {
    record["closures"].push_back({{"closure", closure.name}, {"pixels", closure.left}, {"holds", true}});
  }
  const std::string blocks = std::to_string(setup.plan.window.columns) + " x " + std::to_string(setup.plan.window.rows);
  return closed_record(std::move(record), result,
                       {setup.maps.inputs().run, run.output, run.command_line, setup.threads, blocks, run.started});
}

}  // namespace sink
