// SPDX-License-Identifier: Apache-2.0
#include "job/class_maps.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "job/run_plan.hpp"
#include "pipeline/run_blocks.hpp"
#include "table/csv.hpp"
#include "table/shipped.hpp"

namespace sink {
namespace {

/// Codes compare as integers, so they are written as integers: 0202 is 202.
std::string without_leading_zeros(const std::string& code) {
  std::size_t from = 0;
  while (from + 1 < code.size() && code[from] == '0' && code[from + 1] >= '0' && code[from + 1] <= '9') ++from;
  return code.substr(from);
}

void check_years(const ClassMapInputs& inputs) {
  if (inputs.maps.empty()) throw usage_error("no map: give class maps, the oldest first");
  if (inputs.years.empty() && inputs.maps.size() == 1) return;
  if (inputs.years.size() != inputs.maps.size()) {
    throw usage_error("--years: " + std::to_string(inputs.years.size()) + " years for " +
                      std::to_string(inputs.maps.size()) + " maps: give one year for each map, in their order");
  }
  for (std::size_t i = 1; i < inputs.years.size(); ++i) {
    if (inputs.years[i] > inputs.years[i - 1]) continue;
    throw usage_error("--years: " + std::to_string(inputs.years[i - 1]) + " " + std::to_string(inputs.years[i]) +
                      " are not in ascending order: give maps and years with the oldest first");
  }
}

bool shipped(const std::string& legend) {
  const auto names = shipped_legends();
  return std::find(names.begin(), names.end(), legend) != names.end();
}

/// A stray code in one map.
struct Place {
  std::int64_t pixels = 0, column = 0, row = 0;
};

std::string in_words(const std::map<std::int32_t, Place>& places, const Grid& grid) {
  constexpr std::size_t most_shown = 8;
  std::string text;
  std::size_t shown = 0;
  for (const auto& [code, place] : places) {
    if (shown++ == most_shown) return text + " and " + std::to_string(places.size() - most_shown) + " more codes";
    const Point at = grid.to_crs(static_cast<double>(place.column) + 0.5, static_cast<double>(place.row) + 0.5);
    text += (text.empty() ? "code " : ", code ") + std::to_string(code) + " in " + std::to_string(place.pixels) +
            (place.pixels == 1 ? " pixel" : " pixels") + " (first at column " + std::to_string(place.column) +
            ", row " + std::to_string(place.row) + ", x " + number_text(at.x) + ", y " + number_text(at.y) + ")";
  }
  return text;
}

}  // namespace

ClassMaps::ClassMaps(const ClassMapInputs& inputs) : inputs_(inputs) {
  check_years(inputs_);
  open();
  load_classes();
}

void ClassMaps::open() {
  OpenFiles files;
  for (const auto& map : inputs_.maps) {
    const RasterSource source(files, "", map, inputs_.run.access());
    bands_.push_back(source.info());
    const Grid& own = bands_.back().grid;
    if (bands_.size() == 1) grid_ = own;
    if (inputs_.run.align) continue;
    if (!same_crs(own.crs_wkt, grid_.crs_wkt)) {
      throw input_error(
          map, "has another CRS than the first map (" + own.crs_name + " against " + grid_.crs_name + "): add --align");
    }
    const std::string difference = grid_difference(own, grid_);
    if (!difference.empty()) {
      throw input_error(map, "is on another grid than the first map: " + difference + ": add --align");
    }
  }
}

void ClassMaps::load_classes() {
  const auto& unknown = inputs_.unknown_codes;
  for (const std::int64_t code : unknown) {
    if (code >= 0 && code <= Legend::max_code) continue;
    throw usage_error("--unknown-code " + std::to_string(code) + ": codes are whole numbers from 0 to " +
                      std::to_string(Legend::max_code));
  }
  const std::vector<std::size_t> one_for_all(inputs_.maps.size());
  if (legend_given()) {
    load_legends();
  } else {
    legends_ = DateLegends({Legend()}, one_for_all);
    places_.resize(1);
    legends_ = DateLegends({found_classes()}, one_for_all);
  }
  constexpr std::int64_t dense_codes = 65536;
  places_.assign(legends_.legends(), {});
  for (std::size_t legend = 0; legend < places_.size(); ++legend) {
    for (std::int64_t code = 0; code < dense_codes; ++code) places_[legend].push_back(find_place(legend, code));
  }
}

void ClassMaps::load_legends() {
  const auto& given = inputs_.legends;
  if (given.size() != 1 && given.size() != inputs_.maps.size()) {
    throw usage_error("--legend: " + std::to_string(given.size()) + " legends for " +
                      std::to_string(inputs_.maps.size()) +
                      " maps: give one for all maps, or one for each map, in their order");
  }
  std::vector<std::string> distinct;
  std::vector<std::size_t> of_date;
  for (std::size_t date = 0; date < inputs_.maps.size(); ++date) {
    const std::string& name = given[given.size() == 1 ? 0 : date];
    const auto at = std::find(distinct.begin(), distinct.end(), name);
    of_date.push_back(static_cast<std::size_t>(at - distinct.begin()));
    if (at == distinct.end()) distinct.push_back(name);
  }
  std::vector<Legend> legends;
  for (const auto& name : distinct) legends.push_back(sorted_legend(name));
  legends_ = DateLegends(std::move(legends), std::move(of_date));
}

Legend ClassMaps::sorted_legend(const std::string& name_or_file) const {
  const auto& unknown = inputs_.unknown_codes;
  const Legend given = load_legend(name_or_file, load_parameters(inputs_.parameter_files));
  std::vector<LegendRow> rows = given.rows();
  std::erase_if(rows, [&](const LegendRow& row) {
    return row.code.find_first_of("xX") == std::string::npos &&
           std::find(unknown.begin(), unknown.end(), first_code(row)) != unknown.end();
  });
  std::stable_sort(rows.begin(), rows.end(),
                   [](const LegendRow& a, const LegendRow& b) { return first_code(a) < first_code(b); });
  for (auto& row : rows) row.code = without_leading_zeros(row.code);
  return {given.file(), std::move(rows)};
}

ClassIndex ClassMaps::find_place(std::size_t legend, std::int64_t code) const noexcept {
  const auto& unknown = inputs_.unknown_codes;
  if (std::find(unknown.begin(), unknown.end(), code) != unknown.end()) return no_class;
  const ClassIndex place = legends_.place_of(legend, code);
  return place == no_class ? stray_ : place;
}

std::string ClassMaps::colour(std::size_t place, std::size_t date) const {
  const LegendRow& row = legend()[static_cast<ClassIndex>(place)];
  const LegendRow* own = legends_.own_row(place, date);
  if (own != nullptr && !own->colour.empty()) return own->colour;
  if (!row.colour.empty() || own == nullptr) return row.colour;
  const auto& table = bands_.at(date).colours;
  const auto at = table.find(first_code(*own));
  return at == table.end() ? "" : at->second;
}

Legend ClassMaps::found_classes() const {
  const int threads = threads_of(inputs_.run.threads);
  using Codes = std::set<std::int32_t>;
  Codes all;
  run_blocks<Codes>(
      plan(24, threads).windows, {threads, static_cast<std::size_t>(2 * threads)}, [&] { return reader(); },
      [&](Reader& reader, const Window& window, Codes& codes) {
        codes.clear();
        reader.codes.resize(static_cast<std::size_t>(window.pixels()));
        for (auto& source : reader.sources) {
          source.read_codes(window, reader.codes);
          std::int32_t last = RasterSource::no_code;
          for (const std::int32_t code : reader.codes) {
            if (code == last) continue;
            last = code;
            if (place_of(0, code) == stray_) codes.insert(code);
          }
        }
      },
      [&](const Window&, Codes& codes) {
        all.insert(codes.begin(), codes.end());
        if (all.size() <= max_classes) return;
        throw input_error(inputs_.maps.front(), "the maps hold more than " + std::to_string(max_classes) +
                                                    " codes: are they class maps? A --legend can join codes by "
                                                    "prefix rows, such as 10xx");
      });
  if (all.empty()) {
    throw input_error(inputs_.maps.front(),
                      "no map holds a class: every pixel is unknown: check nodata values and "
                      "--unknown-code");
  }
  std::vector<LegendRow> rows;
  for (const std::int32_t code : all) {
    const std::string text = std::to_string(code);
    rows.push_back({text, "", LandUse::other, "class " + text, ""});
  }
  return {inputs_.maps.front(), std::move(rows)};
}

std::vector<std::string> ClassMaps::files() const {
  std::vector<std::string> files;
  for (const auto& map : inputs_.maps) files.push_back(parse_band_path(map).file);
  for (const auto& legend : inputs_.legends) {
    if (!shipped(legend)) files.push_back(legend);
  }
  files.insert(files.end(), inputs_.parameter_files.begin(), inputs_.parameter_files.end());
  std::sort(files.begin(), files.end());
  files.erase(std::unique(files.begin(), files.end()), files.end());
  return files;
}

BlockPlan ClassMaps::plan(std::int64_t bytes_per_pixel, int threads) const {
  // Inputs may differ: the first striped one decides against tiles.
  BlockShape shape{0, 0};
  for (const auto& band : bands_) {
    if (shape.rows == 0 || band.block_columns > shape.columns) shape = {band.block_columns, band.block_rows};
  }
  const std::int64_t fitting = inputs_.run.memory_bytes / 2 / (std::max(1, threads) * bytes_per_pixel);
  return plan_blocks(grid_, shape, std::clamp<std::int64_t>(fitting, 16 * 1024, 512 * 512), inputs_.run.block_rows);
}

ClassMaps::Reader ClassMaps::reader() const {
  Reader reader;
  for (const auto& map : inputs_.maps) {
    reader.sources.emplace_back(reader.files, "", map, inputs_.run.access());
    if (inputs_.run.align) reader.sources.back().align_to(grid_);
  }
  return reader;
}

void ClassMaps::read(Reader& reader, std::size_t date, const Window& window, std::vector<ClassIndex>& classes,
                     Stray& stray) const {
  const auto pixels = static_cast<std::size_t>(window.pixels());
  auto& codes = reader.codes;
  codes.resize(pixels);
  classes.resize(pixels);
  reader.sources.at(date).read_codes(window, codes);
  for (std::size_t begin = 0; begin < pixels;) {
    std::size_t end = begin + 1;
    while (end < pixels && codes[end] == codes[begin]) ++end;
    const ClassIndex place = place_of(date, codes[begin]);
    if (place == stray_) stray[codes[begin]] += static_cast<std::int64_t>(end - begin);
    std::fill(classes.begin() + static_cast<std::ptrdiff_t>(begin), classes.begin() + static_cast<std::ptrdiff_t>(end),
              place == stray_ ? no_class : place);
    begin = end;
  }
}

void ClassMaps::demand_known(const Stray& stray) const {
  if (stray.empty()) return;
  Reader again = reader();
  for (std::size_t date = 0; date < bands_.size(); ++date) {
    std::map<std::int32_t, Place> places;
    for (const Window& window : plan(24, 1).windows) {
      again.codes.resize(static_cast<std::size_t>(window.pixels()));
      again.sources[date].read_codes(window, again.codes);
      for (std::int64_t p = 0; p < window.pixels(); ++p) {
        const std::int32_t code = again.codes[static_cast<std::size_t>(p)];
        if (place_of(date, code) != stray_) continue;
        const std::int64_t column = window.column + p % window.columns, row = window.row + p / window.columns;
        Place& place = places[code];
        const bool earlier = std::pair(row, column) < std::pair(place.row, place.column);
        if (place.pixels++ == 0 || earlier) place = {place.pixels, column, row};
      }
    }
    if (places.empty()) continue;
    const auto& given = inputs_.legends;
    throw input_error(inputs_.maps[date], "holds what legend " + given[given.size() == 1 ? 0 : date] +
                                              " does not have: " + in_words(places, grid_) + ": add a row " +
                                              std::to_string(places.begin()->first) +
                                              ",,LAND_USE,NAME, or give --unknown-code for codes that mean cloud");
  }
  throw Error(Error::Kind::internal, "stray codes were counted and not found again");
}

}  // namespace sink
