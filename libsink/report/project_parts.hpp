// SPDX-License-Identifier: Apache-2.0
// What the parts of a QGIS project share: attributes, ids, entries of a layer tree. For project_file and project_page.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "report/project_file.hpp"

namespace sink {

/// ` name="value"` of each pair, escaped.
std::string xml_attributes(const std::vector<std::pair<std::string, std::string>>& pairs);

/// A layer with the id that it has in a project. Ids of less than 22 characters QGIS makes anew, and the layer tree
/// then points nowhere.
struct PlacedLayer {
  const ProjectLayer* layer = nullptr;
  std::string id;
};
std::vector<PlacedLayer> placed_layers(const Project& project);

std::string tree_entry(const PlacedLayer& placed);
std::string provider_of(const ProjectLayer& layer);

/// Whether coordinates are degrees.
bool is_geographic(const ProjectCrs& crs);

/// `<Layouts>` with the page.
std::string layouts_xml(const Project& project, const std::vector<PlacedLayer>& layers);

}  // namespace sink
