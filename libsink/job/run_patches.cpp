// SPDX-License-Identifier: Apache-2.0
// Patches of change as a part of a run: what is looked for, and the columns of a window that tell it.
#include "job/block_worker.hpp"

namespace sink {

void RunSetup::open_patches() {
  if (!job.patches) return;
  if (!change) throw usage_error("[patches] needs land cover or forest types at two dates");
  PatchWorld world{.legend = change->legend(),
                   .labels = {},
                   .land_uses = classes.has_value(),
                   .years = {},
                   .grid = grid,
                   .zones = &zone_sets,
                   .directory = job.base_directory,
                   .parameter_files = {},
                   .carbon = true,
                   .felled = false};
  for (const auto& file : job.parameter_files) world.parameter_files.push_back(path_below(job.base_directory, file));
  for (std::size_t d = 0; d < dates.size(); ++d) {
    world.years.push_back(dates[d].year);
    for (const auto* layer : {&layer::age, &layer::volume}) {
      const bool both = d > 0 && dates[d - 1].find(layer->name) != nullptr && dates[d].find(layer->name) != nullptr;
      world.felled = world.felled || (both && classes.has_value());
    }
  }
  patches.emplace(*job.patches, std::move(world));
  for (const auto& [name, file] : job.patches->overlays) note_input(file, true);
  if (!job.patches->impossible.empty()) input_files.push_back(job.patches->impossible);
  warnings.insert(warnings.end(), patches->warnings.begin(), patches->warnings.end());
}

void BlockWorker::find_patches(const Window& part) {
  PatchColumns columns;
  for (const auto& date : dates_) columns.classes.push_back(date.change_class.data());
  columns.area_ha = area_ha_.data();
  for (std::size_t p = 0; p < harvest_.size(); ++p) {
    // As in matrix.csv, carbon is that of the first method; what is forest and felled, the run's own account says.
    columns.stock.push_back(stock(p, 0).carbon.data());
    columns.felled.push_back(harvest_[p].data());
  }
  patch_finder_->add(part, columns);
}

}  // namespace sink
