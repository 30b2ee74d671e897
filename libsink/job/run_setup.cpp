// SPDX-License-Identifier: Apache-2.0
#include "job/run_setup.hpp"

#include <algorithm>
#include <set>

#include "core/nearest_name.hpp"
#include "job/run_plan.hpp"
#include "job/zone_layers.hpp"
#include "method/methods.hpp"
#include "raster/raster_folder.hpp"
#include "table/shipped.hpp"

namespace sink {
namespace {

const LayerInfo* input_layer(std::string_view name) {
  static const std::vector<const LayerInfo*> known = {
      &layer::forest_type, &layer::landcover,   &layer::volume,      &layer::age,     &layer::culms,
      &layer::culms_age_1, &layer::culms_age_3, &layer::culms_age_5, &layer::agb_map, &layer::carbon_map};
  const auto found = std::find_if(known.begin(), known.end(), [&](auto* l) { return l->name == name; });
  return found == known.end() ? nullptr : *found;
}

bool is_class_layer(std::string_view name) {
  return name == layer::forest_type.name || name == layer::landcover.name;
}

std::string gdalwarp_line(const Grid& grid, const std::string& file) {
  const Point low = grid.to_crs(0, static_cast<double>(grid.rows));
  const Point high = grid.to_crs(static_cast<double>(grid.columns), 0);
  return "align it with --align, or: gdalwarp -t_srs " + grid.crs_name + " -r near -te " + number_text(low.x) + " " +
         number_text(low.y) + " " + number_text(high.x) + " " + number_text(high.y) + " -ts " +
         std::to_string(grid.columns) + " " + std::to_string(grid.rows) + " " + file +
         (is_folder(file) ? "/*.tif" : "") + " aligned.tif";
}

}  // namespace

const InputLayer* DateSetup::find(std::string_view layer) const {
  const auto found = std::find_if(layers.begin(), layers.end(), [&](const auto& l) { return l.layer.name == layer; });
  return found == layers.end() ? nullptr : &*found;
}

RunSetup::RunSetup(const Job& from) : job(from), threads(threads_of(from.run.threads)) {
  std::vector<std::string> parameter_files;
  for (const auto& file : job.parameter_files) {
    parameter_files.push_back(path_below(job.base_directory, file));
    input_files.push_back(file);
  }
  parameters = load_parameters(parameter_files);
  open_inputs();
  load_legends();
  choose_change();
  choose_methods();
  areas = std::make_unique<PixelAreas>(grid);
  layout = std::make_unique<AccountLayout>(AccountShape{dates.size(), methods.size()});
  open_zones();
  open_parcels();
  open_patches();
  open_events();
  open_growth();
  open_sides();
  name_outputs();
}

AccountFeatures RunSetup::features(std::size_t method, std::size_t date) const {
  AccountFeatures known = methods[method].features;
  known.volume = dates[date].find(layer::volume.name) != nullptr;
  return known;
}

AccountFeatures RunSetup::period_features(std::size_t method, std::size_t period) const {
  AccountFeatures known = features(method, period);
  known.volume = known.volume && features(method, period + 1).volume;
  return known;
}

void RunSetup::open_inputs() {
  if (job.dates.empty()) throw usage_error("no date is given: name the maps of one year at least");
  OpenFiles files;
  for (const auto& date : job.dates) {
    DateSetup setup{date.year, {}};
    for (const auto& [name, path] : date.layers) {
      const LayerInfo* layer = input_layer(name);
      if (layer == nullptr) throw usage_error("no such input layer '" + name + "'");
      const RasterSource source(files, job.base_directory, path, job.run.access());
      setup.layers.push_back({*layer, is_class_layer(name), source.info()});
      note_input(path, false);
      if (grid.columns == 0) grid = source.info().grid;
      check_grid(path, source.info());
    }
    if (setup.layers.empty()) throw usage_error("no map is given for " + std::to_string(date.year));
    dates.push_back(std::move(setup));
  }
}

void RunSetup::check_grid(const std::string& path, const BandInfo& band) const {
  if (job.run.align) return;
  const std::string difference = grid_difference(band.grid, grid);
  const bool same = same_crs(band.grid.crs_wkt, grid.crs_wkt);
  if (difference.empty() && same) return;
  throw input_error(path, "is on another grid than the first input: " +
                              (same ? difference : "CRS " + band.grid.crs_name + " against " + grid.crs_name) + ": " +
                              gdalwarp_line(grid, parse_band_path(path_below(job.base_directory, path)).file));
}

void RunSetup::load_legends() {
  const auto given = [&](std::string_view name) {
    return std::any_of(dates.begin(), dates.end(), [&](const auto& d) { return d.find(name) != nullptr; });
  };
  const auto load = [&](const std::string& name) {
    const auto shipped = shipped_legends();
    if (std::find(shipped.begin(), shipped.end(), name) != shipped.end()) return load_legend(name, parameters);
    input_files.push_back(name);
    return load_legend(path_below(job.base_directory, name), parameters);
  };
  if (!job.stock.densities.empty()) {
    pools = load_carbon_pools(path_below(job.base_directory, job.stock.densities));
    input_files.push_back(job.stock.densities);
  }
  if (given(layer::forest_type.name)) {
    if (job.legend.empty()) throw usage_error("forest types need a legend: give --legend FILE or legend = \"FILE\"");
    forest_types = load(job.legend);
  }
  if (given(layer::landcover.name)) {
    if (!job.landcover_legend.empty()) {
      landcover = load(job.landcover_legend);
    } else if (pools) {
      landcover = legend_of(*pools);
    } else {
      throw usage_error(
          "land cover needs a legend: give --landcover-legend NAME or FILE (shipped: clcd, "
          "esa_worldcover, globeland30, sandiao)");
    }
  }
  refuse_misspelt_keys();
  const Legend* cover = landcover && !job.landcover_legend.empty() ? &*landcover : nullptr;
  if (forest_types || cover != nullptr) {
    classes.emplace(forest_types ? &*forest_types : nullptr, cover, job.land_use_from == "landcover");
  }
}

void RunSetup::refuse_misspelt_keys() const {
  const ParameterTable shipped = load_parameters({});
  for (const auto& file : job.parameter_files) {
    for (const auto& row : parameter_rows(read_csv(path_below(job.base_directory, file)))) {
      // A line of a set of one's own, of regressions or growth curves, may be for a class of one's own: SET/KEY.
      const bool in_set = row.parameter.starts_with("regression_") || row.parameter.starts_with("growth_");
      const std::string key = in_set ? row.key.substr(row.key.find('/') + 1) : row.key;
      const auto has = [&](const std::optional<Legend>& legend) {
        return legend &&
               std::any_of(legend->rows().begin(), legend->rows().end(), [&](const auto& r) { return r.key == key; });
      };
      if (shipped.has_key(row.key) || shipped.may_be_new(row) || has(forest_types) || has(landcover)) continue;
      std::vector<std::string> known;
      for (const auto& own : shipped.rows()) known.push_back(own.key);
      throw input_error(row.origin,
                        "no class has the key '" + row.key + "': did you mean '" + nearest_name(row.key, known) + "'?");
    }
  }
}

void RunSetup::choose_change() {
  const auto always = [&](std::string_view layer) {
    return std::all_of(dates.begin(), dates.end(), [&](const auto& d) { return d.find(layer) != nullptr; });
  };
  if (dates.size() < 2) return;
  // Land cover where it is given, else forest types (interface.md, Matrix).
  if (landcover && always(layer::landcover.name)) {
    change.emplace(*landcover, true);
  } else if (forest_types && always(layer::forest_type.name)) {
    change.emplace(*forest_types, false);
  }
}

MethodSetup RunSetup::method_setup(const std::string& method, const BcefGroups& groups) const {
  MethodSetup setup{parameters, nullptr, nullptr, nullptr, nullptr, "", false, "", true};
  // Where there are forest types, both legends are one list of classes (ClassScheme).
  setup.forest_types = forest_types && method != "lookup" ? &classes->joined() : nullptr;
  setup.landcover = landcover && setup.forest_types == nullptr ? &*landcover : nullptr;
  setup.pools = pools ? &*pools : nullptr;
  setup.bcef_groups = &groups;
  setup.bcef_zone = job.stock.bcef_zone;
  setup.bcef_interpolate = job.stock.bcef_interpolate;
  setup.regression_set = job.stock.regression_set;
  setup.culms_given = culm_maps != CulmMaps::none;
  setup.culm_ages_given = culm_maps == CulmMaps::by_age;
  return setup;
}

void RunSetup::choose_methods() {
  culm_maps = sink::culm_maps(dates);
  const BcefGroups groups = shipped_bcef_groups();
  for (const auto& name : job.stock.methods) {
    const MethodSetup setup = method_setup(name, groups);
    if (std::any_of(methods.begin(), methods.end(), [&](const auto& m) { return m.name == name; })) {
      throw usage_error("stock method '" + name + "' stands twice");
    }
    MethodRun run{name, stock_chain(name, setup), {}, {}};
    for (const LayerInfo& needed : run.chain.front().method.inputs) {
      for (const auto& date : dates) {
        if (date.find(needed.name) != nullptr) continue;
        throw usage_error("method " + name + " needs the layer " + std::string(needed.name) + " (" +
                          std::string(needed.meaning) + "), which " + std::to_string(date.year) + " does not have");
      }
    }
    const auto gives = [&](std::string_view layer) {
      const auto& given = run.chain.front().method.outputs;
      return std::any_of(given.begin(), given.end(), [&](const auto& l) { return l.name == layer; });
    };
    const auto wants = [&](std::string_view pool) {
      return std::find(job.stock.pools.begin(), job.stock.pools.end(), pool) != job.stock.pools.end();
    };
    run.features = {.land_use = classes.has_value(),
                    .volume = false,
                    .biomass = gives(layer::agb.name),
                    .split = gives(layer::carbon_above.name),
                    .dead = wants("dead") && gives(layer::carbon_dead.name),
                    .soil = wants("soil") && gives(layer::carbon_soil.name),
                    .all_land = name == "lookup" || name == "given"};
    if (setup.forest_types != nullptr) {
      for (const auto& row : setup.forest_types->rows()) run.bamboo.push_back(parameters.has(row.key, "culm_kg"));
    }
    run.has_volume_classes = gives(layer::volume_class.name);
    methods.push_back(std::move(run));
  }
  for (const auto& pool : job.stock.pools) {
    const bool living = pool == "agb" || pool == "bgb";
    const bool known = living || std::any_of(methods.begin(), methods.end(), [&](const auto& m) {
                         return (pool == "dead" && m.features.dead) || (pool == "soil" && m.features.soil);
                       });
    if (!known) throw usage_error("pool '" + pool + "': none of the chosen methods gives it");
  }
}

void RunSetup::refuse_clashing_names() const {
  std::set<std::string> seen;
  const auto take = [&](const std::string& what, const std::string& name) {
    std::string lower = what + name;
    std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
    if (!seen.insert(lower).second) {
      throw usage_error(what + "'" + name +
                        "' is there twice (capitals do not tell names apart in a GeoPackage): rename one");
    }
  };
  for (const auto& reference : job.references) take("reference ", reference.name);
  take("zone set ", "zones_all");
  for (const auto& source : job.zones) {
    demand_name_of_layer(source.set);
    take("zone set ", source.set);
  }
}

void RunSetup::open_zones() {
  refuse_clashing_names();
  std::vector<ZoneSource> sources = job.zones;
  if (sources.empty()) sources.push_back({.set = "all", .file = "", .id_field = "", .name_field = "", .where = ""});
  for (const auto& source : sources) {
    zone_sets.emplace_back(source, job.base_directory, grid, job.run);
    if (const auto& polygons = zone_sets.back().polygons()) {
      for (const auto& zone : polygons->zones()) {
        if (zone.id == "total")
          throw input_error(source.file, "a zone has the id 'total', which is the sum's: rename it");
      }
      for (const auto& warning : polygons->warnings()) warnings.push_back(source.set + ": " + warning);
    }
    if (!source.file.empty()) note_input(source.file, !zone_sets.back().from_raster());
  }
}

void RunSetup::open_parcels() {
  for (std::size_t t = 0; t < job.targets.size(); ++t) {
    const Target& target = job.targets[t];
    parcels.emplace_back(
        path_below(job.base_directory, target.parcels),
        ParcelFields{target.id_field, target.year_planned_field, target.year_done_field, target.status_field});
    add_parcel_groups(parcels.back(), t, *this, parcel_groups);
    note_input(target.parcels, true);
  }
}

}  // namespace sink
