// SPDX-License-Identifier: Apache-2.0
#include "job/zone_set.hpp"

#include <algorithm>
#include <filesystem>

#include "job/job.hpp"
#include "raster/raster_folder.hpp"

namespace sink {
namespace {

bool before(const Span& a, const Span& b) {
  return std::tie(a.row, a.begin, a.zone) < std::tie(b.row, b.begin, b.zone);
}

/// Order of ids: whole numbers by value, texts by their letters.
bool id_before(const std::string& a, const std::string& b) {
  const auto whole = [](const std::string& id) { return id.find_first_not_of("0123456789") == std::string::npos; };
  return whole(a) && whole(b) && a.size() != b.size() ? a.size() < b.size() : a < b;
}

/// By its name, or because it is a folder; a band may be given. `path` is where `file` is.
bool looks_like_raster(const std::string& file, const std::string& path) {
  if (is_folder(path) || is_folder(path.substr(0, path.rfind(':')))) return true;
  std::string extension = std::filesystem::path(file).extension().string();  // ".tif:2" where a band is given
  extension = extension.substr(0, extension.find(':'));
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  return extension == ".tif" || extension == ".tiff";
}

}  // namespace

ZoneSet::ZoneSet(const ZoneSource& source, const std::string& directory, const Grid& grid, const RunOptions& options)
    : source_(source), directory_(directory), options_(options), grid_(grid) {
  if (whole_grid()) return;
  if (!looks_like_raster(source.file, path_below(directory, source.file))) {
    ZoneSource found = source;
    found.file = path_below(directory, source.file);
    polygons_.emplace(found, grid);
    return;
  }
  if (!source.where.empty()) throw input_error(source.file, "--where needs polygons: a class raster has no fields");
  const Reader opened = reader();
  const Grid& its_grid = opened.raster->info().grid;
  if (!options.align) {
    if (!same_crs(its_grid.crs_wkt, grid.crs_wkt)) {
      throw input_error(source.file, "zones are in another CRS (" + its_grid.crs_name + " against " + grid.crs_name +
                                         "): add --align");
    }
    const std::string difference = grid_difference(its_grid, grid);
    if (!difference.empty())
      throw input_error(source.file, "zones are on another grid: " + difference + ": add --align");
  }
}

ZoneSet::Reader ZoneSet::reader() const {
  Reader reader;
  if (from_raster()) {
    reader.raster.emplace(reader.files, directory_, source_.file, options_.access());
    if (options_.align) reader.raster->align_to(grid_);
  }
  return reader;
}

Zone ZoneSet::zone(std::int32_t zone) const {
  if (polygons_) return polygons_->zones().at(static_cast<std::size_t>(zone));
  return {std::to_string(zone), ""};
}

std::vector<std::int32_t> ZoneSet::known_zones() const {
  std::vector<std::int32_t> zones;
  if (polygons_) {
    const auto& all = polygons_->zones();
    for (std::size_t i = 0; i < all.size(); ++i) zones.push_back(static_cast<std::int32_t>(i));
    std::stable_sort(zones.begin(), zones.end(), [&](std::int32_t a, std::int32_t b) {
      return id_before(all[static_cast<std::size_t>(a)].id, all[static_cast<std::size_t>(b)].id);
    });
  }
  return zones;
}

void ZoneSet::spans(Reader& reader, const Window& window, std::vector<Span>& spans) const {
  spans.clear();
  if (whole_grid()) {
    for (std::int64_t row = window.row; row < window.row + window.rows; ++row) {
      spans.push_back({once, static_cast<std::int32_t>(row), static_cast<std::int32_t>(window.column),
                       static_cast<std::int32_t>(window.column + window.columns)});
    }
    return;
  }
  if (polygons_) {
    polygons_->spans(window, spans);
    std::sort(spans.begin(), spans.end(), before);
    return;
  }
  auto& codes = reader.codes;
  codes.resize(static_cast<std::size_t>(window.pixels()));
  reader.raster->read_codes(window, codes);
  for (std::int64_t row = 0; row < window.rows; ++row) {
    const auto* line = codes.data() + row * window.columns;
    for (std::int64_t begin = 0; begin < window.columns;) {
      std::int64_t end = begin + 1;
      while (end < window.columns && line[end] == line[begin]) ++end;
      if (line[begin] != RasterSource::no_code) {
        spans.push_back({line[begin], static_cast<std::int32_t>(window.row + row),
                         static_cast<std::int32_t>(window.column + begin),
                         static_cast<std::int32_t>(window.column + end)});
      }
      begin = end;
    }
  }
}

void demand_some_zone(const ZoneSet& set, bool found) {
  if (!found) throw input_error(set.source().file, "holds no zone: every pixel is nodata: check its nodata value");
}

bool cover(const Window& window, const std::vector<Span>& spans, std::vector<Span>& inside,
           std::vector<Span>& outside) {
  inside.clear();
  outside.clear();
  bool overlap = false;
  std::size_t next = 0;
  const auto first = static_cast<std::int32_t>(window.column),
             last = static_cast<std::int32_t>(window.column + window.columns);
  for (auto row = static_cast<std::int32_t>(window.row); row < window.row + window.rows; ++row) {
    std::int32_t covered_to = first;
    for (; next < spans.size() && spans[next].row == row; ++next) {
      const Span& span = spans[next];
      overlap = overlap || span.begin < covered_to;
      if (span.begin > covered_to) outside.push_back({ZoneSet::once, row, covered_to, span.begin});
      const std::int32_t begin = std::max(span.begin, covered_to);
      if (span.end > begin) inside.push_back({ZoneSet::once, row, begin, span.end});
      covered_to = std::max(covered_to, span.end);
    }
    if (covered_to < last) outside.push_back({ZoneSet::once, row, covered_to, last});
  }
  return overlap;
}

void intersect(const std::vector<Span>& a, const std::vector<Span>& b, std::vector<Span>& both) {
  both.clear();
  std::size_t row_of_a = 0;
  for (const Span& span : b) {
    while (row_of_a < a.size() && a[row_of_a].row < span.row) ++row_of_a;
    for (std::size_t i = row_of_a; i < a.size() && a[i].row == span.row && a[i].begin < span.end; ++i) {
      const std::int32_t begin = std::max(a[i].begin, span.begin), end = std::min(a[i].end, span.end);
      if (begin < end) both.push_back({span.zone, span.row, begin, end});
    }
  }
}

}  // namespace sink
