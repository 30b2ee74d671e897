// SPDX-License-Identifier: Apache-2.0
// The labelled sample as read: texts of its fields, and where its points lie on the map.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/grid.hpp"
#include "core/legend.hpp"
#include "job/accuracy.hpp"
#include "job/strata_pass.hpp"

namespace sink {

struct SampleRow {
  std::string place;                          ///< "sample.csv:12", for messages
  std::string stratum, map_class, reference;  ///< class codes as `plain_code` has them; blank where missing
  std::string psu, psu_count, ssu_count;
  std::optional<Point> point;  ///< in the CRS of the map, once `locate` has been called
};

struct LabelledSample {
  std::string file;     ///< without the layer
  std::string crs_wkt;  ///< of the points; blank: that of the map
  bool has_stratum = false, has_map_class = false, has_points = false;
  std::size_t repeated = 0;  ///< units in the pixel of another, once the map's classes are taken
  std::vector<SampleRow> rows;
};

/// Reads a CSV (points from its columns x and y, where both are there) or a point layer. Throws Error::input for a
/// missing file or field.
LabelledSample read_sample(const AccuracyJob& job);

/// Gives every row the class of the map at its point. Throws Error::input: points outside the map or on nodata, rows
/// whose own map class is another one, each with their number and the first.
void take_map_classes(const StrataMap& map, LabelledSample& sample);

/// Turns names of the legend into its codes. Throws Error::input for classes that the legend does not have.
void resolve_classes(const Legend& legend, LabelledSample& sample);

/// Takes rows without a label out of the sample: blank, one of `labels`, or 0 where that is no class of the map.
/// Returns how many, and where the first stood.
struct Unlabelled {
  std::int64_t rows = 0;
  std::string first;
};
Unlabelled remove_unlabelled(const std::vector<std::string>& labels, bool zero_is_a_class, LabelledSample& sample);

/// "3 of 40 units WHAT (first: sample.csv:7)".
std::string count_of_units(std::size_t count, const LabelledSample& sample, const std::string& what,
                           const std::string& first);

}  // namespace sink
