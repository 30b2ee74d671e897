// SPDX-License-Identifier: Apache-2.0
// Styles of vector layers for QGIS, as the XML that stands in a GeoPackage's table `layer_styles`.
#pragma once

#include <string>
#include <vector>

namespace sink {

/// What a value of a text field looks like.
struct StyleCategory {
  std::string value;  ///< blank: every other value
  std::string label;
  std::string colour;  ///< "#rrggbb"
};

/// What a range of numbers looks like, both ends included; of ranges that touch the first has the value. Infinite ends
/// are open.
struct StyleRange {
  double lower = 0, upper = 0;
  std::string label;
  std::string colour;  ///< "#rrggbb"
};

/// How polygons are outlined. Small ones go in their own colour, or all that is seen of them from afar is the line.
enum class Outline { dark, own_colour };

/// The style of a polygon layer that is coloured by the text field `field`. QGIS 3.22 and later read it.
std::string categorised_qml(const std::string& field, const std::vector<StyleCategory>& categories,
                            Outline outline = Outline::dark);
/// The style of a polygon layer that is coloured by a numeric field or expression; where `no_value` has a label, what
/// is blank is in this class, the last, else it is not drawn.
std::string graduated_qml(const std::string& expression, const std::vector<StyleRange>& ranges,
                          const StyleCategory& no_value = {}, Outline outline = Outline::dark);
/// Outlines alone, each with the text of `expression`.
std::string boundary_qml(const std::string& expression);

}  // namespace sink
