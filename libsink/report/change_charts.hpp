// SPDX-License-Identifier: Apache-2.0
// Charts of a transition matrix as SVG text: a Sankey diagram and a heat map. Plain shapes and text, no script, no
// outside files, so that they open anywhere and can be put into a page.
#pragma once

#include <string>
#include <vector>

namespace sink {

/// What became of each class; sizes in hectares.
struct ChangeChart {
  std::string title, from_title, to_title;   ///< title: "2015-2020, total"; the others head rows and columns
  std::vector<std::string> classes;          ///< names; the last is what is unknown
  std::vector<std::vector<double>> area_ha;  ///< rows: earlier, columns: later
  std::vector<std::string> colours = {};     ///< by class but for the last; blank: by place
};

/// Classes as bars at both dates, transitions as bands; thickness in proportion to area, persistence pale.
std::string sankey_svg(const ChangeChart& chart);
/// The matrix in hectares; the colour is the share of the row, persistence outlined. Classes beyond the 30 largest
/// are summed as one row and column.
std::string heat_map_svg(const ChangeChart& chart);

/// "#009e73": colours that are told apart with any colour vision, by a class's place in its legend.
std::string class_colour(std::size_t place);

/// Text for XML: &, <, >, quotes, and no control characters.
std::string xml_text(const std::string& text);

}  // namespace sink
