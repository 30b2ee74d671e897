// SPDX-License-Identifier: Apache-2.0
#include "core/parameters.hpp"

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>

#include "console.hpp"
#include "core/error.hpp"
#include "core/nearest_name.hpp"
#include "report/table.hpp"
#include "sinkcalc/commands.hpp"
#include "table/csv.hpp"
#include "table/shipped.hpp"

namespace sink::tools {
namespace {

struct ParametersCommand {
  std::vector<std::string> keys;
  std::string parameter, status, legend;
  ParameterOptions files;
  bool alternates = false, csv = false, json = false;
};

using Rows = std::vector<std::vector<std::string>>;

std::vector<std::string> cells_of(const ParameterRow& row) {
  return {row.key, row.parameter, number_text(row.value), row.unit, number_text(row.sd), row.status, row.source};
}

const std::vector<std::string> parameter_columns = {"key", "parameter", "value", "unit", "sd", "status", "source"};

/// Throws Error::usage for a key that no row has.
void check_keys(const std::vector<std::string>& keys, const std::vector<ParameterRow>& rows) {
  std::set<std::string> known;
  for (const ParameterRow& row : rows) known.insert(row.key);
  for (const std::string& key : keys) {
    if (known.contains(key)) continue;
    throw usage_error("no parameters for '" + key + "': the nearest key is '" +
                      nearest_name(key, {known.begin(), known.end()}) + "'; see sinkcalc parameters");
  }
}

Rows chosen_rows(const ParametersCommand& options) {
  std::vector<ParameterRow> rows =
      options.alternates ? alternate_parameters() : load_parameters(options.files.parameters).rows();
  check_keys(options.keys, rows);
  Rows chosen = {parameter_columns};
  for (const ParameterRow& row : rows) {
    const bool key =
        options.keys.empty() || std::find(options.keys.begin(), options.keys.end(), row.key) != options.keys.end();
    const bool parameter = options.parameter.empty() || options.parameter == row.parameter;
    const bool status = options.status.empty() || options.status == row.status;
    if (key && parameter && status) chosen.push_back(cells_of(row));
  }
  return chosen;
}

/// A legend with every row's land use and key filled in: a template for one's own.
Rows legend_rows(const ParametersCommand& options) {
  const Legend legend = load_legend(options.legend, load_parameters(options.files.parameters));
  const bool colours =
      std::any_of(legend.rows().begin(), legend.rows().end(), [](const LegendRow& row) { return !row.colour.empty(); });
  Rows rows = {{"code", "key", "land_use", "name_en", "name_zh"}};
  if (colours) rows[0].push_back("colour");
  for (const LegendRow& row : legend.rows()) {
    rows.push_back({row.code, row.key, std::string(name_of(row.land_use)), row.name_en, row.name_zh});
    if (colours) rows.back().push_back(row.colour);
  }
  return rows;
}

std::string csv_text(const Rows& rows) {
  std::string text;
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) text += (i > 0 ? "," : "") + csv_cell(row[i]);
    text += "\n";
  }
  return text;
}

/// One object with a list of rows; `value` and `sd` are numbers.
std::string json_text(const Rows& rows, const std::string& name) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (std::size_t i = 1; i < rows.size(); ++i) {
    nlohmann::ordered_json entry;
    for (std::size_t c = 0; c < rows[0].size(); ++c) {
      const bool number = (rows[0][c] == "value" || rows[0][c] == "sd") && !rows[i][c].empty();
      entry[rows[0][c]] = number ? nlohmann::ordered_json(std::stod(rows[i][c])) : nlohmann::ordered_json(rows[i][c]);
    }
    list.push_back(std::move(entry));
  }
  nlohmann::ordered_json object;
  object[name] = std::move(list);
  return object.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

void declare_options(CLI::App& app, ParametersCommand& options) {
  std::vector<std::string> parameters;
  for (const ParameterKind& kind : parameter_kinds()) parameters.emplace_back(kind.name);
  const std::string legends = CLI::detail::join(shipped_legends(), ", ");
  app.add_option("KEY", options.keys, "only these keys (CHINESE_FIR, BAMBOO_MOSO, …)")->type_name("KEY");
  auto* parameter = app.add_option("--parameter", options.parameter, "only this one: bef, wood_density, …");
  limit_to(parameter, parameters)->type_name("NAME");
  limit_to(app.add_option("--status", options.status, "only rows that are"), {"verified", "unverified"})
      ->type_name("STATUS");
  app.add_flag("--alternates", options.alternates, "values of other sources instead; never computed with");
  app.add_flag("--csv", options.csv, "as a CSV table to edit and give to --parameters");
  app.add_option("--legend", options.legend, "show a legend instead: " + legends + " or a file")->type_name("LEGEND");
  declare(app, options.files);
  declare_json(app, options.json);
}

}  // namespace

Command parameters_command() {
  return {"parameters", "the parameters and legends in use, with unit, sd, status and source",
          "sinkcalc parameters CHINESE_FIR --csv > my_parameters.csv", [](CLI::App& app) -> CommandBody {
            const auto options = std::make_shared<ParametersCommand>();
            declare_options(app, *options);
            return [options](const std::string&) {
              const bool legend = !options->legend.empty();
              const Rows rows = legend ? legend_rows(*options) : chosen_rows(*options);
              print(options->json  ? json_text(rows, legend ? "legend" : "parameters")
                    : options->csv ? csv_text(rows)
                                   : to_terminal(rows));
              return 0;
            };
          }};
}

}  // namespace sink::tools
