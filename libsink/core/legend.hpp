// SPDX-License-Identifier: Apache-2.0
// Legend: which codes a class raster may hold, what each is called, which row of the parameter table it uses
// and what land use it is (interface.md, Legend). Codes compare as integers; "10xx" is one class for 1000..1099.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/class_table.hpp"

namespace sink {

enum class LandUse : std::uint8_t {
  forest,
  forest_unstocked,  ///< felled, to be replanted
  shrub_counted,     ///< shrub that counts as forest (特灌)
  cropland,
  cropland_perennial,  ///< tea, oil-camellia, orchard
  grassland,
  wetland,
  settlement,
  other,
};

/// The first three land uses are forest.
constexpr bool is_forest(LandUse use) noexcept {
  return use <= LandUse::shrub_counted;
}
/// Their names, in order.
const std::array<std::string_view, 9>& land_use_names() noexcept;
std::string_view name_of(LandUse use) noexcept;
/// The land use called `name`, or nothing.
std::optional<LandUse> land_use_called(std::string_view name) noexcept;

struct LegendRow {
  std::string code;  ///< as written: "7", "0202" or a prefix such as "10xx"
  std::string key;   ///< row of the parameter table, or blank
  LandUse land_use = LandUse::other;
  std::string name_en, name_zh;
  std::string colour = {};  ///< "#rrggbb" in lower case, or blank
};

/// The codes that a row of a legend stands for, first and last.
struct CodeRange {
  std::int64_t first = 0, last = 0;
  friend bool operator==(const CodeRange&, const CodeRange&) = default;
};

/// What a code that stands in two rows means: a mistake, or, in a list of classes united from legends of several dates,
/// the class of the first of them.
enum class RepeatedCodes { refused, first_row };

class Legend {
 public:
  /// Six digits are usual (110801 is Chinese fir), nine are possible.
  static constexpr std::int64_t max_code = 999999999;

  Legend() = default;
  /// Throws Error::input, naming `file`, for a code that is no code, stands twice (unless `repeated` allows it), or too
  /// many classes.
  Legend(std::string file, std::vector<LegendRow> rows, RepeatedCodes repeated = RepeatedCodes::refused);

  [[nodiscard]] const std::string& file() const noexcept { return file_; }
  [[nodiscard]] std::size_t size() const noexcept { return rows_.size(); }
  [[nodiscard]] const LegendRow& operator[](ClassIndex index) const { return rows_.at(index); }
  [[nodiscard]] const std::vector<LegendRow>& rows() const noexcept { return rows_; }
  /// Class of a code; `no_class` where the legend does not have it.
  [[nodiscard]] ClassIndex index_of(std::int64_t code) const noexcept {
    if (code >= 0 && code < static_cast<std::int64_t>(by_code_.size())) return by_code_[static_cast<std::size_t>(code)];
    for (const auto& [range, index] : large_codes_) {
      if (range.first <= code && code <= range.last) return index;
    }
    return no_class;
  }

 private:
  std::string file_;
  std::vector<LegendRow> rows_;
  std::vector<ClassIndex> by_code_;                            ///< codes below 65536
  std::vector<std::pair<CodeRange, ClassIndex>> large_codes_;  ///< rows with codes above, the narrowest first
};

}  // namespace sink
