// SPDX-License-Identifier: Apache-2.0
// Which fields a vector layer has, and how the text of a Shapefile is encoded where it does not say so.
#pragma once

#include <string>
#include <vector>

#include "raster/dataset.hpp"

namespace sink {

/// `open_vector` with the encoding of a Shapefile's text; blank: as it says.
Dataset open_vector(const std::string& file, const std::string& encoding);
/// For that: text as its bytes stand.
inline constexpr const char* raw_text = "raw";

struct VectorFields {
  std::string file;                ///< without the layer
  std::vector<std::string> names;  ///< in UTF-8, in the order of the file
  std::string encoding;            ///< to read it with; blank: what the file says of itself
  bool guessed = false;            ///< neither the user nor the file says it, and text is not plain ASCII
};

/// Fields of FILE[:LAYER]. `encoding` is what the user says of a Shapefile's text, or blank: then its .cpg file, then
/// the mark in its dBASE header (0x57 says nothing: every program writes it), else UTF-8 where all bytes are, else GBK.
/// Throws Error::input as `open_vector` does, for an encoding that is not known or does not fit, and for text that is
/// neither.
VectorFields vector_fields(const std::string& file, const std::string& encoding);

/// The files that one vector file is made of: itself, and of a Shapefile the .dbf, .shx, .prj and .cpg that are there.
std::vector<std::string> vector_parts(const std::string& file);

}  // namespace sink
