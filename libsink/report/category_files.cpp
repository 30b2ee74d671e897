// SPDX-License-Identifier: Apache-2.0
#include "report/category_files.hpp"

#include <algorithm>

#include "report/change_charts.hpp"

namespace sink {
namespace {

/// GDAL's list of names starts at 0 and knows no gaps; beyond this, the attribute table alone has them.
constexpr std::uint32_t longest_list = 4096;

struct Field {
  const char* name;
  int type;   ///< of GDAL's attribute tables: 0 integer, 2 text
  int usage;  ///< 5 the value, 2 its name, 6 7 8 red green blue, 0 anything
  bool of_change = false;
};
constexpr Field fields[] = {{"Value", 0, 5},         {"Name", 2, 2}, {"from_code", 2, 0, true},
                            {"to_code", 2, 0, true}, {"Red", 0, 6},  {"Green", 0, 7},
                            {"Blue", 0, 8}};

std::string attribute_table(const std::vector<ChangeCategory>& categories) {
  const bool of_change = std::any_of(categories.begin(), categories.end(),
                                     [](const auto& c) { return !c.from_code.empty() || !c.to_code.empty(); });
  std::string xml = "    <GDALRasterAttributeTable tableType=\"thematic\">\n";
  std::size_t place = 0;
  for (const Field& field : fields) {
    if (!of_change && field.of_change) continue;
    xml += "      <FieldDefn index=\"" + std::to_string(place++) + "\"><Name>" + field.name + "</Name><Type>" +
           std::to_string(field.type) + "</Type><Usage>" + std::to_string(field.usage) + "</Usage></FieldDefn>\n";
  }
  for (std::size_t i = 0; i < categories.size(); ++i) {
    const ChangeCategory& c = categories[i];
    xml += "      <Row index=\"" + std::to_string(i) + "\">";
    std::vector<std::string> cells = {std::to_string(c.code), c.name};
    if (of_change) cells.insert(cells.end(), {c.from_code, c.to_code});
    for (const std::string& cell : cells) {
      xml += "<F>" + xml_text(cell) + "</F>";
    }
    for (const std::uint8_t channel : rgb_of(c.colour)) xml += "<F>" + std::to_string(channel) + "</F>";
    xml += "</Row>\n";
  }
  return xml + "    </GDALRasterAttributeTable>\n";
}

}  // namespace

std::array<std::uint8_t, 3> rgb_of(const std::string& colour) {
  const auto channel = [&](std::size_t at) {
    return static_cast<std::uint8_t>(std::stoi(colour.substr(1 + 2 * at, 2), nullptr, 16));
  };
  return {channel(0), channel(1), channel(2)};
}

std::string category_aux_xml(const std::vector<ChangeCategory>& categories) {
  std::string xml = "<PAMDataset>\n  <PAMRasterBand band=\"1\">\n";
  if (!categories.empty() && categories.back().code <= longest_list) {
    xml += "    <CategoryNames>\n";
    std::uint32_t next = 0;
    for (const auto& category : categories) {
      for (; next < category.code; ++next) xml += "      <Category></Category>\n";
      xml += "      <Category>" + xml_text(category.name) + "</Category>\n";
      ++next;
    }
    xml += "    </CategoryNames>\n";
  }
  return xml + attribute_table(categories) + "  </PAMRasterBand>\n</PAMDataset>\n";
}

std::string category_qml(const std::vector<ChangeCategory>& categories) {
  std::string xml =
      "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n<qgis version=\"3.22\" "
      "styleCategories=\"AllStyleCategories\">\n  <pipe>\n    <rasterrenderer type=\"paletted\" band=\"1\" "
      "opacity=\"1\" alphaBand=\"-1\" nodataColor=\"\">\n      <colorPalette>\n";
  for (const auto& category : categories) {
    xml += "        <paletteEntry value=\"" + std::to_string(category.code) + "\" label=\"" +
           xml_text(category.label.empty() ? category.name : category.label) + "\" color=\"" + category.colour +
           "\" alpha=\"255\"/>\n";
  }
  return xml + "      </colorPalette>\n    </rasterrenderer>\n  </pipe>\n  <blendMode>0</blendMode>\n</qgis>\n";
}

}  // namespace sink
