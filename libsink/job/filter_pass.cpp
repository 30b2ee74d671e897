// SPDX-License-Identifier: Apache-2.0
#include "job/filter_pass.hpp"

#include <algorithm>
#include <cmath>

#include "core/nodata.hpp"

namespace sink {
namespace {

/// Smooths the labels of every pixel of a strip over the years.
class OverYears {
 public:
  OverYears(const LabelModel* model, std::size_t years)
      : model_(model), years_(years), observed_(years), smoothed_(years) {
    if (model_ == nullptr) return;
    smoother_.emplace(*model_, years);
    probability_.resize(years * model_->classes());
  }

  void operator()(const Window& window, ChangeStrip& strip) {
    const auto pixels = static_cast<std::size_t>(window.pixels());
    if (smoother_) strip.confidence.assign(years_, std::vector<float>(pixels, static_cast<float>(no_value)));
    for (std::size_t p = 0; p < pixels; ++p) {
      bool any = false, same = p > 0;
      for (std::size_t year = 0; year < years_; ++year) {
        const ClassIndex seen = strip.classes[year][p];
        any = any || seen != no_class;
        same = same && seen == observed_[year];
        observed_[year] = seen;
      }
      if (!same) smooth(any);
      for (std::size_t year = 0; year < years_; ++year) {
        strip.classes[year][p] = smoothed_[year];
        if (smoother_) strip.confidence[year][p] = confidence(year);
      }
    }
  }

 private:
  void smooth(bool any) {
    // A pixel that no map knows stays unknown: a model would only tell its own initial state.
    if (!any) {
      std::fill(smoothed_.begin(), smoothed_.end(), no_class);
    } else if (smoother_) {
      smoother_->most_probable_path(observed_, smoothed_);
      smoother_->posterior(observed_, probability_);
    } else {
      majority_of_three_years(observed_, smoothed_);
    }
  }
  [[nodiscard]] float confidence(std::size_t year) const {
    if (smoothed_[year] == no_class) return static_cast<float>(no_value);
    return static_cast<float>(probability_[year * model_->classes() + smoothed_[year]]);
  }

  const LabelModel* model_;
  std::size_t years_;
  std::optional<LabelSmoother> smoother_;
  std::vector<ClassIndex> observed_, smoothed_;
  std::vector<double> probability_;
};

PatchCode as_patch(ClassIndex index) {
  return index == no_class ? no_patch : PatchCode{index};
}

}  // namespace

FilterPasses::FilterPasses(const FilterOptions& options, const ChangeSetup& setup)
    : options_(options), setup_(setup), tallies_(setup.intervals()) {
  const Legend& legend = setup.maps.legend();
  if (!options.transitions.empty()) model_.emplace(label_probabilities(legend, options.transitions, options.emissions));
  if (!options.minimum_units.empty()) units_ = minimum_units(legend, options.minimum_units);
  if (options.sieve_pixels > 1) {
    for (std::size_t date = 0; date <= setup.intervals(); ++date) {
      sieves_.emplace_back(options.sieve_pixels, options.connectivity.value_or(Connectivity::edges));
    }
  }
  for (std::size_t t = 0; t < setup.intervals(); ++t) {
    collectors_.emplace_back(setup.maps.grid().columns, options.connectivity.value_or(Connectivity::corners));
  }
}

std::function<PrepareStrip()> FilterPasses::preparation() const {
  if (!over_years()) return {};
  return [this]() -> PrepareStrip { return OverYears(model_ ? &*model_ : nullptr, setup_.intervals() + 1); };
}

void FilterPasses::sieve_row(std::size_t date, Row row) {
  row_.resize(row.size());
  std::transform(row.begin(), row.end(), row_.begin(), as_patch);
  sieves_[date].sieve_row(row_);
  std::transform(row_.begin(), row_.end(), row.begin(),
                 [](PatchCode code) { return code == no_patch ? no_class : static_cast<ClassIndex>(code); });
}

void FilterPasses::change_row(std::span<const ClassIndex> from, std::span<const ClassIndex> to) {
  row_.resize(from.size());
  const auto classes = static_cast<PatchCode>(setup_.classes());
  for (std::size_t x = 0; x < from.size(); ++x) {
    const bool changed = from[x] != to[x] && from[x] != no_class && to[x] != no_class;
    row_[x] = changed ? from[x] * classes + to[x] : no_patch;
  }
}

void FilterPasses::measure_row(std::size_t interval, std::span<const double> area_ha) {
  collectors_[interval].add_row(row_, area_ha);
}

void FilterPasses::check_patches() const {
  std::size_t bytes = 0;
  for (const Sieve& sieve : sieves_) bytes += sieve.bytes();
  for (const PatchCollector& collector : collectors_) bytes += collector.bytes();
  for (const PatchSet& set : sets_) bytes += set.bytes();
  if (bytes <= static_cast<std::size_t>(setup_.maps.inputs().run.memory_bytes) / 2) return;
  throw Error(Error::Kind::memory,
              "the maps hold more patches than half of --memory takes: give more, or filter over the years (--hmm, "
              "--majority) before patches");
}

void FilterPasses::look(const ChangeRows& rows, const ProgressCallback& progress) {
  const auto for_rows = [](const Window& window, const auto& use) {
    for (std::int64_t y = window.row; y < window.row + window.rows; ++y) use(y);
  };
  const auto see_maps = [&](const std::string& stage, void (Sieve::*look_at)(std::span<const PatchCode>)) {
    rows.pass(stage, progress, [&](const Window& window, ChangeStrip& strip) {
      for (std::size_t date = 0; date < sieves_.size(); ++date) {
        for_rows(window, [&](std::int64_t y) {
          const Row row = strip.row(date, window, y);
          row_.resize(row.size());
          std::transform(row.begin(), row.end(), row_.begin(), as_patch);
          (sieves_[date].*look_at)(row_);
        });
      }
      check_patches();
    });
  };
  if (!sieves_.empty()) {
    see_maps("counting patches", &Sieve::count_row);
    for (Sieve& sieve : sieves_) sieve.counted();
    see_maps("comparing patches", &Sieve::compare_row);
    for (Sieve& sieve : sieves_) sieve.compared();
  }
  if (units_.empty()) return;
  rows.pass("measuring changes", progress, [&](const Window& window, ChangeStrip& strip) {
    for_rows(window, [&](std::int64_t y) {
      for (std::size_t date = 0; date <= setup_.intervals(); ++date) {
        if (!sieves_.empty()) sieve_row(date, strip.row(date, window, y));
        if (date == 0) continue;
        change_row(strip.row(date - 1, window, y), strip.row(date, window, y));
        measure_row(date - 1, ChangeStrip::part(strip.area_ha, window, y));
      }
    });
    check_patches();
  });
  for (Sieve& sieve : sieves_) sieve.again();
  for (auto& collector : collectors_) sets_.push_back(collector.finish());
  for (std::size_t t = 0; t < sets_.size(); ++t) {
    runs_.emplace_back(sets_[t]);
    for (const Patch& patch : sets_[t].patches()) {
      const auto from = static_cast<ClassIndex>(patch.code / setup_.classes()),
                 to = static_cast<ClassIndex>(patch.code % setup_.classes());
      FilterTally& tally = tallies_[t][{from, to}];
      ++tally.patches;
      tally.patches_removed += units_[patch.code].met_by(patch) ? 0 : 1;
    }
  }
}

void FilterPasses::filter(const Window& window, ChangeStrip& strip, std::vector<std::vector<std::uint32_t>>& codes) {
  const auto columns = static_cast<std::size_t>(window.columns);
  codes.resize(setup_.intervals());
  for (auto& column : codes) column.resize(static_cast<std::size_t>(window.pixels()));
  for (std::int64_t y = window.row; y < window.row + window.rows; ++y) {
    for (std::size_t date = 0; date <= setup_.intervals(); ++date) {
      const Row to = strip.row(date, window, y);
      if (!sieves_.empty()) sieve_row(date, to);
      if (date == 0) continue;
      const Row from = strip.row(date - 1, window, y);
      const std::size_t t = date - 1;
      auto* line = codes[t].data() + static_cast<std::size_t>(y - window.row) * columns;
      const double* area = strip.area_ha.data() + static_cast<std::size_t>(y - window.row) * columns;
      for (std::size_t begin = 0; begin < columns;) {
        std::size_t end = begin + 1;
        while (end < columns && from[end] == from[begin] && to[end] == to[begin]) ++end;
        FilterTally& tally = tallies_[t][{from[begin], to[begin]}];
        tally.pixels_before += static_cast<std::int64_t>(end - begin);
        tally.pixels_after += static_cast<std::int64_t>(end - begin);
        tally.area_before_ha.add(area + begin, end - begin);
        tally.area_after_ha.add(area + begin, end - begin);
        std::fill(line + begin, line + end, setup_.code(from[begin], to[begin]));
        begin = end;
      }
      if (!runs_.empty()) remove_small(t, y, window, strip, codes[t]);
    }
  }
}

void FilterPasses::remove_small(std::size_t interval, std::int64_t y, const Window& window, ChangeStrip& strip,
                                std::vector<std::uint32_t>& codes) {
  change_row(strip.row(interval, window, y), strip.row(interval + 1, window, y));
  const auto codes_row = ChangeStrip::part(codes, window, y);
  const auto area = ChangeStrip::part(strip.area_ha, window, y);
  for (const LabelRun& run : runs_[interval].next_row(row_)) {
    if (units_[run.code].met_by(sets_[interval].patches()[run.label])) continue;
    const auto from = static_cast<ClassIndex>(run.code / setup_.classes()),
               to = static_cast<ClassIndex>(run.code % setup_.classes());
    const auto begin = static_cast<std::size_t>(run.begin), pixels = static_cast<std::size_t>(run.end - run.begin);
    FixedSum moved;
    moved.add(area.data() + begin, pixels);
    FilterTally &changed = tallies_[interval][{from, to}], &stays = tallies_[interval][{from, from}];
    changed.pixels_after -= run.end - run.begin;
    changed.area_after_ha -= moved;
    stays.pixels_after += run.end - run.begin;
    stays.area_after_ha += moved;
    const auto reverted = codes_row.subspan(begin, pixels);
    std::fill(reverted.begin(), reverted.end(), setup_.code(from, from));
  }
}

std::vector<SieveSummary> FilterPasses::sieve_summaries() const {
  std::vector<SieveSummary> summaries;
  for (const Sieve& sieve : sieves_) summaries.push_back(sieve.summary());
  return summaries;
}

}  // namespace sink
