// SPDX-License-Identifier: Apache-2.0
#include "job/adjusted_areas.hpp"

#include <charconv>
#include <cmath>

#include "account/area_accuracy.hpp"
#include "core/error.hpp"
#include "table/csv.hpp"

namespace sink {
namespace {

constexpr double same_area = 1e-6;  ///< relative; both add the same pixels

std::uint32_t code_of(const CsvTable& table, std::size_t row, int column, std::uint32_t codes) {
  const std::string text = plain_code(table.rows[row][static_cast<std::size_t>(column)]);
  std::uint32_t code = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), code);
  if (failure == std::errc() && end == text.data() + text.size() && code >= 1 && code <= codes) return code;
  throw input_error(table.place(row), "class '" + text + "' is no from-to code of this map (1 to " +
                                          std::to_string(codes) +
                                          "): give the accuracy.csv of a sample of change_*.tif");
}

}  // namespace

AdjustedAreas read_adjusted_areas(const std::string& file, std::uint32_t codes) {
  const CsvTable table = read_csv(file);
  const int code = table.column("class"), mapped = table.column("mapped_area_ha"),
            area = table.column("adjusted_area_ha"), se = table.column("adjusted_area_se_ha"),
            high = table.column("ci_high_ha");
  AdjustedAreas found{file, z_of_level(0.95), {}};
  double widest_se = 0;
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    if (table.rows[row][static_cast<std::size_t>(code)] == "total") continue;
    if (table.rows[row][static_cast<std::size_t>(mapped)].empty()) {
      throw input_error(table.place(row),
                        "has no mapped area: run sinkchange accuracy with --map, or with strata that "
                        "have map_class and area_ha");
    }
    const AdjustedAreas::Row read{table.number(row, mapped), {table.number(row, area), table.number(row, se)}};
    if (!found.codes.emplace(code_of(table, row, code, codes), read).second) {
      throw input_error(table.place(row), "this class stands twice: delete one of the rows");
    }
    if (read.area_ha.se <= widest_se) continue;
    widest_se = read.area_ha.se;
    found.z = (table.number(row, high) - read.area_ha.value) / widest_se;
  }
  return found;
}

void demand_same_map(const AdjustedAreas& areas, const std::map<std::uint32_t, double>& mapped_ha,
                     const std::string& map) {
  const std::string way_out = ": it is of another map: run sinkchange accuracy on a sample of this one";
  for (const auto& [code, ha] : mapped_ha) {
    const auto row = areas.codes.find(code);
    if (row == areas.codes.end()) {
      throw input_error(areas.file, "has no class " + std::to_string(code) + ", which " + map + " holds" + way_out);
    }
  }
  for (const auto& [code, row] : areas.codes) {
    const auto own = mapped_ha.find(code);
    const double ha = own == mapped_ha.end() ? 0 : own->second;
    if (std::abs(row.mapped_ha - ha) <= same_area * ha) continue;
    throw input_error(areas.file, "has " + number_text(row.mapped_ha) + " ha mapped as class " + std::to_string(code) +
                                      ", and " + map + " has " + number_text(ha) + way_out);
  }
}

}  // namespace sink
