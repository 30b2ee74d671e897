// SPDX-License-Identifier: Apache-2.0
// What `explain` says of a thousand pixels of the sample is what its maps hold, and what its equations give.
#include "job/explain.hpp"

#include <gdal_priv.h>
#include <algorithm>

#include <cmath>
#include <map>
#include <random>

#include "core/grid.hpp"
#include "job/setup.hpp"
#include "raster/temp_files.hpp"
#include "support/catch.hpp"
#include "support/refusal.hpp"

using namespace sink;
using namespace sink::tests;

namespace {

const std::string sample = std::string(SINK_TESTS_DIR) + "/../raster_samples/inventory.toml";

/// A raster as doubles.
std::vector<double> pixels_of(const std::string& file) {
  const GDALDatasetUniquePtr raster(GDALDataset::Open(file.c_str()));
  REQUIRE(raster != nullptr);
  const int columns = raster->GetRasterXSize(), rows = raster->GetRasterYSize();
  std::vector<double> values(static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows));
  REQUIRE(raster->GetRasterBand(1)->RasterIO(GF_Read, 0, 0, columns, rows, values.data(), columns, rows, GDT_Float64, 0,
                                             0, nullptr) == CE_None);
  return values;
}

bool same_float(double explained, double in_map) {
  return (std::isnan(explained) && std::isnan(in_map)) || static_cast<float>(explained) == static_cast<float>(in_map);
}

double value_of(const ExplainedStock& stock, const std::string& layer) {
  for (const auto& value : stock.values) {
    if (value.layer == layer) return value.value;
  }
  FAIL("no " << layer);
  return no_value;
}

/// The link that gave the stock derives the numbers of the map.
void check_equations(const ExplainedStock& stock) {
  const double carbon = value_of(stock, "carbon");
  const Derivation* used = nullptr;
  for (const auto& link : stock.links) {
    if (link.used) {
      used = &link.derivation;
    } else {
      CHECK_FALSE(link.derivation.because().empty());
    }
  }
  CHECK((used != nullptr) == !std::isnan(carbon));
  if (used == nullptr) return;
  CHECK(used->because().empty());
  for (const char* layer : {"agb", "bgb", "carbon_above", "carbon_below", "carbon"}) {
    const auto derived = used->value(layer);
    REQUIRE(derived.has_value());
    CHECK(std::abs(*derived - value_of(stock, layer)) <= 1e-12 * std::abs(*derived));
  }
}

}  // namespace

TEST_CASE("explain: a thousand pixels of the sample are those of the maps", "[explain]") {
  set_up_libraries();
  const TempFolder folder;
  Job job = read_inventory(sample);
  Job run = job;
  run.output.directory = folder.file("out");
  run.targets.clear();
  run.patches.reset();
  run_job(run, {});
  std::map<std::string, std::vector<double>> maps;
  for (const char* name : {"agb_2015", "agb_2020", "carbon_2015", "carbon_2020", "co2_2015", "co2_2020",
                           "sink_2015_2020", "cause_2015_2020"}) {
    maps[name] = pixels_of(folder.file("out/" + std::string(name) + ".tif"));
  }
  Explainer explainer(job);
  const Grid& grid = explainer.grid();
  std::mt19937 random(20261128);
  std::map<std::string, int> links, causes;
  int explained = 0;
  for (int tries = 0; explained < 1000 && tries < 10000; ++tries) {
    const auto column = static_cast<std::int64_t>(random() % static_cast<unsigned>(grid.columns));
    const auto row = static_cast<std::int64_t>(random() % static_cast<unsigned>(grid.rows));
    const auto at = static_cast<std::size_t>(row * grid.columns + column);
    if (std::isnan(maps["carbon_2015"][at]) && std::isnan(maps["carbon_2020"][at])) continue;
    ++explained;
    INFO("column " << column << ", row " << row);
    const Explanation e = explainer.at_pixel(column, row);
    for (const ExplainedStock& stock : e.stocks) {
      for (const std::string layer : {"agb", "carbon", "co2"}) {
        CHECK(same_float(value_of(stock, layer), maps[layer + "_" + std::to_string(stock.year)][at]));
      }
      check_equations(stock);
      for (const auto& link : stock.links) links[link.name] += link.used ? 1 : 0;
    }
    REQUIRE(e.periods.size() == 1);
    CHECK(same_float(e.periods[0].sink_tco2_ha_yr, maps["sink_2015_2020"][at]));
    const auto cause = std::find_if(e.facts.begin(), e.facts.end(), [](const auto& f) { return f.name == "cause"; });
    REQUIRE(cause != e.facts.end());
    CHECK((std::isnan(cause->value) ? 255 : cause->value) == maps["cause_2015_2020"][at]);
    CHECK(std::isnan(cause->value) == std::isnan(e.periods[0].sink_tco2_ha_yr));
    ++causes[cause->text];
    CHECK_FALSE(explanation_json(e).empty());
    CHECK_FALSE(explanation_text(e).empty());
  }
  CHECK(explained == 1000);
  for (const char* link : {"bef", "culms", "area_density", "no_stock"}) CHECK(links[link] > 0);
  CHECK(causes.size() > 3);
}

TEST_CASE("explain: what cannot be explained is said", "[explain]") {
  set_up_libraries();
  Explainer explainer(read_inventory(sample));
  const auto refused = [&](const auto& action) { return refusal(Error::Kind::usage, action); };
  CHECK_THAT(refused([&] { static_cast<void>(explainer.at_pixel(-1, 0)); }), Catch::Contains("outside the grid"));
  CHECK_THAT(refused([&] { static_cast<void>(explainer.at_pixel(0, 0)); }), Catch::Contains("every input is nodata"));
  CHECK_THAT(refused([&] { static_cast<void>(explainer.at(2973650, 580850)); }), Catch::Contains("swapped"));
  CHECK_THAT(refused([&] { static_cast<void>(explainer.at(118, 27)); }), Catch::Contains("--lonlat"));
  CHECK_THAT(refused([&] { static_cast<void>(explainer.at_lonlat(27, 118)); }), Catch::Contains("longitude first"));
  const double nan = std::nan("");
  CHECK_THAT(refused([&] { static_cast<void>(explainer.at(nan, 3)); }), Catch::Contains("outside the grid"));
  CHECK_THAT(refused([&] { static_cast<void>(explainer.at_lonlat(nan, 3)); }), Catch::Contains("no place"));
}
