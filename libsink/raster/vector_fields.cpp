// SPDX-License-Identifier: Apache-2.0
#include "raster/vector_fields.hpp"

#include <cpl_string.h>
#include <gdal_priv.h>
#include <ogrsf_frmts.h>

#include <algorithm>
#include <filesystem>
#include <string_view>

#include "raster/dataset.hpp"
#include "raster/gdal_setup.hpp"

namespace sink {
namespace {

bool is_shapefile(const Dataset& dataset) {
  return EQUAL(dataset->GetDriverName(), "ESRI Shapefile");
}

std::string metadata(OGRLayer& layer, const char* name) {
  const char* text = layer.GetMetadataItem(name, "SHAPEFILE");
  return text == nullptr ? "" : text;
}

/// Whether the .cpg file or the mark in the dBASE header says how text is encoded.
bool says_encoding(OGRLayer& layer) {
  constexpr std::string_view says_nothing = "87";  // 0x57, "ANSI": GDAL and ArcGIS write it whatever the text is
  if (!metadata(layer, "CPG_VALUE").empty()) return true;
  const std::string mark = metadata(layer, "LDID_VALUE");
  return !mark.empty() && mark != "0" && mark != says_nothing;
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// Bytes of GBK: pairs of 81..FE and 40..FE without 7F. A field may cut the last pair in half.
bool is_gbk(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto lead = static_cast<unsigned char>(text[i]);
    if (lead < 0x80) continue;
    if (lead == 0x80 || lead == 0xff) return false;
    if (++i == text.size()) return true;
    const auto trail = static_cast<unsigned char>(text[i]);
    if (trail < 0x40 || trail == 0x7f || trail == 0xff) return false;
  }
  return true;
}

struct TextSeen {
  bool ascii = true, utf8 = true, gbk = true;
  void add(const char* text) {
    if (is_ascii(text)) return;
    ascii = false;
    utf8 = utf8 && CPLIsUTF8(text, -1) != 0;
    gbk = gbk && is_gbk(text);
  }
};

/// Looks at every name and every text of a layer.
TextSeen text_of(OGRLayer& layer) {
  TextSeen seen;
  const OGRFeatureDefn& definition = *layer.GetLayerDefn();
  std::vector<int> texts;
  for (int i = 0; i < definition.GetFieldCount(); ++i) {
    seen.add(definition.GetFieldDefn(i)->GetNameRef());
    if (definition.GetFieldDefn(i)->GetType() == OFTString) texts.push_back(i);
  }
  const char* no_geometry[] = {"OGR_GEOMETRY", nullptr};
  layer.SetIgnoredFields(no_geometry);
  layer.ResetReading();
  while (const OGRFeatureUniquePtr feature{layer.GetNextFeature()})
    for (const int i : texts) seen.add(feature->GetFieldAsString(i));
  return seen;
}

std::vector<std::string> names_of(OGRLayer& layer) {
  const OGRFeatureDefn& definition = *layer.GetLayerDefn();
  std::vector<std::string> names;
  for (int i = 0; i < definition.GetFieldCount(); ++i) names.emplace_back(definition.GetFieldDefn(i)->GetNameRef());
  return names;
}

void demand_fits(const LayerPath& path, const std::string& encoding) {
  clear_gdal_errors();
  char* recoded = CPLRecode("A", encoding.c_str(), CPL_ENC_UTF8);  // an unknown name is an error, or leaves nothing
  const bool known = recoded != nullptr && std::string_view(recoded) == "A" && gdal_error_count() == 0;
  CPLFree(recoded);
  if (!known) throw input_error(path.file, "--encoding: no encoding is called '" + encoding + "': give GBK or UTF-8");
  const Dataset raw = open_vector(path.file, raw_text);
  const TextSeen seen = text_of(layer_of(raw, path.layer, "polygons"));
  const bool fits = EQUAL(encoding.c_str(), "UTF-8") ? seen.utf8 : !EQUAL(encoding.c_str(), "GBK") || seen.gbk;
  if (!fits)
    throw input_error(path.file, "its text is not " + encoding + ": give --encoding " +
                                     (seen.utf8  ? "UTF-8"
                                      : seen.gbk ? "GBK"
                                                 : "NAME with another one") +
                                     ", or none");
}

}  // namespace

VectorFields vector_fields(const std::string& file, const std::string& encoding) {
  const LayerPath path = parse_layer_path(file);
  VectorFields result{path.file, {}, encoding};
  {
    const Dataset dataset = open_vector(path.file);
    OGRLayer& layer = layer_of(dataset, path.layer, "polygons");
    if (!is_shapefile(dataset)) result.encoding.clear();  // the others are UTF-8
    if (!is_shapefile(dataset) || (encoding.empty() && says_encoding(layer))) {
      result.names = names_of(layer);
      return result;
    }
  }
  if (!encoding.empty()) {
    demand_fits(path, encoding);
  } else {
    const Dataset raw = open_vector(path.file, raw_text);
    const TextSeen seen = text_of(layer_of(raw, path.layer, "polygons"));
    if (!seen.utf8 && !seen.gbk)
      throw input_error(path.file,
                        "does not say how its text is encoded, and it is neither UTF-8 nor GBK: give --encoding");
    result.encoding = seen.utf8 ? "UTF-8" : "GBK";
    result.guessed = !seen.ascii;
  }
  const Dataset dataset = open_vector(path.file, result.encoding);
  result.names = names_of(layer_of(dataset, path.layer, "polygons"));
  return result;
}

std::vector<std::string> vector_parts(const std::string& file) {
  namespace fs = std::filesystem;
  std::vector<std::string> parts = {file};
  const fs::path path(file);
  std::string ending = path.extension().string();
  if (!EQUAL(ending.c_str(), ".shp")) return parts;
  for (const char* other : {".dbf", ".shx", ".prj", ".cpg", ".DBF", ".SHX", ".PRJ", ".CPG"}) {
    std::error_code failure;
    const fs::path part = fs::path(path).replace_extension(other);
    if (fs::is_regular_file(part, failure)) parts.push_back(part.string());
  }
  return parts;
}

}  // namespace sink
