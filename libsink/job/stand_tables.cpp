// SPDX-License-Identifier: Apache-2.0
#include "job/stand_tables.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <set>

#include "job/choices.hpp"
#include "job/input_findings.hpp"
#include "job/row_builder.hpp"
#include "raster/grid_around.hpp"
#include "report/table.hpp"
#include "table/csv.hpp"

namespace sink {
namespace {

/// A string of a TOML file.
std::string toml_text(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
  return quoted + "\"";
}

/// A comment of a TOML file: one line.
std::string comment(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
  return text;
}

struct Known {
  std::int64_t stands = 0;
  float least = 0, most = 0;
};

/// The shortest digits that read back to the stored value.
std::string stored_text(float value) {
  char text[32];
  return {text, std::to_chars(text, text + sizeof text, value).ptr};
}

/// Of the stands that have pixels.
Known known_of(const StandLayer& layer, const StandPixels& pixels) {
  Known known;
  for (std::size_t stand = 0; stand < layer.values.size(); ++stand) {
    const float value = layer.values[stand];
    if (std::isnan(value) || pixels.kept[stand] == 0) continue;
    known.least = known.stands == 0 ? value : std::min(known.least, value);
    known.most = known.stands == 0 ? value : std::max(known.most, value);
    ++known.stands;
  }
  for (std::size_t stand = 0; stand < layer.codes.size(); ++stand)
    known.stands += pixels.kept[stand] > 0 && layer.codes[stand] != nodata_code(layer.pixels);
  return known;
}

}  // namespace

std::int64_t add_pixel_findings(const StandSet& set, const Grid& grid, const StandPixels& pixels,
                                const std::vector<StandCheck>& checks, std::vector<StandFinding>& findings) {
  const std::size_t no_pixel = rule_place(checks, "no_pixel"), overlap = rule_place(checks, "overlap");
  std::int64_t off_grid = 0;
  for (std::size_t f = 0; f < set.files.size(); ++f) {
    std::vector<std::size_t> without;
    for (std::size_t i = 0; i < set.layers[f].features.size(); ++i) {
      const std::size_t stand = set.first[f] + i;
      if (pixels.inside[stand] == 0 && set.stands[stand].drawn) without.push_back(i);
    }
    const std::vector<bool> near = on_grid(set.layers[f], without, grid);
    for (std::size_t k = 0; k < without.size(); ++k) {
      if (near[k]) {
        findings.push_back({set.first[f] + without[k], no_pixel, "", 0, no_number});
      } else {
        ++off_grid;
      }
    }
  }
  for (auto at = pixels.taken.begin(); at != pixels.taken.end();) {
    const std::int32_t stand = at->first.first;
    std::int64_t lost = 0;
    std::string by;
    std::size_t others = 0;
    for (; at != pixels.taken.end() && at->first.first == stand; ++at) {
      lost += at->second;
      if (++others <= 3) by += (by.empty() ? "by " : ", ") + set.stands[static_cast<std::size_t>(at->first.second)].id;
    }
    if (others > 3) by += " and " + std::to_string(others - 3) + " more";
    findings.push_back({static_cast<std::size_t>(stand), overlap, "", static_cast<double>(lost), 0, by});
  }
  std::stable_sort(findings.begin(), findings.end(), [](const StandFinding& a, const StandFinding& b) {
    return std::pair(a.stand, a.rule) < std::pair(b.stand, b.rule);
  });
  return off_grid;
}

Table findings_table(const StandSet& set, const std::vector<StandCheck>& checks,
                     const std::vector<StandFinding>& findings) {
  using enum Column::Type;
  Table table;
  table.add_column("file", text);
  table.add_column("fid", integer);
  for (const char* name : {"stand", "rule", "field"}) table.add_column(name, text);
  table.add_column("value");
  table.add_column("expected");
  for (const char* name : {"note", "meaning_en", "meaning_zh"}) table.add_column(name, text);
  for (const StandFinding& finding : findings) {
    const Stand& stand = set.stands[finding.stand];
    const StandCheck& check = checks[finding.rule];
    RowBuilder row(table);
    row.set("file", set.files[stand.file].path).set("fid", stand.fid).set("stand", stand.id).set("rule", check.rule);
    row.set("field", finding.field).set("value", finding.value).set("expected", finding.expected);
    row.set("note", finding.note).set("meaning_en", check.meaning_en).set("meaning_zh", check.meaning_zh);
    table.rows.push_back(row.take());
  }
  return table;
}

std::string findings_in_words(const std::vector<StandCheck>& checks, const std::vector<StandFinding>& findings) {
  if (findings.empty()) return "";
  std::set<std::size_t> stands;
  std::vector<std::int64_t> by_rule(checks.size(), 0);
  for (const StandFinding& finding : findings) {
    stands.insert(finding.stand);
    ++by_rule[finding.rule];
  }
  const auto count = static_cast<std::int64_t>(findings.size()), with = static_cast<std::int64_t>(stands.size());
  std::string words = with_commas(count) + (count == 1 ? " finding in " : " findings in ") + with_commas(with) +
                      (with == 1 ? " stand: " : " stands: ");
  bool first = true;
  for (std::size_t rule = 0; rule < checks.size(); ++rule) {
    if (by_rule[rule] == 0) continue;
    words += (first ? "" : ", ") + checks[rule].rule + " " + with_commas(by_rule[rule]);
    first = false;
  }
  return words;
}

Table legend_table(const Legend& legend) {
  Table table;
  for (const char* name : {"code", "key", "land_use", "name_en", "name_zh", "colour"})
    table.add_column(name, Column::Type::text);
  for (const LegendRow& entry : legend.rows()) {
    RowBuilder row(table);
    row.set("code", entry.code).set("key", entry.key).set("land_use", std::string(name_of(entry.land_use)));
    row.set("name_en", entry.name_en).set("name_zh", entry.name_zh).set("colour", entry.colour);
    table.rows.push_back(row.take());
  }
  return table;
}

std::string inventory_text(const StandsJob& job, const StandSet& set, const std::vector<StandLayer>& layers,
                           const StandPixels& pixels) {
  std::string sources;
  for (const StandFile& file : set.files) sources += (sources.empty() ? "" : ", ") + file.path;
  std::string text = "# Made by sinkcalc stands from " + comment(sources) + "\n";
  text +=
      "# A second date, from another sinkcalc stands on the same grid (--like), is a further [[date]] with its "
      "paths.\n";
  text += "title = " + toml_text("Stands, " + std::to_string(job.year)) + "\n";
  const auto has = [&](const std::string& name) {
    return std::any_of(layers.begin(), layers.end(), [&](const StandLayer& layer) {
      return layer.name == name && known_of(layer, pixels).stands > 0;
    });
  };
  if (has("forest_type")) text += "legend = \"legend.csv\"\n";
  if (has("landcover")) text += "landcover_legend = \"landcover_legend.csv\"\n";
  std::string parameters;
  for (const std::string& file : job.parameter_files)
    parameters += (parameters.empty() ? "" : ", ") + toml_text(std::filesystem::absolute(file).lexically_normal());
  if (!parameters.empty()) text += "parameters = [" + parameters + "]\n";
  text += "\n[[date]]\nyear = " + std::to_string(job.year) + "\n";
  for (const LayerInfo& info : input_layers())
    if (has(std::string(info.name)))
      text += std::string(info.name) + " = \"" + std::string(info.name) + "_" + std::to_string(job.year) + ".tif\"\n";
  for (const StandLayer& layer : layers)
    if (!has(layer.name)) text += "# " + layer.file + " is left out: no stand in it has a value\n";
  return text;
}

std::string inventory_lacks(const std::vector<StandLayer>& layers, const StandPixels& pixels) {
  for (const StandLayer& layer : layers)
    if (layer.name == "forest_type" && known_of(layer, pixels).stands > 0) return "";
  return "inventory.toml: has no forest_type, which sinkcalc check and run need: name its field with --field "
         "species=NAME, or add forest_type = \"RASTER\" to its [[date]]";
}

std::string stands_text(const StandSet& set, const Grid& grid, const std::vector<StandLayer>& layers,
                        const StandPixels& pixels) {
  std::vector<std::vector<std::string>> rows = {{"layer", "field", "unit", "stands", "least", "most"}};
  for (const StandLayer& layer : layers) {
    const Known known = known_of(layer, pixels);
    const bool codes = layer.has_codes();
    const bool any = known.stands > 0 && !codes;
    rows.push_back({layer.name, layer.field, codes ? "code" : layer.unit, with_commas(known.stands),
                    codes ? std::to_string(layer.categories.size()) + " codes"
                    : any ? stored_text(known.least)
                          : "",
                    any ? stored_text(known.most) : ""});
  }
  const auto read = static_cast<std::int64_t>(set.stands.size()), with_pixels = pixels.stands();
  return (with_pixels == read ? "" : with_commas(with_pixels) + " of ") + with_commas(read) + " stands on " +
         describe(grid) + ", " + grid.crs_name + ": " + with_commas(pixels.covered) + " pixels\n" +
         to_terminal(rows, 3);
}

}  // namespace sink
