// SPDX-License-Identifier: Apache-2.0
#include "job/accuracy_sample.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <numeric>
#include <set>
#include <utility>

#include "core/nearest_name.hpp"
#include "raster/point_layer.hpp"
#include "raster/transform.hpp"
#include "table/csv.hpp"

namespace sink {
namespace {

/// A table of texts with or without points.
struct TextTable {
  CsvTable table;
  std::string crs_wkt;
  std::vector<std::optional<Point>> points;
};

bool is_vector(const std::string& path) {
  std::string extension = std::filesystem::path(path).extension().string();
  extension = extension.substr(0, extension.find(':'));
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return extension == ".gpkg" || extension == ".geojson" || extension == ".json" || extension == ".shp";
}

TextTable read_table(const std::string& path) {
  if (!is_vector(path)) {
    TextTable text{read_csv(path), "", {}};
    const int x = text.table.find("x"), y = text.table.find("y");
    if (x < 0 || y < 0) return text;
    for (std::size_t r = 0; r < text.table.rows.size(); ++r) {
      text.points.emplace_back(Point{text.table.number(r, x), text.table.number(r, y)});
    }
    return text;
  }
  const PointLayer layer = read_points(path);
  TextTable text{{layer.file, layer.fields, layer.rows, {}}, layer.crs_wkt, layer.points};
  for (const std::int64_t id : layer.ids) text.table.lines.push_back(static_cast<int>(id));
  return text;
}

/// Column of a field; -1 where it is blank or, unless `needed`, missing.
int field_of(const CsvTable& table, const std::string& name, bool needed) {
  if (name.empty()) return -1;
  return needed ? table.column(name) : table.find(name);
}

}  // namespace

std::string count_of_units(std::size_t count, const LabelledSample& sample, const std::string& what,
                           const std::string& first) {
  return std::to_string(count) + " of " + std::to_string(sample.rows.size()) + " units " + what + " (first: " + first +
         ")";
}

LabelledSample read_sample(const AccuracyJob& job) {
  const TextTable text = read_table(job.sample);
  const CsvTable& table = text.table;
  LabelledSample sample;
  sample.file = table.file;
  sample.crs_wkt = text.crs_wkt;
  sample.has_points = !text.points.empty();
  const bool look_up = !job.map.empty() && sample.has_points;
  const int reference = table.column(job.reference_field), map_class = field_of(table, job.map_field, !look_up);
  const std::string stratum_field = job.stratum_field.empty() && job.psu_field.empty() ? "stratum" : job.stratum_field;
  const int stratum = field_of(table, stratum_field, !job.stratum_field.empty());
  const int psu = field_of(table, job.psu_field, true), psus = field_of(table, job.psu_count_field, true),
            ssus = field_of(table, job.ssu_count_field, true);
  sample.has_stratum = stratum >= 0;
  sample.has_map_class = map_class >= 0;
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    const auto cell = [&](int column) {
      return column < 0 ? std::string() : plain_code(table.rows[r][static_cast<std::size_t>(column)]);
    };
    sample.rows.push_back({table.place(r), cell(stratum), cell(map_class), cell(reference), cell(psu), cell(psus),
                           cell(ssus), sample.has_points ? text.points[r] : std::nullopt});
  }
  if (sample.rows.empty()) throw input_error(sample.file, "holds no unit: give a labelled sample");
  return sample;
}

void take_map_classes(const StrataMap& map, LabelledSample& sample) {
  const Grid& grid = map.grid();
  std::vector<Point> places;
  for (const SampleRow& row : sample.rows) places.push_back(row.point.value_or(Point{NAN, NAN}));
  if (!sample.crs_wkt.empty() && !same_crs(sample.crs_wkt, grid.crs_wkt)) {
    CoordinateTransform(sample.crs_wkt, grid.crs_wkt, geographic_area_of(grid)).forward(places);
  }
  std::vector<std::size_t> order(places.size()), outside, empty, other;
  std::iota(order.begin(), order.end(), std::size_t{0});
  // By rows of the map, so that a tile is decoded once.
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return places[a].y > places[b].y; });
  OpenFiles files;
  RasterSource source(files, "", map.plan().map, map.plan().run.access());
  std::vector<std::int32_t> code(1);
  std::set<std::pair<std::int64_t, std::int64_t>> seen;
  for (const std::size_t i : order) {
    const Point pixel = grid.to_pixel(places[i].x, places[i].y);
    const bool inside = pixel.x >= 0 && pixel.y >= 0 && pixel.x < static_cast<double>(grid.columns) &&
                        pixel.y < static_cast<double>(grid.rows);
    if (!inside) {
      outside.push_back(i);
      continue;
    }
    const auto column = static_cast<std::int64_t>(pixel.x), line = static_cast<std::int64_t>(pixel.y);
    sample.repeated += seen.insert({column, line}).second ? 0 : 1;
    source.read_codes({column, line, 1, 1}, code);
    SampleRow& row = sample.rows[i];
    if (code[0] == RasterSource::no_code) {
      empty.push_back(i);
      continue;
    }
    const std::string found = std::to_string(code[0]);
    if (!row.map_class.empty() && row.map_class != found) other.push_back(i);
    row.map_class = found;
  }
  const auto refuse = [&](std::vector<std::size_t>& rows, const std::string& what, const std::string& way_out) {
    if (rows.empty()) return;
    const std::size_t first = *std::min_element(rows.begin(), rows.end());
    throw input_error(sample.file,
                      count_of_units(rows.size(), sample, what, sample.rows[first].place) + ": " + way_out);
  };
  refuse(outside, "lie outside the map", "remove them, or give the map that was sampled");
  refuse(empty, "lie where the map has no class", "remove them, or give the map that was sampled");
  refuse(other, "have another class on the map than in the sample",
         "give the map that was sampled, or leave the field out with --map-field ''");
}

void resolve_classes(const Legend& legend, LabelledSample& sample) {
  std::map<std::string, std::string> by_name;
  std::vector<std::string> known;
  for (const LegendRow& row : legend.rows()) {
    known.push_back(row.code);
    for (const std::string& name : {row.name_zh, row.name_en}) {
      if (name.empty()) continue;
      by_name.try_emplace(name, plain_code(row.code));
      known.push_back(name);
    }
  }
  const auto is_code = [&](const std::string& text) {
    const bool number = !text.empty() && text.size() < 10 && text.find_first_not_of("0123456789") == std::string::npos;
    return number && legend.index_of(std::stoll(text)) != no_class;
  };
  std::size_t strange = 0;
  std::string first, word;
  for (SampleRow& row : sample.rows) {
    for (std::string* text : {&row.map_class, &row.reference}) {
      if (text->empty() || is_code(*text)) continue;
      const auto at = by_name.find(*text);
      if (at != by_name.end()) {
        *text = at->second;
      } else if (strange++ == 0) {
        first = row.place;
        word = *text;
      }
    }
  }
  if (strange == 0) return;
  throw input_error(sample.file, std::to_string(strange) + " labels are no class of the legend (first: " + first +
                                     ": '" + word + "', the nearest is '" + nearest_name(word, known) +
                                     "'): correct them, or add rows to " + legend.file());
}

Unlabelled remove_unlabelled(const std::vector<std::string>& labels, bool zero_is_a_class, LabelledSample& sample) {
  Unlabelled removed;
  std::erase_if(sample.rows, [&](const SampleRow& row) {
    const bool none = row.reference.empty() || (row.reference == "0" && !zero_is_a_class) ||
                      std::any_of(labels.begin(), labels.end(),
                                  [&](const std::string& label) { return plain_code(label) == row.reference; });
    if (none && removed.rows++ == 0) removed.first = row.place;
    return none;
  });
  return removed;
}

}  // namespace sink
