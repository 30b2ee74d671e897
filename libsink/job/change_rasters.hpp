// SPDX-License-Identifier: Apache-2.0
// The rasters of change commands in the making: from-to codes by interval, filtered classes and their confidence by
// date, each with its names and its style.
#pragma once

#include <string>
#include <vector>

#include "job/change_rows.hpp"
#include "job/output_directory.hpp"
#include "raster/raster_output.hpp"
#include "report/category_files.hpp"

namespace sink {

/// Names of one interval's files.
struct IntervalFiles {
  IntervalFiles(const ChangeSetup& setup, std::size_t interval)
      : years(setup.year(interval) + "_" + setup.year(interval + 1)) {}
  std::string years;
  [[nodiscard]] std::string raster() const { return "change_" + years + ".tif"; }
  [[nodiscard]] std::string names() const { return raster() + ".aux.xml"; }
  [[nodiscard]] std::string style() const { return "change_" + years + ".qml"; }
  [[nodiscard]] std::string sankey() const { return "sankey_" + years + ".svg"; }
  [[nodiscard]] std::string heat_map() const { return "matrix_" + years + ".svg"; }
};

/// change_<y1>_<y2>.tif of every interval.
class ChangeRasters {
 public:
  /// `columns` x `rows` is the shape of the windows that will come. The arguments must outlive this.
  ChangeRasters(const ChangeSetup& setup, const OutputOptions& output, const OutputDirectory& directory,
                std::int64_t columns, std::int64_t rows, bool filtered);
  /// What takes the codes of windows.
  [[nodiscard]] WriteCodes writer();
  /// `seen` by interval: 1 for each code of any pixel. Adds to `files` what was written.
  void finish(const std::vector<std::vector<std::uint8_t>>& seen, const ProgressCallback& progress,
              std::vector<ResultFile>& files);

 private:
  [[nodiscard]] std::string meaning(std::size_t interval) const;
  const ChangeSetup& setup_;
  const OutputDirectory& directory_;
  bool filtered_;
  std::vector<RasterOutput> writers_;
};

/// class_<year>.tif of every date, and confidence_<year>.tif where there is one.
class FilteredMaps {
 public:
  /// `rows`: of the strips that will come. The arguments must outlive this.
  FilteredMaps(const ChangeSetup& setup, const OutputOptions& output, const OutputDirectory& directory,
               std::int64_t rows, bool with_confidence);
  void write(const Window& window, const ChangeStrip& strip);
  void finish(const ProgressCallback& progress, std::vector<ResultFile>& files);
  /// Every file that may be published.
  static std::vector<std::string> names(const ChangeSetup& setup);

 private:
  [[nodiscard]] std::vector<ChangeCategory> categories(std::size_t date) const;
  const ChangeSetup& setup_;
  const OutputDirectory& directory_;
  RasterPixels pixels_ = RasterPixels::uint16;
  std::vector<std::vector<std::uint32_t>> numbers_;  ///< by date and class: what stands for it
  std::vector<std::uint32_t> buffer_;
  std::vector<RasterOutput> maps_, confidences_;
  TileScratch scratch_;
  std::vector<StoredStatistics> statistics_;
  std::vector<std::vector<bool>> seen_;  ///< by date and class
};

}  // namespace sink
