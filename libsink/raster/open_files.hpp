// SPDX-License-Identifier: Apache-2.0
// What the sources of one thread have in common.
#pragma once

#include <list>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "raster/dataset.hpp"
#include "raster/tile_decoder.hpp"

namespace sink {

/// GDAL's handles of one thread, by file: bands of one file share one, so that pixel-interleaved tiles are decoded
/// once.
class FileHandles {
 public:
  FileHandles() = default;
  ~FileHandles();
  FileHandles(const FileHandles&) = delete;
  FileHandles& operator=(const FileHandles&) = delete;

  /// Opens a file on first use and keeps it open. Throws Error::input as `open_raster` does.
  const Dataset& open(const std::string& file, const std::vector<std::string>& allowed_drivers);
  /// The same for one file of many: good until the next call. Those used last stay open, 32 a thread and fewer where
  /// many threads or a low limit of open files want it.
  const Dataset& open_one_of_many(const std::string& file, const std::vector<std::string>& allowed_drivers);

 private:
  struct Passing {
    std::unique_ptr<Dataset> file;
    std::list<std::string>::iterator place;
  };
  std::map<std::string, std::unique_ptr<Dataset>> kept_;
  std::map<std::string, Passing> passing_;
  std::list<std::string> recent_;  ///< keys of `passing_`, the one used last in front
};

class OpenFiles {
 public:
  const Dataset& open(const std::string& file, const std::vector<std::string>& allowed_drivers) {
    return handles_->open(file, allowed_drivers);
  }
  [[nodiscard]] const std::shared_ptr<FileHandles>& handles() const noexcept { return handles_; }
  /// The thread's contexts and buffers for own decoding.
  [[nodiscard]] const std::shared_ptr<TileDecoder>& decoder() const noexcept { return decoder_; }

 private:
  std::shared_ptr<FileHandles> handles_ = std::make_shared<FileHandles>();
  std::shared_ptr<TileDecoder> decoder_ = std::make_shared<TileDecoder>();
};

}  // namespace sink
