// SPDX-License-Identifier: Apache-2.0
// RunSetup: a job made ready. Files opened once and checked, legends and parameters loaded, zones read, outputs named.
// Const from then on and shared by all workers.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "account/layout.hpp"
#include "account/results.hpp"
#include "core/legend.hpp"
#include "core/parameters.hpp"
#include "job/change_scheme.hpp"
#include "job/class_scheme.hpp"
#include "job/culm_maps.hpp"
#include "job/events.hpp"
#include "job/job.hpp"
#include "job/parcel_groups.hpp"
#include "job/patch_search.hpp"
#include "job/side_account.hpp"
#include "job/zone_set.hpp"
#include "method/stock_chain.hpp"
#include "raster/geodesy.hpp"
#include "raster/raster_source.hpp"

namespace sink {

/// One input band of one date.
struct InputLayer {
  LayerInfo layer;
  bool classes = false;
  BandInfo band;
};

struct DateSetup {
  int year = 0;
  std::vector<InputLayer> layers;
  [[nodiscard]] const InputLayer* find(std::string_view layer) const;
};

struct MethodRun {
  std::string name;
  std::vector<ChainLink> chain;
  AccountFeatures features;
  std::vector<bool> bamboo;         ///< by class that the method sees: goes by culms
  bool has_volume_classes = false;  ///< a step function of volume: crossing an edge makes a false flow
};

/// One raster to write.
struct OutputLayer {
  enum class Of { stock, sink, change, side };
  Of of = Of::stock;
  std::string layer;       ///< "carbon", "co2", "sink_above", …
  std::size_t when = 0;    ///< date or period; of a side account: which of its rasters
  std::size_t method = 0;  ///< of a side account: which account
  std::string file, description, unit;
  RasterPixels pixels = RasterPixels::float32;
  std::vector<ChangeCategory> categories = {};  ///< of a side account's codes
  double step = 0;                              ///< stored values are multiples of it, a power of two; 0: not rounded
  int year_from = 0, year_to = 0;               ///< what it shows: equal for a date; 0: not said
  [[nodiscard]] bool codes() const noexcept { return pixels != RasterPixels::float32; }
  /// A style stands beside every raster, names beside one of codes.
  [[nodiscard]] bool has_categories() const noexcept { return of == Of::change || !categories.empty(); }
  [[nodiscard]] std::string names_file() const { return file + ".aux.xml"; }
  [[nodiscard]] std::string style_file() const { return file.substr(0, file.size() - 4) + ".qml"; }
};

struct RunSetup {
  explicit RunSetup(const Job& job);

  Job job;
  Grid grid;
  ParameterTable parameters;
  std::optional<Legend> forest_types, landcover;  ///< in use
  std::optional<ClassScheme> classes;             ///< absent: nothing says what is forest
  std::optional<ChangeScheme> change;             ///< absent: one date, or no classes at every date
  std::optional<CarbonPools> pools;
  std::vector<DateSetup> dates;
  CulmMaps culm_maps = CulmMaps::none;
  std::vector<MethodRun> methods;
  std::vector<ZoneSet> zone_sets;
  std::vector<Parcels> parcels;  ///< by target
  std::vector<ParcelGroup> parcel_groups;
  std::optional<PatchSearch> patches;  ///< absent: not asked for
  std::optional<EventScheme> events;   ///< absent: no disturbance rasters
  std::optional<GrowthCurves> growth;  ///< of the classes of ClassScheme::joined; absent: not asked for
  std::vector<std::unique_ptr<const SideAccount>> sides;
  std::vector<OutputLayer> outputs;
  std::unique_ptr<PixelAreas> areas;
  std::unique_ptr<AccountLayout> layout;
  int threads = 1;
  std::vector<std::string> warnings;     ///< found while setting up
  std::vector<std::string> input_files;  ///< every file and folder read, as written, without band; may repeat

  /// What is known of a method at one date, or at both ends of a period.
  [[nodiscard]] AccountFeatures features(std::size_t method, std::size_t date) const;
  [[nodiscard]] AccountFeatures period_features(std::size_t method, std::size_t period) const;
  [[nodiscard]] double years(std::size_t period) const {
    return static_cast<double>(dates[period + 1].year - dates[period].year);
  }
  /// What the links of a method's chain are made from. `groups` must outlive it.
  [[nodiscard]] MethodSetup method_setup(const std::string& method, const BcefGroups& groups) const;
  /// One more than the highest code that a raster of codes can hold; 0 for measures.
  [[nodiscard]] std::size_t code_places(const OutputLayer& output) const;
  /// Every file read, as written, each once, in order of name.
  [[nodiscard]] std::vector<std::string> files_read() const;

 private:
  void note_input(const std::string& path, bool vector);
  void open_inputs();
  void load_legends();
  void refuse_misspelt_keys() const;
  void choose_change();
  void choose_methods();
  void refuse_clashing_names() const;
  void open_zones();
  void open_parcels();
  void open_patches();
  void open_events();
  void open_growth();
  void open_sides();
  void name_outputs();
  void add_side_outputs(const std::vector<std::string>& asked_for);
  [[nodiscard]] bool has_side_layer(const std::string& layer) const;
  void check_grid(const std::string& path, const BandInfo& band) const;
  void add_outputs(const std::string& layer, bool asked_for);
};

}  // namespace sink
