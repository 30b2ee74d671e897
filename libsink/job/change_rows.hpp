// SPDX-License-Identifier: Apache-2.0
// Class maps as strips of whole rows, read by many threads and handed over in order: what patches need, since a patch
// knows no windows.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "job/change_pass.hpp"

namespace sink {

/// Columns of a strip of whole rows.
struct ChangeStrip {
  std::vector<std::vector<ClassIndex>> classes;  ///< by date
  std::vector<std::vector<float>> confidence;    ///< by date, where the preparation gives one
  std::vector<double> area_ha;
  std::vector<std::vector<double>> measures;  ///< by raster asked for; NaN: nodata
  ClassMaps::Stray stray;

  [[nodiscard]] std::span<ClassIndex> row(std::size_t date, const Window& window, std::int64_t y) {
    return part(classes[date], window, y);
  }
  template <class T>
  static std::span<T> part(std::vector<T>& column, const Window& window, std::int64_t y) {
    const auto columns = static_cast<std::size_t>(window.columns);
    return std::span(column).subspan(static_cast<std::size_t>(y - window.row) * columns, columns);
  }
};

/// What is done to a strip on the thread that read it; one for each thread.
using PrepareStrip = std::function<void(const Window&, ChangeStrip&)>;

class ChangeRows {
 public:
  /// `setup` must outlive this.
  explicit ChangeRows(const ChangeSetup& setup);

  std::vector<std::string> measures;               ///< rasters on the maps' grid to read beside them
  std::function<PrepareStrip()> make_preparation;  ///< blank: none

  /// One pass; `use` gets the strips in order, on one thread. Throws Error of every kind, for stray codes too.
  void pass(const std::string& stage, const ProgressCallback& progress,
            const std::function<void(const Window&, ChangeStrip&)>& use) const;
  [[nodiscard]] std::int64_t rows_at_once() const noexcept { return rows_; }

 private:
  const ChangeSetup& setup_;
  std::int64_t rows_;
};

}  // namespace sink
