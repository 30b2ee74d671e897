// SPDX-License-Identifier: Apache-2.0
#include "core/legend.hpp"

#include <algorithm>
#include <utility>

#include "core/error.hpp"

namespace sink {
namespace {

/// The codes of a legend row, or nothing where the text is no code.
std::optional<CodeRange> codes_of(std::string_view text) {
  constexpr std::size_t most_digits = 9;
  const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const bool rest_is_open = text.find_first_not_of("xX", digits) == std::string_view::npos;
  if (digits == 0 || text.size() > most_digits || !rest_is_open) return std::nullopt;
  CodeRange range;
  for (std::size_t i = 0; i < text.size(); ++i) {
    range.first = range.first * 10 + (i < digits ? text[i] - '0' : 0);
    range.last = range.last * 10 + (i < digits ? text[i] - '0' : 9);
  }
  return range;
}

}  // namespace

const std::array<std::string_view, 9>& land_use_names() noexcept {
  static constexpr std::array<std::string_view, 9> names = {"forest",   "forest_unstocked",   "shrub_counted",
                                                            "cropland", "cropland_perennial", "grassland",
                                                            "wetland",  "settlement",         "other"};
  return names;
}

std::string_view name_of(LandUse use) noexcept {
  return land_use_names()[static_cast<std::size_t>(use)];
}

std::optional<LandUse> land_use_called(std::string_view name) noexcept {
  const auto& names = land_use_names();
  const auto* const at = std::find(names.begin(), names.end(), name);
  if (at == names.end()) return std::nullopt;
  return static_cast<LandUse>(at - names.begin());
}

Legend::Legend(std::string file, std::vector<LegendRow> rows, RepeatedCodes repeated)
    : file_(std::move(file)), rows_(std::move(rows)) {
  if (rows_.size() > max_classes)
    throw input_error(file_, "has " + std::to_string(rows_.size()) + " classes, at most " +
                                 std::to_string(max_classes) +
                                 " are possible: write classes that belong together as one prefix row, such as 10xx");
  std::vector<std::pair<CodeRange, ClassIndex>> ranges;
  for (const LegendRow& row : rows_) {
    const auto range = codes_of(row.code);
    if (!range || range->last > max_code)
      throw input_error(file_, "'" + row.code + "' is no code: write a whole number of at most " +
                                   std::to_string(max_code) + ", or a prefix such as 10xx");
    ranges.emplace_back(*range, static_cast<ClassIndex>(ranges.size()));
  }
  // The widest prefix first, so that the narrower row decides: 1202 wins over 12xx.
  std::stable_sort(ranges.begin(), ranges.end(), [](const auto& a, const auto& b) {
    return std::pair(a.first.first - a.first.last, a.first.first) <
           std::pair(b.first.first - b.first.last, b.first.first);
  });
  constexpr std::int64_t dense_codes = 65536;
  by_code_.assign(dense_codes, no_class);
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    const auto& [range, index] = ranges[i];
    if (i > 0 && ranges[i - 1].first == range) {
      if (repeated == RepeatedCodes::first_row) continue;
      throw input_error(file_, "code " + rows_[index].code +
                                   " stands twice (codes compare as integers, leading zeros dropped): delete one row");
    }
    for (std::int64_t code = range.first; code <= std::min(range.last, dense_codes - 1); ++code) {
      by_code_[static_cast<std::size_t>(code)] = index;
    }
    if (range.last >= dense_codes) large_codes_.insert(large_codes_.begin(), ranges[i]);
  }
}

}  // namespace sink
