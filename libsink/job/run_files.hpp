// SPDX-License-Identifier: Apache-2.0
// What a run calls its files, and the small ones that stand beside its rasters.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "job/output_directory.hpp"
#include "job/run_setup.hpp"
#include "raster/tiff_tags.hpp"

namespace sink {

/// Every file and folder that a run reads, as it is opened; one per `RunSetup::files_read`, in that order.
std::vector<std::string> input_paths(const RunSetup& setup);

/// A file that a run reads.
struct InputPath {
  std::string written, path;  ///< as the user wrote it (and the name, of a file of a folder); as it is opened
};
/// Every file, those of folders one by one, in order of what is written.
std::vector<InputPath> single_inputs(const RunSetup& setup);
/// The folders of GeoTIFFs among the inputs, as written.
std::vector<std::string> input_folders(const RunSetup& setup);

/// How the rasters of a run are stored.
RasterFormat raster_format(const RunSetup& setup);

/// A run of an inventory file writes a project for QGIS.
bool has_project(const RunSetup& setup);

/// Every file that a run may publish.
std::vector<std::string> result_names(const RunSetup& setup);

/// What is said in a raster itself. Only rasters of bytes have a colour table.
RasterWords raster_words(const std::string& description, const std::string& unit, RasterPixels pixels,
                         const std::vector<ChangeCategory>& categories);
inline RasterWords words_of(const OutputLayer& output) {
  return raster_words(output.description, output.unit, output.pixels, output.categories);
}

/// What stands beside a raster: its style for QGIS, and of codes their names (blank for measures).
struct BesideRaster {
  std::string qml, names_xml;
};
/// `codes_seen[code]` is 1 for each code of any pixel: only these have a colour and a name.
BesideRaster beside_raster(const RunSetup& setup, const OutputLayer& output,
                           const std::vector<std::uint8_t>& codes_seen);

/// Writes it; returns the names of the files. Throws Error::output.
std::vector<ResultFile> write_beside(const OutputLayer& output, const BesideRaster& beside,
                                     const OutputDirectory& directory);

}  // namespace sink
