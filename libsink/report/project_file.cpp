// SPDX-License-Identifier: Apache-2.0
#include "report/project_file.hpp"

#include <algorithm>

#include "report/change_charts.hpp"
#include "report/project_parts.hpp"
#include "table/csv.hpp"

namespace sink {
namespace {

/// What stands inside a style's <qgis> element.
std::string style_body(const std::string& qml) {
  const auto element = qml.find("<qgis "), begin = qml.find('>', element), end = qml.rfind("</qgis>");
  return element == std::string::npos ? "" : qml.substr(begin + 1, end - begin - 1);
}

/// Both the text and the code: QGIS takes a project's CRS from WKT alone, and shows the code.
std::string crs_xml(const ProjectCrs& crs) {
  const std::string code = crs.name.starts_with("EPSG:") ? crs.name : "";
  return "<spatialrefsys><wkt>" + xml_text(crs.wkt) + "</wkt>" + (code.empty() ? "" : "<authid>" + code + "</authid>") +
         "<geographicflag>" + (is_geographic(crs) ? "true" : "false") + "</geographicflag></spatialrefsys>";
}

std::string extent_xml(const ProjectExtent& extent) {
  return "<extent><xmin>" + number_text(extent.x_min) + "</xmin><ymin>" + number_text(extent.y_min) + "</ymin><xmax>" +
         number_text(extent.x_max) + "</xmax><ymax>" + number_text(extent.y_max) + "</ymax></extent>";
}

std::string range_xml(const std::string& element, const ProjectYears& years) {
  return "<" + element + "><start>" + std::to_string(years.from) + "-01-01T00:00:00Z</start><end>" +
         std::to_string(years.to) + "-12-31T23:59:59Z</end></" + element + ">";
}

/// The classes of a measure alone: QGIS would put the band's long name above them.
std::string entries_of_legend(const ProjectLayer& layer) {
  std::string order;
  int entry = 0;
  for (auto at = layer.style.find("<item "); at != std::string::npos; at = layer.style.find("<item ", at + 1)) {
    order += (order.empty() ? "" : ",") + std::to_string(++entry);
  }
  if (order.empty()) return "";
  return "<customproperties><Option type=\"Map\"><Option name=\"legend/node-order\" type=\"QString\" value=\"" + order +
         "\"/></Option></customproperties>";
}

std::string layer_xml(const PlacedLayer& placed) {
  const ProjectLayer& layer = *placed.layer;
  const bool raster = layer.of == ProjectLayer::Of::raster, table = layer.of == ProjectLayer::Of::table;
  const std::string kind = raster  ? "type=\"raster\""
                           : table ? "type=\"vector\" geometry=\"No geometry\""
                                   : "type=\"vector\" geometry=\"Polygon\"";
  std::string xml = "    <maplayer " + kind + " styleCategories=\"AllStyleCategories\"><id>" + placed.id +
                    "</id><datasource>./" + xml_text(layer.source) + "</datasource><layername>" + xml_text(layer.name) +
                    "</layername>";
  if (!layer.note.empty()) xml += "<abstract>" + xml_text(layer.note) + "</abstract>";
  if (!table) xml += "<srs>" + crs_xml(layer.crs) + "</srs>";
  xml += "<provider" + std::string(raster ? "" : " encoding=\"UTF-8\"") + ">" + provider_of(layer) + "</provider>";
  if (raster && layer.years) {
    xml +=
        "<temporal enabled=\"1\" mode=\"0\" fetchMode=\"0\">" + range_xml("fixedRange", *layer.years) + "</temporal>";
  }
  return xml + style_body(layer.style) + "</maplayer>\n";
}

std::string tree_xml(const Project& project, const std::vector<PlacedLayer>& layers) {
  std::string xml = "  <layer-tree-group>\n";
  std::size_t next = 0;
  for (const ProjectGroup& group : project.groups) {
    if (group.layers.empty()) continue;
    const bool shown = std::any_of(group.layers.begin(), group.layers.end(), [](auto& layer) { return layer.shown; });
    if (!group.name.empty()) {
      // Checked, so that ticking a layer in it shows the layer.
      xml += "    <layer-tree-group" +
             xml_attributes({{"name", group.name}, {"checked", "Qt::Checked"}, {"expanded", shown ? "1" : "0"}}) +
             ">\n";
    }
    for (std::size_t i = 0; i < group.layers.size(); ++i) xml += "      " + tree_entry(layers[next++]);
    if (!group.name.empty()) xml += "    </layer-tree-group>\n";
  }
  return xml + "  </layer-tree-group>\n";
}

/// From the first to the last year of any layer, a year a step; blank where no layer has any.
std::string time_xml(const std::vector<PlacedLayer>& layers) {
  std::optional<ProjectYears> all;
  for (const PlacedLayer& placed : layers) {
    const auto& years = placed.layer->years;
    if (!years) continue;
    all = all ? ProjectYears{std::min(all->from, years->from), std::max(all->to, years->to)} : *years;
  }
  if (!all) return "";
  return "  <ProjectTimeSettings timeStep=\"1\" timeStepUnit=\"y\" frameRate=\"1\" cumulativeTemporalRange=\"0\">" +
         range_xml("TemporalRange", *all) + "</ProjectTimeSettings>\n";
}

std::string view_xml(const Project& project) {
  const ProjectExtent& e = project.extent;
  return "  <mapcanvas name=\"theMapCanvas\" annotationsVisible=\"1\"><units>" +
         std::string(is_geographic(project.crs) ? "degrees" : "meters") + "</units>" + extent_xml(e) +
         "<rotation>0</rotation><destinationsrs>" + crs_xml(project.crs) +
         "</destinationsrs></mapcanvas>\n"
         "  <ProjectViewSettings UseProjectScales=\"0\" rotation=\"0\"><Scales/><DefaultViewExtent" +
         xml_attributes({{"xmin", number_text(e.x_min)},
                         {"ymin", number_text(e.y_min)},
                         {"xmax", number_text(e.x_max)},
                         {"ymax", number_text(e.y_max)}}) +
         ">" + crs_xml(project.crs) + "</DefaultViewExtent></ProjectViewSettings>\n";
}

}  // namespace

std::string xml_attributes(const std::vector<std::pair<std::string, std::string>>& pairs) {
  std::string xml;
  for (const auto& [name, value] : pairs) xml += " " + name + "=\"" + xml_text(value) + "\"";
  return xml;
}

std::vector<PlacedLayer> placed_layers(const Project& project) {
  std::vector<PlacedLayer> layers;
  for (const ProjectGroup& group : project.groups) {
    for (const ProjectLayer& layer : group.layers) {
      const std::string number = std::to_string(layers.size() + 1);
      layers.push_back({&layer, "layer_" + std::string(4 - std::min<std::size_t>(number.size(), 3), '0') + number +
                                    "_of_sinkcalc_inventory"});
    }
  }
  return layers;
}

std::string provider_of(const ProjectLayer& layer) {
  return layer.of == ProjectLayer::Of::raster ? "gdal" : "ogr";
}

std::string tree_entry(const PlacedLayer& placed) {
  const ProjectLayer& layer = *placed.layer;
  return "<layer-tree-layer" +
         xml_attributes({{"id", placed.id},
                         {"name", layer.name},
                         {"source", "./" + layer.source},
                         {"providerKey", provider_of(layer)},
                         {"checked", layer.shown ? "Qt::Checked" : "Qt::Unchecked"},
                         {"expanded", layer.shown ? "1" : "0"}}) +
         ">" + entries_of_legend(layer) + "</layer-tree-layer>\n";
}

bool is_geographic(const ProjectCrs& crs) {
  return crs.wkt.starts_with("GEOG");
}

std::string project_qgs(const Project& project) {
  const auto layers = placed_layers(project);
  std::string xml = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n<qgis version=\"3.22.16\"" +
                    xml_attributes({{"projectname", project.title}}) + ">\n  <title>" + xml_text(project.title) +
                    "</title>\n  <projectCrs>" + crs_xml(project.crs) + "</projectCrs>\n" + tree_xml(project, layers) +
                    "  <projectlayers>\n";
  for (const PlacedLayer& layer : layers) xml += layer_xml(layer);
  // Without the flag of SpatialRefSys the CRS above is not read, without <mapcanvas> the canvas opens blank.
  return xml + "  </projectlayers>\n" + view_xml(project) +
         "  <properties><Paths><Absolute type=\"bool\">false</Absolute></Paths><SpatialRefSys><ProjectionsEnabled "
         "type=\"int\">1</ProjectionsEnabled></SpatialRefSys><Measure><Ellipsoid "
         "type=\"QString\">EPSG:7030</Ellipsoid></Measure></properties>\n" +
         time_xml(layers) + layouts_xml(project, layers) + "</qgis>\n";
}

}  // namespace sink
