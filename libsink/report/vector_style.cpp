// SPDX-License-Identifier: Apache-2.0
#include "report/vector_style.hpp"

#include <cmath>

#include "report/change_charts.hpp"
#include "table/csv.hpp"

namespace sink {
namespace {

/// "213,94,0,255" of "#d55e00".
std::string rgba(const std::string& colour) {
  std::string text;
  for (std::size_t at = 1; at < 7; at += 2) text += std::to_string(std::stoi(colour.substr(at, 2), nullptr, 16)) + ",";
  return text + "255";
}

std::string fill_symbol(std::size_t name, const std::string& colour, Outline outline) {
  const bool own = outline == Outline::own_colour;
  const auto prop = [](const std::string& key, const std::string& value) {
    return "<prop k=\"" + key + "\" v=\"" + value + "\"/>";
  };
  return "      <symbol type=\"fill\" name=\"" + std::to_string(name) +
         "\" alpha=\"1\" clip_to_extent=\"1\" force_rhr=\"0\"><layer class=\"SimpleFill\" enabled=\"1\" pass=\"0\" "
         "locked=\"0\">" +
         prop("color", rgba(colour)) + prop("style", "solid") +
         prop("outline_color", own ? rgba(colour) : "60,60,60,255") + prop("outline_style", "solid") +
         prop("outline_width", own ? "0.35" : "0.2") + prop("outline_width_unit", "MM") + "</layer></symbol>\n";
}

/// Stands for a blank, which QGIS draws in no range.
constexpr const char* blank = "9999999";

/// QGIS reads no infinity here: a number that no measure per hectare reaches.
std::string end_text(double end) {
  return std::isinf(end) ? (end < 0 ? "-1000000" : "1000000") : number_text(end);
}

/// A whole style: what stands inside the renderer (categories or ranges), then a symbol for each.
std::string vector_qml(const std::string& renderer, const std::string& inside, const std::string& symbols) {
  return "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n<qgis version=\"3.22\" "
         "styleCategories=\"Symbology\">\n  <renderer-v2 " +
         renderer + " enableorderby=\"0\" forceraster=\"0\" symbollevels=\"0\">\n" + inside + "    <symbols>\n" +
         symbols + "    </symbols>\n  </renderer-v2>\n  <layerGeometryType>2</layerGeometryType>\n</qgis>\n";
}

}  // namespace

std::string categorised_qml(const std::string& field, const std::vector<StyleCategory>& categories, Outline outline) {
  std::string rows, symbols;
  for (std::size_t i = 0; i < categories.size(); ++i) {
    const StyleCategory& category = categories[i];
    rows += "      <category value=\"" + xml_text(category.value) + "\" label=\"" + xml_text(category.label) +
            "\" symbol=\"" + std::to_string(i) + "\" render=\"true\"/>\n";
    symbols += fill_symbol(i, category.colour, outline);
  }
  return vector_qml("type=\"categorizedSymbol\" attr=\"" + xml_text(field) + "\"",
                    "    <categories>\n" + rows + "    </categories>\n", symbols);
}

std::string graduated_qml(const std::string& expression, const std::vector<StyleRange>& ranges,
                          const StyleCategory& no_value, Outline outline) {
  std::string rows, symbols;
  std::size_t next = 0;
  const auto add = [&](const std::string& lower, const std::string& upper, const std::string& label,
                       const std::string& colour) {
    rows += "      <range lower=\"" + lower + "\" upper=\"" + upper + "\" label=\"" + xml_text(label) + "\" symbol=\"" +
            std::to_string(next) + "\" render=\"true\"/>\n";
    symbols += fill_symbol(next++, colour, outline);
  };
  for (const StyleRange& range : ranges) add(end_text(range.lower), end_text(range.upper), range.label, range.colour);
  std::string value = expression;
  if (!no_value.label.empty()) {
    add(blank, blank, no_value.label, no_value.colour);
    value = "coalesce(" + expression + ", " + blank + ")";
  }
  return vector_qml("type=\"graduatedSymbol\" attr=\"" + xml_text(value) + "\" graduatedMethod=\"GraduatedColor\"",
                    "    <ranges>\n" + rows + "    </ranges>\n", symbols);
}

std::string boundary_qml(const std::string& expression) {
  return "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n<qgis version=\"3.22\" labelsEnabled=\"1\" "
         "styleCategories=\"Symbology|Labeling\">\n  <renderer-v2 type=\"singleSymbol\" enableorderby=\"0\" "
         "forceraster=\"0\" symbollevels=\"0\">\n    <symbols>\n      <symbol type=\"fill\" name=\"0\" alpha=\"1\" "
         "clip_to_extent=\"1\" force_rhr=\"0\"><layer class=\"SimpleFill\" enabled=\"1\" pass=\"0\" "
         "locked=\"0\"><prop k=\"style\" v=\"no\"/><prop k=\"outline_color\" v=\"40,40,40,255\"/><prop "
         "k=\"outline_style\" v=\"solid\"/><prop k=\"outline_width\" v=\"0.3\"/><prop k=\"outline_width_unit\" "
         "v=\"MM\"/></layer></symbol>\n    </symbols>\n  </renderer-v2>\n  <labeling type=\"simple\"><settings>"
         "<text-style fieldName=\"" +
         xml_text(expression) +
         "\" isExpression=\"1\" fontFamily=\"Sans Serif\" fontSize=\"9\" fontSizeUnit=\"Point\" fontWeight=\"75\" "
         "namedStyle=\"Bold\" textColor=\"20,20,20,255\" textOpacity=\"1\" multilineHeight=\"1\"><text-buffer "
         "bufferDraw=\"1\" bufferSize=\"0.9\" bufferSizeUnits=\"MM\" bufferColor=\"255,255,255,255\" "
         "bufferOpacity=\"0.85\" bufferJoinStyle=\"128\" bufferNoFill=\"1\"/></text-style><text-format "
         "multilineAlign=\"3\"/><placement placement=\"4\" priority=\"5\" centroidWhole=\"1\"/><rendering "
         "drawLabels=\"1\" obstacle=\"0\" labelPerPart=\"0\"/></settings></labeling>\n"
         "  <layerGeometryType>2</layerGeometryType>\n</qgis>\n";
}

}  // namespace sink
