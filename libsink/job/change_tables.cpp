// SPDX-License-Identifier: Apache-2.0
#include "job/change_tables.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "job/input_findings.hpp"
#include "job/row_builder.hpp"
#include "report/change_charts.hpp"
#include "report/table.hpp"

namespace sink {
namespace {

using Json = nlohmann::ordered_json;

void add_where(Table& table) {
  using enum Column::Type;
  table.add_column("zone_set", text);
  table.add_column("zone_id", text);
  table.add_column("year_from", integer);
  table.add_column("year_to", integer);
}

void set_where(RowBuilder& row, const ChangeSetup& setup, const ZoneChanges& zone, std::size_t interval) {
  row.set("zone_set", setup.zones[zone.set].source().set).set("zone_id", zone.zone.id);
  row.set("year_from", std::int64_t{setup.maps.years()[interval]});
  row.set("year_to", std::int64_t{setup.maps.years()[interval + 1]});
}

constexpr const char* units[] = {"pixels", "ha"};
constexpr const char* parts[] = {"start", "end",  "persistence", "gain",     "loss",
                                 "net",   "swap", "quantity",    "exchange", "shift"};

Cell cell_of(std::int64_t value) {
  return value;
}
Cell cell_of(const FixedSum& value) {
  return value.value();
}

template <class T>
void set_parts(RowBuilder& row, const ClassChange<T>& c, const std::string& unit) {
  const T* values[] = {&c.start, &c.end,  &c.persistence, &c.gain,     &c.loss,
                       &c.net,   &c.swap, &c.quantity,    &c.exchange, &c.shift};
  for (std::size_t i = 0; i < std::size(parts); ++i) row.set(parts[i] + ("_" + unit), cell_of(*values[i]));
}

/// Rows of one matrix in classes.csv.
void add_class_rows(const ChangeSetup& setup, const ZoneChanges& zone, std::size_t interval, Table& table) {
  const TransitionMatrix& matrix = zone.intervals[interval];
  const auto pixels = matrix.known_pixels();
  const auto areas = matrix.known_areas();
  const auto by_pixels = changes_by_class(pixels, setup.classes());
  const auto by_area = changes_by_class(areas, setup.classes());
  PixelArea to_unknown, from_unknown;
  const auto add = [&](const ClassLabel& label, const auto& in_pixels, const auto& in_ha, const PixelArea& to,
                       const PixelArea& from) {
    RowBuilder row(table);
    set_where(row, setup, zone, interval);
    row.set("code", label.code).set("name", label.name);
    set_parts(row, in_pixels, "pixels");
    row.set("to_unknown_pixels", to.pixels).set("from_unknown_pixels", from.pixels);
    set_parts(row, in_ha, "ha");
    row.set("to_unknown_ha", to.area_ha.value()).set("from_unknown_ha", from.area_ha.value());
    table.rows.push_back(row.take());
  };
  for (std::size_t k = 0; k < setup.classes(); ++k) {
    const PixelArea &to = matrix.at(k, matrix.unknown()), &from = matrix.at(matrix.unknown(), k);
    add(label_of(setup.maps.legend(), k), by_pixels[k], by_area[k], to, from);
    to_unknown += to;
    from_unknown += from;
  }
  add({"", "overall"}, overall_change(by_pixels, pixels), overall_change(by_area, areas), to_unknown, from_unknown);
}

Json zone_json(const ChangeSetup& setup, const ZoneChanges& zone) {
  Json json = {{"zone_set", setup.zones[zone.set].source().set}, {"zone_id", zone.zone.id}};
  for (std::size_t t = 0; t < zone.intervals.size(); ++t) {
    const TransitionMatrix& matrix = zone.intervals[t];
    Json interval = {{"year_from", setup.maps.years()[t]}, {"year_to", setup.maps.years()[t + 1]}};
    Json pixels = Json::array(), areas = Json::array(), cells = Json::array();
    for (std::size_t from = 0; from <= matrix.unknown(); ++from) {
      Json pixel_row = Json::array(), area_row = Json::array();
      for (std::size_t to = 0; to <= matrix.unknown(); ++to) {
        const PixelArea& cell = matrix.at(from, to);
        if (zone.total) {
          pixel_row.push_back(cell.pixels);
          area_row.push_back(cell.area_ha.value());
        } else if (cell.pixels > 0) {
          cells.push_back({from, to, cell.pixels, cell.area_ha.value()});
        }
      }
      if (!zone.total) continue;
      pixels.push_back(pixel_row);
      areas.push_back(area_row);
    }
    if (zone.total) {
      interval["pixels"] = pixels;
      interval["area_ha"] = areas;
    } else {
      interval["cells"] = cells;
    }
    json["intervals"].push_back(interval);
  }
  return json;
}

}  // namespace

Table matrix_table(const ChangeSetup& setup, const ChangeSums& sums) {
  using enum Column::Type;
  Table table;
  add_where(table);
  for (const auto* name : {"from_code", "from_name", "to_code", "to_name"}) table.add_column(name, text);
  table.add_column("pixels", integer);
  table.add_column("area_ha");
  for_each_zone(setup, sums, [&](const ZoneChanges& zone) {
    for (std::size_t t = 0; t < zone.intervals.size(); ++t) {
      const TransitionMatrix& matrix = zone.intervals[t];
      for (std::size_t from = 0; from <= matrix.unknown(); ++from) {
        for (std::size_t to = 0; to <= matrix.unknown(); ++to) {
          const PixelArea& cell = matrix.at(from, to);
          const bool both_unknown = from == matrix.unknown() && to == matrix.unknown();
          if (cell.pixels == 0 && !zone.total && !both_unknown) continue;
          RowBuilder row(table);
          set_where(row, setup, zone, t);
          const ClassLabel before = label_of(setup, from, t), after = label_of(setup, to, t + 1);
          row.set("from_code", before.code).set("from_name", before.name);
          row.set("to_code", after.code).set("to_name", after.name);
          row.set("pixels", cell.pixels).set("area_ha", cell.area_ha.value());
          table.rows.push_back(row.take());
        }
      }
    }
  });
  return table;
}

Table class_table(const ChangeSetup& setup, const ChangeSums& sums) {
  using enum Column::Type;
  Table table;
  add_where(table);
  table.add_column("code", text);
  table.add_column("name", text);
  for (const std::string unit : units) {
    const auto type = unit == "pixels" ? integer : number;
    for (const std::string part : parts) table.add_column(part + "_" + unit, type);
    for (const std::string part : {"to_unknown", "from_unknown"}) table.add_column(part + "_" + unit, type);
  }
  for_each_zone(setup, sums, [&](const ZoneChanges& zone) {
    for (std::size_t t = 0; t < zone.intervals.size(); ++t) add_class_rows(setup, zone, t, table);
  });
  return table;
}

Table trajectory_table(const ChangeSetup& setup, const ChangeSums& sums) {
  using enum Column::Type;
  Table table;
  for (const auto* name : {"zone_set", "years", "codes", "names"}) table.add_column(name, text);
  for (const auto* name : {"changes", "pixels"}) table.add_column(name, integer);
  table.add_column("area_ha");
  std::string years;
  for (const int year : setup.maps.years()) years += (years.empty() ? "" : ">") + std::to_string(year);
  std::vector<std::pair<Trajectory, PixelArea>> paths(sums.trajectories.begin(), sums.trajectories.end());
  std::sort(paths.begin(), paths.end(), [](const auto& a, const auto& b) {
    return a.second.pixels != b.second.pixels ? a.second.pixels > b.second.pixels : a.first < b.first;
  });
  for (const auto& [path, sum] : paths) {
    std::string codes, names;
    std::int64_t changes = 0;
    for (std::size_t date = 0; date < path.size(); ++date) {
      const ClassLabel label = label_of(setup, path[date], date);
      codes += (date == 0 ? "" : ">") + label.code;
      names += (date == 0 ? "" : " > ") + label.name;
      const bool known = date > 0 && path[date] != no_class && path[date - 1] != no_class;
      changes += known && path[date] != path[date - 1] ? 1 : 0;
    }
    RowBuilder row(table);
    row.set("zone_set", setup.zones[0].source().set).set("years", years).set("codes", codes).set("names", names);
    row.set("changes", changes).set("pixels", sum.pixels).set("area_ha", sum.area_ha.value());
    table.rows.push_back(row.take());
  }
  return table;
}

std::string matrix_json(const ChangeSetup& setup, const ChangeSums& sums) {
  Json json = {{"rows", "class at year_from"}, {"columns", "class at year_to"}, {"last", "unknown"}};
  json["cells"] = "[row, column, pixels, area_ha], where not every cell is written";
  json["classes"] = Json::array();
  for (std::size_t k = 0; k < setup.classes(); ++k) {
    const LegendRow& row = setup.maps.legend()[static_cast<ClassIndex>(k)];
    json["classes"].push_back({{"code", row.code},
                               {"name", class_name(row)},
                               {"name_zh", row.name_zh},
                               {"land_use", setup.maps.legend_given() ? Json(name_of(row.land_use)) : Json(nullptr)}});
    if (setup.maps.legends().several()) json["classes"].back()["codes"] = codes_by_date(setup, k);
  }
  json["zones"] = Json::array();
  for_each_zone(setup, sums, [&](const ZoneChanges& zone) { json["zones"].push_back(zone_json(setup, zone)); });
  return json.dump(1) + "\n";
}

std::string change_text(const ChangeSetup& setup, const ChangeSums& sums) {
  constexpr std::size_t most_shown = 12;
  std::string text;
  for_each_zone(setup, sums, [&](const ZoneChanges& zone) {
    if (zone.set != 0 || !zone.total) return;
    for (std::size_t t = 0; t < zone.intervals.size(); ++t) {
      const TransitionMatrix& matrix = zone.intervals[t];
      const auto areas = matrix.known_areas();
      const auto all = overall_change(changes_by_class(areas, setup.classes()), areas);
      const auto ha = [](const FixedSum& area) { return with_commas(area.value(), 1); };
      FixedSum unknown = matrix.total().area_ha;
      unknown -= all.start;
      text += (t == 0 ? "" : "\n") + setup.year(t) + "-" + setup.year(t + 1) + ": " + ha(all.gain) + " ha of " +
              ha(all.start) + " changed (quantity " + ha(all.quantity) + ", exchange " + ha(all.exchange) + ", shift " +
              ha(all.shift) + "); unknown " + ha(unknown) + " ha\n";
      std::vector<std::pair<std::size_t, std::size_t>> pairs;
      for (std::size_t i = 0; i < setup.classes(); ++i) {
        for (std::size_t j = 0; j < setup.classes(); ++j) {
          if (i != j && matrix.at(i, j).pixels > 0) pairs.emplace_back(i, j);
        }
      }
      std::stable_sort(pairs.begin(), pairs.end(), [&](const auto& a, const auto& b) {
        return is_less(matrix.at(b.first, b.second).area_ha, matrix.at(a.first, a.second).area_ha);
      });
      std::vector<std::vector<std::string>> rows = {{"from", "", "to", "", "pixels", "ha"}};
      for (std::size_t n = 0; n < std::min(pairs.size(), most_shown); ++n) {
        const auto [i, j] = pairs[n];
        const ClassLabel from = label_of(setup, i, t), to = label_of(setup, j, t + 1);
        rows.push_back({from.code, from.name, to.code, to.name, std::to_string(matrix.at(i, j).pixels),
                        ha(matrix.at(i, j).area_ha)});
      }
      if (!pairs.empty()) text += to_terminal(rows, 4);
      if (pairs.size() > most_shown) text += "(" + std::to_string(pairs.size() - most_shown) + " more in matrix.csv)\n";
    }
  });
  return text;
}

}  // namespace sink
