// SPDX-License-Identifier: Apache-2.0
#include "raster/mosaic_view.hpp"

#include <gdal_priv.h>
#include <ogr_spatialref.h>

#include <cmath>

#include "raster/gdal_setup.hpp"

namespace sink {
namespace {

std::string escaped(const std::string& text) {
  char* const escaped = CPLEscapeString(text.c_str(), -1, CPLES_XML);
  std::string copy = escaped;
  CPLFree(escaped);
  return copy;
}

std::string number(double value) {
  return std::isnan(value) ? "nan" : CPLString().Printf("%.17g", value);
}

std::string rectangle(const char* name, const Window& window) {
  return CPLString().Printf("<%s xOff=\"%lld\" yOff=\"%lld\" xSize=\"%lld\" ySize=\"%lld\"/>", name,
                            static_cast<long long>(window.column), static_cast<long long>(window.row),
                            static_cast<long long>(window.columns), static_cast<long long>(window.rows));
}

/// SourceProperties keep GDAL from opening the file before its pixels are asked for.
std::string source_of(const MosaicFile& file, const BandInfo& band, bool scaled) {
  std::string xml = "<ComplexSource><SourceFilename relativeToVRT=\"0\" shared=\"0\">" + escaped(file.real_path) +
                    "</SourceFilename><SourceBand>" + std::to_string(band.band) + "</SourceBand>";
  xml += "<SourceProperties RasterXSize=\"" + std::to_string(file.place.columns) + "\" RasterYSize=\"" +
         std::to_string(file.place.rows) + "\" DataType=\"" + band.type + "\" BlockXSize=\"" +
         std::to_string(band.block_columns) + "\" BlockYSize=\"" + std::to_string(band.block_rows) + "\"/>";
  xml += rectangle("SrcRect", {0, 0, file.place.columns, file.place.rows}) + rectangle("DstRect", file.place);
  if (band.nodata) xml += "<NODATA>" + number(*band.nodata) + "</NODATA>";
  if (band.masked) xml += "<UseMaskBand>true</UseMaskBand>";
  if (scaled)
    xml += "<ScaleOffset>" + number(band.offset) + "</ScaleOffset><ScaleRatio>" + number(band.scale) + "</ScaleRatio>";
  return xml + "</ComplexSource>";
}

}  // namespace

Dataset mosaic_view(const Mosaic& mosaic, const BandInfo& whole) {
  const Grid& grid = whole.grid;
  const auto transform = grid.geotransform();
  std::string xml = "<VRTDataset rasterXSize=\"" + std::to_string(grid.columns) + "\" rasterYSize=\"" +
                    std::to_string(grid.rows) + "\"><GeoTransform>";
  for (std::size_t i = 0; i < transform.size(); ++i) xml += (i == 0 ? "" : ",") + number(transform[i]);
  xml += "</GeoTransform><VRTRasterBand dataType=\"Float64\" band=\"1\"><NoDataValue>nan</NoDataValue>";
  const auto& files = mosaic.files().files();
  for (std::size_t i = 0; i < files.size(); ++i) xml += source_of(files[i], mosaic.info(i), whole.scale_differs);
  xml += "</VRTRasterBand></VRTDataset>";
  const char* const drivers[] = {"VRT", nullptr};
  clear_gdal_errors();
  Dataset view(GDALDataset::Open(xml.c_str(), GDAL_OF_RASTER | GDAL_OF_VERBOSE_ERROR, drivers), whole.path);
  if (!view) throw gdal_error(Error::Kind::input, whole.path, "cannot be opened as one raster");
  OGRSpatialReference crs;
  crs.importFromWkt(grid.crs_wkt.c_str());
  crs.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
  view->SetSpatialRef(&crs);
  return view;
}

}  // namespace sink
