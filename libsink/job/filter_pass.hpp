// SPDX-License-Identifier: Apache-2.0
// The passes of a filter over the rows of class maps: what each step needs to see before it can act, and the tallies.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "change/patches.hpp"
#include "change/sieve.hpp"
#include "job/change_rows.hpp"
#include "job/change_words.hpp"
#include "job/filter_options.hpp"

namespace sink {

/// A transition in one interval, before and after the filter.
struct FilterTally {
  std::int64_t pixels_before = 0, pixels_after = 0, patches = 0, patches_removed = 0;
  FixedSum area_before_ha, area_after_ha;  ///< before and after the minimum mapping unit
};

class FilterPasses {
 public:
  /// `options` and `setup` must outlive this. Throws Error::input and Error::usage for what a person wrote wrong.
  FilterPasses(const FilterOptions& options, const ChangeSetup& setup);

  /// What the workers do with a pixel's labels over the years; blank where nothing.
  [[nodiscard]] std::function<PrepareStrip()> preparation() const;
  /// Runs the passes that only look.
  void look(const ChangeRows& rows, const ProgressCallback& progress);
  /// Filters a strip's classes in place and gives its codes by interval; strips must come in order.
  void filter(const Window& window, ChangeStrip& strip, std::vector<std::vector<std::uint32_t>>& codes);

  [[nodiscard]] bool changes_maps() const noexcept { return over_years() || options_.sieve_pixels > 1; }
  [[nodiscard]] bool over_years() const noexcept { return model_ || options_.majority; }
  [[nodiscard]] bool with_model() const noexcept { return model_.has_value(); }
  /// By interval, then from x K + to; unknown is the last from and to.
  [[nodiscard]] const std::vector<std::map<std::pair<ClassIndex, ClassIndex>, FilterTally>>& tallies() const noexcept {
    return tallies_;
  }
  [[nodiscard]] std::vector<SieveSummary> sieve_summaries() const;

 private:
  using Row = std::span<ClassIndex>;
  /// Throws Error::memory where the patches take more than half of --memory.
  void check_patches() const;
  void sieve_row(std::size_t date, Row row);
  void change_row(std::span<const ClassIndex> from, std::span<const ClassIndex> to);
  void measure_row(std::size_t interval, std::span<const double> area_ha);
  void remove_small(std::size_t interval, std::int64_t y, const Window& window, ChangeStrip& strip,
                    std::vector<std::uint32_t>& codes);

  const FilterOptions& options_;
  const ChangeSetup& setup_;
  std::optional<LabelModel> model_;
  std::vector<MinimumUnit> units_;
  std::vector<Sieve> sieves_;               ///< by date
  std::vector<PatchCollector> collectors_;  ///< by interval
  std::vector<PatchSet> sets_;
  std::vector<PatchRuns> runs_;
  std::vector<std::map<std::pair<ClassIndex, ClassIndex>, FilterTally>> tallies_;
  std::vector<PatchCode> row_;
};

}  // namespace sink
