// SPDX-License-Identifier: Apache-2.0
// What the sources of one thread have in common.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "raster/dataset.hpp"
#include "raster/tile_decoder.hpp"

namespace sink {

/// The open files of one thread: bands of one file share a handle, so that pixel-interleaved tiles are decoded once.
class OpenFiles {
 public:
  /// Opens a file on first use. Throws Error::input as `open_raster` does.
  const Dataset& open(const std::string& file, const std::vector<std::string>& allowed_drivers) {
    auto& opened = files_[file];
    if (!opened) opened = std::make_unique<Dataset>(open_raster(file, allowed_drivers));
    return *opened;
  }
  /// The thread's contexts and buffers for own decoding.
  [[nodiscard]] const std::shared_ptr<TileDecoder>& decoder() const noexcept { return decoder_; }

 private:
  std::map<std::string, std::unique_ptr<Dataset>> files_;
  std::shared_ptr<TileDecoder> decoder_ = std::make_shared<TileDecoder>();
};

}  // namespace sink
