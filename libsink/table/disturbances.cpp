// SPDX-License-Identifier: Apache-2.0
#include "table/disturbances.hpp"

#include "table/shipped.hpp"

namespace sink {

std::vector<DisturbanceRow> disturbance_rows(const CsvTable& table) {
  const int disturbance = table.column("disturbance"), from = table.column("from_pool"), to = table.column("to_pool"),
            share = table.column("share"), status = table.column("status"), source = table.column("source");
  std::vector<DisturbanceRow> rows;
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const auto text = [&](int column) { return table.rows[i][static_cast<std::size_t>(column)]; };
    rows.push_back({text(disturbance), text(from), text(to), table.number(i, share), text(status), text(source),
                    table.file, table.place(i)});
  }
  return rows;
}

DisturbanceTable load_disturbances(const std::vector<std::string>& user_files) {
  DisturbanceTable table(disturbance_rows(shipped_table("disturbances")));
  for (const std::string& file : user_files) table.override_with(disturbance_rows(read_csv(file)));
  return table;
}

}  // namespace sink
