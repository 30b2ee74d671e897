// SPDX-License-Identifier: Apache-2.0
// Which rasters a run writes, and what they are called.
#include <algorithm>
#include <set>

#include "core/nearest_name.hpp"
#include "core/rounding.hpp"
#include "job/run_setup.hpp"
#include "table/csv.hpp"

namespace sink {
namespace {

struct Kind {
  std::string_view layer, unit, meaning;
  OutputLayer::Of of;
  bool AccountFeatures::*needs;  ///< null: every method has it
};

const std::vector<Kind>& kinds() {
  using enum OutputLayer::Of;
  static const std::vector<Kind> all = {
      {"agb", "t d.m./ha", "Above-ground living biomass", stock, &AccountFeatures::biomass},
      {"bgb", "t d.m./ha", "Below-ground living biomass", stock, &AccountFeatures::biomass},
      {"carbon", "t C/ha", "Carbon of living biomass", stock, nullptr},
      {"co2", "t CO2/ha", "CO2 equivalent of living biomass", stock, nullptr},
      {"carbon_above", "t C/ha", "Carbon of above-ground living biomass", stock, &AccountFeatures::split},
      {"carbon_below", "t C/ha", "Carbon of below-ground living biomass", stock, &AccountFeatures::split},
      {"dead", "t C/ha", "Carbon of dead wood and litter", stock, &AccountFeatures::dead},
      {"soil", "t C/ha", "Soil organic carbon", stock, &AccountFeatures::soil},
      {"change", "", "Class at both dates, from-to code", change, nullptr},
      {"sink", "t CO2/ha/yr", "Annual sink of living biomass, positive for uptake", sink, nullptr},
      {"sink_above", "t CO2/ha/yr", "Annual sink of above-ground living biomass", sink, &AccountFeatures::split},
      {"sink_below", "t CO2/ha/yr", "Annual sink of below-ground living biomass", sink, &AccountFeatures::split},
  };
  return all;
}

const Kind& kind_called(const std::string& layer) {
  if (layer == "projected_carbon" || layer == "increment") {
    throw usage_error("output layer '" + layer + "' is of a projection: name its years, [projection] rasters = [2030]");
  }
  if (layer == "cause") throw usage_error("output layer 'cause' needs [attribution] in the inventory");
  std::vector<std::string> known;
  for (const Kind& kind : kinds()) {
    if (kind.layer == layer) return kind;
    known.emplace_back(kind.layer);
  }
  throw usage_error("no such output layer '" + layer + "': did you mean '" + nearest_name(layer, known) + "'?");
}

}  // namespace

void RunSetup::add_outputs(const std::string& layer, bool asked_for) {
  const Kind& kind = kind_called(layer);
  const bool stock = kind.of == OutputLayer::Of::stock;
  const std::size_t before = outputs.size();
  // Change is the same whatever the method.
  const bool is_change = kind.of == OutputLayer::Of::change;
  for (std::size_t m = 0; m < (is_change ? 1 : methods.size()) && (change || !is_change); ++m) {
    if (kind.needs != nullptr && !(methods[m].features.*kind.needs)) continue;
    const std::string method = methods.size() > 1 && !is_change ? "_" + methods[m].name : "";
    for (std::size_t when = 0; when < (stock ? dates.size() : dates.size() - 1); ++when) {
      const std::string year = std::to_string(dates[when].year);
      const std::string end = stock ? "" : std::to_string(dates[when + 1].year);
      const std::string file = layer + method + "_" + year + (stock ? "" : "_" + end) + ".tif";
      const std::string description = std::string(kind.meaning) + ", " + year + (stock ? "" : "-" + end) +
                                      (is_change ? "" : ", method " + methods[m].name);
      outputs.push_back({kind.of, layer, when, m, file, description, std::string(kind.unit),
                         is_change ? change->pixels() : RasterPixels::float32});
      outputs.back().year_from = dates[when].year;
      outputs.back().year_to = dates[stock ? when : when + 1].year;
    }
  }
  if (outputs.size() > before || !asked_for) return;
  const bool one_date = !stock && dates.size() < 2;
  throw usage_error("output layer '" + layer + "': " +
                    (one_date    ? "it needs two dates"
                     : is_change ? "it needs land cover or forest types at every date"
                                 : "none of the chosen methods gives it"));
}

std::size_t RunSetup::code_places(const OutputLayer& output) const {
  if (output.of == OutputLayer::Of::change) return change->legend().size() * change->legend().size() + 1;
  return output.categories.empty() ? 0 : output.categories.back().code + 1;
}

void RunSetup::name_outputs() {
  const bool asked_for = !job.output.layers.empty();
  // Two ready carbon maps are not written again.
  const bool given = job.stock.methods.front() == "given";
  const std::vector<std::string> usual =
      given ? std::vector<std::string>{"sink"} : std::vector<std::string>{"agb", "carbon", "co2", "sink", "change"};
  std::set<std::string> named;
  for (const auto& layer : asked_for ? job.output.layers : usual) {
    if (named.insert(layer).second && !has_side_layer(layer)) add_outputs(layer, asked_for);
  }
  add_side_outputs(job.output.layers);
  if (!(job.output.precision > 0)) return;
  const double step = step_within(job.output.precision);
  for (OutputLayer& output : outputs) {
    if (output.codes()) continue;
    output.step = step;
    output.description += ", rounded to " + number_text(step);
  }
}

}  // namespace sink
