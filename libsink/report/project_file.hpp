// SPDX-License-Identifier: Apache-2.0
// A QGIS project as text, from a plain description of what it shows. QGIS 3.22 and later read it.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace sink {

struct ProjectCrs {
  std::string wkt;   ///< WKT2
  std::string name;  ///< "EPSG:4548", or a name where it has no code
};

struct ProjectExtent {
  double x_min = 0, y_min = 0, x_max = 0, y_max = 0;
};

/// Years that a layer shows, first and last.
struct ProjectYears {
  int from = 0, to = 0;
};

struct ProjectLayer {
  enum class Of { raster, polygons, table };
  Of of = Of::raster;
  std::string source;  ///< beside the project: "carbon_2020.tif", "zones.gpkg|layername=county"
  std::string name;
  std::string style;  ///< a QML text; blank for a table
  ProjectCrs crs;     ///< not of a table
  std::optional<ProjectYears> years = {};
  std::string note = "";  ///< QGIS shows it where the mouse rests on the layer
  bool shown = false;
  bool on_page = false;  ///< in the map and the legend of the print layout
};

struct ProjectGroup {
  std::string name;  ///< blank: its layers stand above all groups
  std::vector<ProjectLayer> layers;
};

struct ProjectColumn {
  std::string expression, heading;
  bool is_number = false;
};

/// The print layout: A4 with map, legend, scale bar and a table.
struct ProjectPage {
  std::string name, title, subtitle, note;
  std::string table_source;  ///< of a layer of the project; blank: no table
  std::vector<ProjectColumn> columns;
};

struct Project {
  std::string title;
  ProjectCrs crs;
  ProjectExtent extent;  ///< in `crs`
  std::vector<ProjectGroup> groups;
  ProjectPage page;
};

/// The text of the .qgs file; the same description gives the same text.
std::string project_qgs(const Project& project);

}  // namespace sink
