// SPDX-License-Identifier: Apache-2.0
// What stands beside a raster of codes: GDAL's .aux.xml with names, and a style that QGIS loads by itself.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace sink {

/// One code of a raster of changes, or of causes.
struct ChangeCategory {
  std::uint32_t code = 0;
  std::string name;                ///< "forest → tea"
  std::string from_code, to_code;  ///< as in the legend; blank where it is no change
  std::string colour;              ///< "#rrggbb"
  std::string label = {};          ///< in styles, English and Chinese; blank: the name
};

/// Red, green and blue of "#rrggbb".
std::array<std::uint8_t, 3> rgb_of(const std::string& colour);

/// Category names (as far as a list by code stays short) and an attribute table of the codes given.
std::string category_aux_xml(const std::vector<ChangeCategory>& categories);
/// A QGIS style with a colour and a label for each code.
std::string category_qml(const std::vector<ChangeCategory>& categories);

}  // namespace sink
