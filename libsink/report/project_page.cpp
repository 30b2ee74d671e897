// SPDX-License-Identifier: Apache-2.0
// The print layout of a QGIS project: A4 across, the map on the left, legend and table on the right.
#include <algorithm>
#include <cmath>

#include "report/change_charts.hpp"
#include "report/project_parts.hpp"
#include "table/csv.hpp"

namespace sink {
namespace {

/// Millimetres on the page.
struct Box {
  double x = 0, y = 0, width = 0, height = 0;
};
constexpr Box sheet = {0, 0, 297, 210}, title_box = {10, 5, 277, 8}, subtitle_box = {10, 13, 277, 6},
              map_box = {10, 20, 150, 172}, legend_box = {163, 20, 124, 60}, table_box = {163, 112, 124, 80},
              bar_box = {13, 178, 60, 12}, note_box = {10, 195, 277, 11};

// Types of items in QGIS's files.
constexpr const char *page_type = "65638", *map_type = "65639", *label_type = "65641", *legend_type = "65642",
                     *bar_type = "65646", *frame_type = "65647", *table_type = "65649";

std::string uuid(int number) {
  return "{00000000-0000-4000-8000-00000000000" + std::to_string(number) + "}";
}
constexpr int page_id = 1, map_id = 2, title_id = 3, legend_id = 4, bar_id = 5, frame_id = 6, table_id = 7, note_id = 8,
              subtitle_id = 9;

std::string millimetres(double a, double b) {
  return number_text(a) + "," + number_text(b) + ",mm";
}

using Attributes = std::vector<std::pair<std::string, std::string>>;

/// What every item has, then its own.
std::string item_head(const char* type, int id, const Box& box, bool white, const Attributes& own) {
  const std::string place = millimetres(box.x, box.y);
  Attributes all = {{"type", type},
                    {"uuid", uuid(id)},
                    {"templateUuid", uuid(id)},
                    {"position", place},
                    {"positionOnPage", place},
                    {"size", millimetres(box.width, box.height)},
                    {"referencePoint", "0"},
                    {"zValue", std::to_string(id)},
                    {"visibility", "1"},
                    {"opacity", "1"},
                    {"background", white ? "true" : "false"},
                    {"frame", id == map_id ? "true" : "false"},
                    {"outlineWidthM", "0.2,mm"}};
  all.insert(all.end(), own.begin(), own.end());
  return "      <LayoutItem" + xml_attributes(all) +
         "><FrameColor red=\"60\" green=\"60\" blue=\"60\" alpha=\"255\"/><BackgroundColor red=\"255\" green=\"255\" "
         "blue=\"255\" alpha=\"255\"/>";
}

std::string font(int points, bool bold = false) {
  return "Sans Serif," + std::to_string(points) + ",-1,5," + (bold ? "75" : "50") + ",0,0,0,0,0";
}

/// QGIS evaluates "[% ... %]" in a label: its sign as such an expression stays as it was written.
std::string unevaluated(std::string text) {
  const std::string sign = "[%", quoted = "[% '[%' %]";
  for (auto at = text.find(sign); at != std::string::npos; at = text.find(sign, at + quoted.size())) {
    text.replace(at, sign.size(), quoted);
  }
  return text;
}

std::string label_item(int id, const Box& box, const std::string& text, int points, bool bold) {
  return item_head(label_type, id, box, false,
                   {{"labelText", unevaluated(text)},
                    {"htmlState", "0"},
                    {"marginX", "0"},
                    {"marginY", "0"},
                    {"halign", "1"},
                    {"valign", "128"}}) +
         "<LabelFont" + xml_attributes({{"description", font(points, bold)}, {"style", ""}}) +
         "/><FontColor red=\"30\" green=\"30\" blue=\"30\" alpha=\"255\"/></LayoutItem>\n";
}

std::string text_style(int points, bool bold) {
  return "<text-style" +
         xml_attributes({{"fontFamily", "Sans Serif"},
                         {"fontSize", std::to_string(points)},
                         {"fontSizeUnit", "Point"},
                         {"fontWeight", bold ? "75" : "50"},
                         {"namedStyle", bold ? "Bold" : ""},
                         {"textColor", "30,30,30,255"},
                         {"textOpacity", "1"},
                         {"multilineHeight", "1"}}) +
         "/>";
}

/// The extent made as wide or as high as the map is on the page.
ProjectExtent fitted(const ProjectExtent& extent) {
  const double width = extent.x_max - extent.x_min, height = extent.y_max - extent.y_min;
  const double wide = std::max(width, height * map_box.width / map_box.height),
               high = wide * map_box.height / map_box.width;
  const double x = (extent.x_min + extent.x_max) / 2, y = (extent.y_min + extent.y_max) / 2;
  return {x - wide / 2, y - high / 2, x + wide / 2, y + high / 2};
}

std::string map_item(const Project& project, const std::vector<PlacedLayer>& layers) {
  const ProjectExtent extent = fitted(project.extent);
  std::string xml = item_head(map_type, map_id, map_box, true,
                              {{"keepLayerSet", "true"}, {"drawCanvasItems", "false"}, {"mapRotation", "0"}}) +
                    "<Extent" +
                    xml_attributes({{"xmin", number_text(extent.x_min)},
                                    {"ymin", number_text(extent.y_min)},
                                    {"xmax", number_text(extent.x_max)},
                                    {"ymax", number_text(extent.y_max)}}) +
                    "/><LayerSet>";
  for (const PlacedLayer& placed : layers) {
    if (!placed.layer->on_page) continue;
    xml += "<Layer" +
           xml_attributes({{"name", placed.layer->name},
                           {"source", "./" + placed.layer->source},
                           {"provider", provider_of(*placed.layer)}}) +
           ">" + placed.id + "</Layer>";
  }
  return xml + "</LayerSet></LayoutItem>\n";
}

std::string legend_item(const std::vector<PlacedLayer>& layers) {
  std::string xml = item_head(legend_type, legend_id, legend_box, false,
                              {{"title", ""},
                               {"map_uuid", uuid(map_id)},
                               {"resizeToContents", "1"},
                               {"columnCount", "1"},
                               {"boxSpace", "0"},
                               {"columnSpace", "2"},
                               {"lineSpacing", "0.6"},
                               {"symbolWidth", "7"},
                               {"symbolHeight", "3.6"},
                               {"symbolAlignment", "1"},
                               {"titleAlignment", "1"},
                               {"fontColor", "#1e1e1e"}}) +
                    "<styles>";
  for (const char* name : {"title", "group", "subgroup", "symbol", "symbolLabel"}) {
    const bool head = std::string(name) == "subgroup";
    xml += "<style" +
           xml_attributes({{"name", name},
                           {"alignment", "1"},
                           {"indent", "0"},
                           {"marginTop", head ? "2" : "1"},
                           {"marginLeft", "2"}}) +
           "><styleFont" + xml_attributes({{"description", font(head ? 8 : 7, head)}, {"style", ""}}) + "/></style>";
  }
  xml += "</styles><layer-tree-group>";
  for (const PlacedLayer& placed : layers) {
    if (placed.layer->on_page) xml += tree_entry(placed);
  }
  return xml + "</layer-tree-group></LayoutItem>\n";
}

/// 1, 2 or 5 times a power of ten: about a sixth of the map's width, in kilometres.
double bar_segment_km(const Project& project) {
  const ProjectExtent extent = fitted(project.extent);
  constexpr double metres_per_degree = 111320, degree = 3.14159265358979323846 / 180;
  const double middle = (extent.y_min + extent.y_max) / 2,
               unit_m = is_geographic(project.crs) ? metres_per_degree * std::max(0.01, std::cos(middle * degree)) : 1;
  const double wish = (extent.x_max - extent.x_min) * unit_m / 1000 / 6,
               ten = std::pow(10, std::floor(std::log10(wish)));
  return wish >= 5 * ten ? 5 * ten : wish >= 2 * ten ? 2 * ten : ten;
}

std::string bar_item(const Project& project) {
  return item_head(bar_type, bar_id, bar_box, true,
                   {{"style", "Single Box"},
                    {"mapUuid", uuid(map_id)},
                    {"unitType", "km"},
                    {"unitLabel", "km"},
                    {"numSegments", "2"},
                    {"numSegmentsLeft", "0"},
                    {"numUnitsPerSegment", number_text(bar_segment_km(project))},
                    {"numMapUnitsPerScaleBarUnit", "1"},
                    {"segmentSizeMode", "0"},
                    {"height", "1.6"},
                    {"boxContentSpace", "1"},
                    {"labelBarSpace", "1"},
                    {"outlineWidth", "0.2"},
                    {"alignment", "0"}}) +
         text_style(7, false) + "</LayoutItem>\n";
}

std::string table_item(const ProjectPage& page, const std::vector<PlacedLayer>& layers) {
  const auto found = std::find_if(layers.begin(), layers.end(),
                                  [&](const auto& placed) { return placed.layer->source == page.table_source; });
  if (page.table_source.empty() || found == layers.end()) return "";
  std::string xml = "      <LayoutMultiFrame" +
                    xml_attributes({{"type", table_type},
                                    {"uuid", uuid(table_id)},
                                    {"templateUuid", uuid(table_id)},
                                    {"vectorLayer", found->id},
                                    {"vectorLayerName", found->layer->name},
                                    {"vectorLayerSource", "./" + found->layer->source},
                                    {"vectorLayerProvider", provider_of(*found->layer)},
                                    {"source", "0"},
                                    {"resizeMode", "1"},
                                    {"maxFeatures", "5000"},
                                    {"cellMargin", "1"},
                                    {"headerMode", "1"},
                                    {"headerHAlignment", "0"},
                                    {"showGrid", "1"},
                                    {"horizontalGrid", "1"},
                                    {"verticalGrid", "0"},
                                    {"gridStrokeWidth", "0.15"},
                                    {"gridColor", "150,150,150,255"},
                                    {"backgroundColor", "255,255,255,255"},
                                    {"emptyTableMode", "0"}}) +
                    "><childFrame" + xml_attributes({{"uuid", uuid(frame_id)}, {"templateUuid", uuid(frame_id)}}) +
                    "/><headerTextFormat>" + text_style(6, true) + "</headerTextFormat><contentTextFormat>" +
                    text_style(7, false) + "</contentTextFormat><displayColumns>";
  for (const ProjectColumn& column : page.columns) {
    xml += "<column" +
           xml_attributes({{"attribute", column.expression},
                           {"heading", column.heading},
                           {"hAlignment", column.is_number ? "2" : "1"},
                           {"vAlignment", "128"},
                           {"sortByRank", "0"},
                           {"sortOrder", "0"},
                           {"width", "0"}}) +
           "><backgroundColor red=\"0\" green=\"0\" blue=\"0\" alpha=\"0\"/></column>";
  }
  xml += "</displayColumns></LayoutMultiFrame>\n";
  return item_head(frame_type, frame_id, table_box, false,
                   {{"multiFrame", uuid(table_id)},
                    {"multiFrameTemplateUuid", uuid(table_id)},
                    {"sectionX", "0"},
                    {"sectionY", "0"},
                    {"sectionWidth", number_text(table_box.width)},
                    {"sectionHeight", number_text(table_box.height)}}) +
         "</LayoutItem>\n" + xml;
}

std::string sheet_xml() {
  return "      <PageCollection>" + item_head(page_type, page_id, sheet, true, {}) +
         "<symbol type=\"fill\" alpha=\"1\" name=\"\"><layer class=\"SimpleFill\" pass=\"0\" locked=\"0\" "
         "enabled=\"1\"><prop k=\"color\" v=\"255,255,255,255\"/><prop k=\"style\" v=\"solid\"/><prop "
         "k=\"outline_style\" v=\"no\"/></layer></symbol></LayoutItem></PageCollection>\n";
}

}  // namespace

std::string layouts_xml(const Project& project, const std::vector<PlacedLayer>& layers) {
  const ProjectPage& page = project.page;
  return "  <Layouts><Layout" +
         xml_attributes({{"name", page.name}, {"units", "mm"}, {"printResolution", "300"}, {"worldFileMap", ""}}) +
         ">\n" + sheet_xml() + label_item(title_id, title_box, page.title, 15, true) +
         label_item(subtitle_id, subtitle_box, page.subtitle, 9, false) + map_item(project, layers) +
         legend_item(layers) + bar_item(project) + table_item(page, layers) +
         label_item(note_id, note_box, page.note, 7, false) + "    </Layout></Layouts>\n";
}

}  // namespace sink
