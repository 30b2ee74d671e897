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

/// How text is encoded by the .cpg file or the mark in the dBASE header; blank where neither says it.
std::string said_encoding(OGRLayer& layer) {
  constexpr std::string_view says_nothing = "87";  // 0x57, "ANSI": GDAL and ArcGIS write it whatever the text is
  const std::string mark = metadata(layer, "LDID_VALUE");
  const bool says = !metadata(layer, "CPG_VALUE").empty() || (!mark.empty() && mark != "0" && mark != says_nothing);
  return says ? metadata(layer, "SOURCE_ENCODING") : "";
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

/// Bytes of UTF-8. A field may cut the last character.
bool is_utf8(std::string_view text) {
  const std::string whole(text);
  if (CPLIsUTF8(whole.c_str(), -1) != 0) return true;
  std::size_t lead = text.size();
  while (lead > 0 && (static_cast<unsigned char>(text[lead - 1]) & 0xc0) == 0x80) --lead;
  if (lead == 0) return false;
  const auto first = static_cast<unsigned char>(text[--lead]);
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
  return text.size() - lead < length && CPLIsUTF8(whole.substr(0, lead).c_str(), -1) != 0;
}

struct TextSeen {
  bool ascii = true, utf8 = true, gbk = true;
  void add(const char* text) {
    if (is_ascii(text)) return;
    ascii = false;
    utf8 = utf8 && is_utf8(text);
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

TextSeen raw_text_of(const LayerPath& path) {
  const Dataset raw = open_vector(path.file, raw_text);
  return text_of(layer_of(raw, path.layer, "polygons"));
}

/// What to give with --encoding.
std::string other_encoding(const TextSeen& seen) {
  return seen.utf8 ? "UTF-8" : seen.gbk ? "GBK" : "NAME with another one";
}

/// False where bytes of the text cannot be of the encoding; only UTF-8 and GBK are looked at.
bool fits(const TextSeen& seen, const std::string& encoding) {
  if (EQUAL(encoding.c_str(), "UTF-8")) return seen.utf8;
  const bool gbk = EQUAL(encoding.c_str(), "GBK") || EQUAL(encoding.c_str(), "CP936");
  return !gbk || seen.gbk;
}

void demand_fits(const LayerPath& path, const std::string& encoding) {
  clear_gdal_errors();
  char* recoded = CPLRecode("A", encoding.c_str(), CPL_ENC_UTF8);  // an unknown name is an error, or leaves nothing
  const bool known = recoded != nullptr && std::string_view(recoded) == "A" && gdal_error_count() == 0;
  CPLFree(recoded);
  if (!known) throw input_error(path.file, "--encoding: no encoding is called '" + encoding + "': give GBK or UTF-8");
  const TextSeen seen = raw_text_of(path);
  if (!fits(seen, encoding))
    throw input_error(path.file,
                      "its text is not " + encoding + ": give --encoding " + other_encoding(seen) + ", or none");
}

/// Refuses text that is not what the file says of it: a .cpg that a program wrote by itself.
void demand_said(const LayerPath& path, const std::string& said) {
  const TextSeen seen = raw_text_of(path);
  if (!fits(seen, said))
    throw input_error(path.file, "says that its text is " + said +
                                     " (.cpg file, or mark in the .dbf), and it is not: give --encoding " +
                                     other_encoding(seen));
}

}  // namespace

VectorFields vector_fields(const std::string& file, const std::string& encoding) {
  const LayerPath path = parse_layer_path(file);
  VectorFields result{path.file, {}, encoding};
  {
    const Dataset dataset = open_vector(path.file);
    OGRLayer& layer = layer_of(dataset, path.layer, "polygons");
    if (!is_shapefile(dataset)) result.encoding.clear();  // the others are UTF-8
    const std::string said = is_shapefile(dataset) ? said_encoding(layer) : "";
    if (!is_shapefile(dataset) || (encoding.empty() && !said.empty())) {
      if (!said.empty()) demand_said(path, said);
      result.names = names_of(layer);
      return result;
    }
  }
  if (!encoding.empty()) {
    demand_fits(path, encoding);
  } else {
    const TextSeen seen = raw_text_of(path);
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
