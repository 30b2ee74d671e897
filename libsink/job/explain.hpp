// SPDX-License-Identifier: Apache-2.0
// One pixel of a run: its inputs, and every number on the way to its stock and sink. The numbers come from the
// BlockWorker that makes the maps, on a window of one pixel; the equations from the methods (method/derivation.hpp).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/legend.hpp"
#include "job/job.hpp"
#include "job/side_account.hpp"
#include "method/derivation.hpp"

namespace sink {

/// What one band says of the pixel.
struct ExplainedInput {
  int year = 0;  ///< 0: of a disturbance
  std::string layer, file, unit;
  int band = 1;
  double stored = no_value, scale = 1, offset = 0, value = no_value;  ///< NaN: nodata
  std::optional<LegendRow> row;                                       ///< of a code
  std::string name;                                                   ///< of an event's code
};

struct ExplainedZone {
  std::string set, id, name;
};

/// What the pixel is at a date, and which map says so.
struct ExplainedLandUse {
  int year = 0;
  std::string class_name, key, land_use, decided_by;
  bool known = false, forest = false, maps_disagree = false;
};

/// One link of a method's chain.
struct ExplainedLink {
  std::string name, summary, source;
  bool used = false;  ///< gave the stock
  Derivation derivation;
};

struct ExplainedStock {
  int year = 0;
  std::string method;
  std::vector<ExplainedLink> links;  ///< up to the one that gave the stock; all where none did
  /// As in the maps, by layer name: agb, bgb, carbon_above, carbon_below, carbon, co2, dead, soil; with units.
  struct Value {
    std::string layer, unit;
    double value = no_value;
  };
  std::vector<Value> values;
};

struct ExplainedPeriod {
  int year_from = 0, year_to = 0;
  std::string method, flow;
  double sink_tco2_ha_yr = no_value;  ///< NaN: no rate
  std::string equation, numbers;
  bool felled = false;
  std::string event;  ///< of a disturbance raster; blank: none
  int event_year = 0;
};

struct Explanation {
  std::int64_t column = 0, row = 0;
  double x = 0, y = 0;  ///< centre of the pixel
  std::string crs;
  double area_ha = 0;
  std::vector<ExplainedInput> inputs;
  std::vector<ExplainedZone> zones;
  std::vector<ExplainedLandUse> land_uses;
  std::vector<ExplainedStock> stocks;
  std::vector<ExplainedPeriod> periods;
  std::vector<SideFact> facts;  ///< of the side accounts: causes, …
};

/// Opens a job once and explains any number of pixels. Not for use by two threads at a time.
class Explainer {
 public:
  /// Throws as `run_job` does before its pass. Targets and patches are left aside.
  explicit Explainer(Job job);
  ~Explainer();

  /// Throws Error::usage outside the grid, and where every input is nodata; Error::input for what would stop a run.
  [[nodiscard]] Explanation at_pixel(std::int64_t column, std::int64_t row);
  /// In the CRS of the grid.
  [[nodiscard]] Explanation at(double x, double y);
  /// WGS 84, degrees.
  [[nodiscard]] Explanation at_lonlat(double longitude, double latitude);
  [[nodiscard]] const Grid& grid() const noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// For a program: every number in full, null where there is none.
std::string explanation_json(const Explanation& explanation);
/// For a person.
std::string explanation_text(const Explanation& explanation);

}  // namespace sink
