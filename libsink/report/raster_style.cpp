// SPDX-License-Identifier: Apache-2.0
#include "report/raster_style.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <string_view>

#include "core/error.hpp"
#include "report/change_charts.hpp"
#include "table/csv.hpp"

namespace sink {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

enum class Ramp { density, rate_of_all, rate_of_part };

struct Row {
  std::string_view layer, name_zh, unit, unit_zh;
  Ramp ramp;
  std::array<double, 7> breaks = {};  ///< of densities
};

constexpr std::string_view biomass_zh = "吨干物质/公顷", carbon_zh = "吨碳/公顷", co2_zh = "吨CO2/公顷",
                           rate = "t CO2/ha/yr", rate_zh = "吨CO2/公顷/年";

// Round numbers for a legend, not factors: the first class is "practically nothing" (non-forest has a stock of 0), the
// last begins where a mature subtropical stand is dense.
constexpr Row rows[] = {
    {"agb", "地上生物量", "t d.m./ha", biomass_zh, Ramp::density, {2, 20, 40, 80, 120, 160, 240}},
    {"bgb", "地下生物量", "t d.m./ha", biomass_zh, Ramp::density, {0.5, 5, 10, 20, 30, 40, 60}},
    {"carbon", "碳密度", "t C/ha", carbon_zh, Ramp::density, {1, 10, 20, 40, 60, 80, 120}},
    {"carbon_above", "地上碳密度", "t C/ha", carbon_zh, Ramp::density, {1, 10, 20, 40, 60, 80, 120}},
    {"carbon_below", "地下碳密度", "t C/ha", carbon_zh, Ramp::density, {0.25, 2.5, 5, 10, 15, 20, 30}},
    {"co2", "CO2当量密度", "t CO2/ha", co2_zh, Ramp::density, {4, 40, 80, 150, 220, 300, 440}},
    {"dead", "死有机质碳密度", "t C/ha", carbon_zh, Ramp::density, {0.5, 1, 2, 4, 6, 8, 12}},
    {"soil", "土壤有机碳密度", "t C/ha", carbon_zh, Ramp::density, {20, 40, 60, 80, 100, 150, 200}},
    {"projected_carbon", "预测碳密度", "t C/ha", carbon_zh, Ramp::density, {1, 10, 20, 40, 60, 80, 120}},
    {"age", "林龄", "yr", "年", Ramp::density, {5, 10, 20, 30, 40, 60, 80}},
    {"volume", "每公顷蓄积", "m3/ha", "立方米/公顷", Ramp::density, {1, 25, 50, 75, 100, 150, 250}},
    {"culms", "每公顷株数", "culms/ha", "株/公顷", Ramp::density, {500, 1000, 1500, 2000, 2500, 3000, 4000}},
    {"canopy", "郁闭度", "canopy density", "郁闭度", Ramp::density, {0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.85}},
    {"diameter", "平均胸径", "cm", "厘米", Ramp::density, {5, 8, 12, 16, 20, 26, 34}},
    {"height", "平均树高", "m", "米", Ramp::density, {2, 4, 7, 10, 13, 16, 20}},
    {"sink", "碳汇", rate, rate_zh, Ramp::rate_of_all},
    {"sink_above", "地上碳汇", rate, rate_zh, Ramp::rate_of_part},
    {"sink_below", "地下碳汇", rate, rate_zh, Ramp::rate_of_part},
    {"confidence", "置信度", "probability", "概率", Ramp::density, {0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9}},
    {"increment", "年增量", rate, rate_zh, Ramp::rate_of_all},
};
/// Times the baseline: half of the classes lie below it, half above.
constexpr std::array<double, 7> of_baseline = {-1, 0, 0.5, 1, 1.5, 2, 3};
/// t CO2/ha/yr; no break at 0, as land without forest stands exactly there.
constexpr std::array<double, 8> around_zero = {-10, -5, -2, -0.1, 0.1, 2, 5, 10};
/// The same for means of whole zones, which spread less.
constexpr std::array<double, 8> zones_around_zero = {-4, -2, -1, -0.1, 0.1, 1, 2, 4};
constexpr std::array<double, 7> zone_gaps = {-2, -1, -0.5, 0, 0.5, 1, 2};

// Of ColorBrewer (Brewer, Harrower 2003): YlGnBu without its palest, and RdYlBu without its two palest, which vanish on
// a white canvas. Neighbours differ by 11 and more in CIELAB for any colour vision (tests/tools/test_styles.py).
constexpr std::array<std::string_view, 8> sequential = {"#edf8b1", "#c7e9b4", "#7fcdbb", "#41b6c4",
                                                        "#1d91c0", "#225ea8", "#253494", "#081d58"};
constexpr std::array<std::string_view, 8> diverging = {"#a50026", "#d73027", "#f46d43", "#fdae61",
                                                       "#abd9e9", "#74add1", "#4575b4", "#313695"};
constexpr std::string_view middle = "#ffffbf";

constexpr std::string_view loss = "net loss / 净排放", near_zero = "near zero / 接近零", uptake = "uptake / 净吸收",
                           below_it = "below baseline / 低于基准", above_it = "above baseline / 高于基准";

const Row& row_of(const std::string& layer) {
  for (const Row& row : rows) {
    if (row.layer == layer) return row;
  }
  throw Error(Error::Kind::internal, "output layer '" + layer + "' has no row in the table of styles");
}

/// Six digits are enough for a legend.
std::string short_number(double value) {
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, value, std::chars_format::general, 6).ptr;
  return {text, end};
}

/// "10 to <20 t C/ha · 吨碳/公顷"; of (low, high]: ">10 to 20 …".
std::string range_label(double low, double high, const Row& row, bool high_belongs = false) {
  const std::string more = high_belongs ? "> " : "≥ ", less = high_belongs ? "≤ " : "< ";
  const std::string from = (high_belongs ? ">" : "") + short_number(low),
                    to = (high_belongs ? "" : "<") + short_number(high);
  const std::string range = std::isinf(low)    ? less + short_number(high)
                            : std::isinf(high) ? more + short_number(low)
                                               : from + " to " + to;
  return range + " " + std::string(row.unit) + " · " + std::string(row.unit_zh);
}

template <std::size_t n>
std::vector<MeasureClass> classes_between(const std::array<double, n>& breaks, const Row& row) {
  std::vector<MeasureClass> classes;
  double low = -infinity;
  for (std::size_t i = 0; i <= n; ++i) {
    const double high = i < n ? breaks[i] : infinity;
    classes.push_back({low, high, range_label(low, high, row), {}});
    low = high;
  }
  return classes;
}

std::vector<MeasureClass> density_classes(const Row& row) {
  auto classes = classes_between(row.breaks, row);
  for (std::size_t i = 0; i < classes.size(); ++i) classes[i].colour = sequential[i];
  return classes;
}

std::vector<MeasureClass> zero_classes(const std::array<double, 8>& breaks, const Row& row) {
  auto classes = classes_between(breaks, row);
  const std::size_t half = classes.size() / 2;
  for (std::size_t i = 0; i < classes.size(); ++i) {
    classes[i].label += ", " + std::string(i < half ? loss : i == half ? near_zero : uptake);
    classes[i].colour = i == half ? middle : diverging[i < half ? i : i - 1];
  }
  return classes;
}

std::vector<MeasureClass> baseline_classes(double baseline_tco2_ha_yr, const Row& row) {
  std::array<double, of_baseline.size()> breaks = {};
  for (std::size_t i = 0; i < breaks.size(); ++i) breaks[i] = of_baseline[i] * baseline_tco2_ha_yr;
  auto classes = classes_between(breaks, row);
  for (std::size_t i = 0; i < classes.size(); ++i) {
    const std::string_view side = classes[i].high <= 0                     ? loss
                                  : classes[i].high <= baseline_tco2_ha_yr ? below_it
                                                                           : above_it;
    classes[i].label += ", " + std::string(side);
    classes[i].colour = diverging[i];
  }
  return classes;
}

/// What QGIS must be given for a break: its discrete classes are (low, high], so the last normal Float32 below the
/// break. A pixel that was at the break before it was stored goes up.
double qgis_bound(double at) {
  const auto stored = static_cast<float>(at);
  if (stored == 0) return -static_cast<double>(std::numeric_limits<float>::min());
  return std::nextafter(stored, -std::numeric_limits<float>::infinity());
}

/// QGIS takes the first range that holds a value, both ends included: the upper end is the last double of the class.
std::vector<StyleRange> ranges_of(const std::vector<MeasureClass>& classes) {
  std::vector<StyleRange> ranges;
  for (const auto& c : classes) {
    ranges.push_back({c.low, std::isinf(c.high) ? c.high : std::nextafter(c.high, -infinity), c.label, c.colour});
  }
  return ranges;
}

}  // namespace

std::vector<MeasureClass> measure_classes(const std::string& layer, std::optional<double> baseline_tco2_ha_yr) {
  const Row& row = row_of(layer);
  if (row.ramp == Ramp::density) return density_classes(row);
  const bool held = row.ramp == Ramp::rate_of_all && baseline_tco2_ha_yr && *baseline_tco2_ha_yr > 0;
  return held ? baseline_classes(*baseline_tco2_ha_yr, row) : zero_classes(around_zero, row);
}

std::string measure_qml(const std::vector<MeasureClass>& classes) {
  const std::string least = number_text(classes.front().high), most = number_text(classes.back().low);
  std::string xml =
      "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n<qgis version=\"3.22\" "
      "styleCategories=\"AllStyleCategories\">\n  <pipe>\n    <rasterrenderer type=\"singlebandpseudocolor\" "
      "band=\"1\" opacity=\"1\" alphaBand=\"-1\" nodataColor=\"\" classificationMin=\"" +
      least + "\" classificationMax=\"" + most +
      "\">\n      <rastershader>\n        <colorrampshader colorRampType=\"DISCRETE\" classificationMode=\"1\" "
      "clip=\"0\" minimumValue=\"" +
      least + "\" maximumValue=\"" + most + "\" labelPrecision=\"6\">\n";
  for (const auto& c : classes) {
    xml += "          <item value=\"" + (std::isinf(c.high) ? "inf" : number_text(qgis_bound(c.high))) + "\" label=\"" +
           xml_text(c.label) + "\" color=\"" + c.colour + "\" alpha=\"255\"/>\n";
  }
  return xml +
         "        </colorrampshader>\n      </rastershader>\n    </rasterrenderer>\n  </pipe>\n"
         "  <blendMode>0</blendMode>\n</qgis>\n";
}

std::vector<StyleRange> gap_ranges() {
  const Row& row = row_of("sink");
  std::vector<StyleRange> ranges;
  double low = -infinity;
  for (std::size_t i = 0; i <= zone_gaps.size(); ++i) {
    const double high = i < zone_gaps.size() ? zone_gaps[i] : infinity;
    const std::string_view side = high <= 0 ? above_it : below_it;
    ranges.push_back({low, high, range_label(low, high, row, true) + ", " + std::string(side),
                      std::string(diverging[diverging.size() - 1 - i])});
    low = high;
  }
  return ranges;
}

std::vector<StyleRange> zone_sink_ranges() {
  return ranges_of(zero_classes(zones_around_zero, row_of("sink")));
}

std::vector<StyleRange> zone_carbon_ranges() {
  return ranges_of(density_classes(row_of("carbon")));
}

std::vector<StyleRange> rank_ranges() {
  constexpr std::array<double, 4> ends = {10, 50, 100, 500};
  // Of ColorBrewer's YlOrRd.
  constexpr std::array<std::string_view, 5> colours = {"#67001f", "#bd0026", "#f03b20", "#fd8d3c", "#fecc5c"};
  std::vector<StyleRange> ranges;
  double first = 1;
  for (std::size_t i = 0; i <= ends.size(); ++i) {
    const bool open = i == ends.size();
    const std::string from = short_number(first), to = open ? "" : short_number(ends[i]);
    ranges.push_back({first, open ? infinity : ends[i],
                      open ? "rank " + from + " and below / 第" + from + "位及以后"
                           : "rank " + from + " to " + to + " / 第" + from + "–" + to + "位",
                      std::string(colours[i])});
    if (!open) first = ends[i] + 1;
  }
  return ranges;
}

std::string chinese_name(const std::string& layer) {
  return std::string(row_of(layer).name_zh);
}

}  // namespace sink
