// SPDX-License-Identifier: Apache-2.0
// Disturbances from rasters of type and year: what happened to a pixel in each period.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "job/census.hpp"
#include "job/job.hpp"
#include "raster/raster_source.hpp"

namespace sink {

inline constexpr std::uint8_t no_event = 255, overlapping_events = 254;

/// The disturbance rasters of a run, opened once and checked.
class EventScheme {
 public:
  /// Throws Error::input for a file that cannot be read, Error::usage for too many names.
  EventScheme(const Job& job, std::vector<int> years);

  /// Every disturbance named in the inventory, each once, in order of name.
  [[nodiscard]] const std::vector<std::string>& names() const noexcept { return names_; }
  /// The bands, type then year of each source; for checks of the grid.
  [[nodiscard]] const std::vector<BandInfo>& bands() const noexcept { return bands_; }
  /// Place of a code of a source; `no_event` for 0 and codes that the source does not name.
  [[nodiscard]] std::uint8_t event(std::size_t source, std::int32_t code) const;
  [[nodiscard]] bool names_code(std::size_t source, std::int32_t code) const { return sources_[source].contains(code); }
  /// The period whose years hold `year`: first year < year <= last; or the number of periods.
  [[nodiscard]] std::size_t period_of(std::int32_t year) const;
  [[nodiscard]] std::size_t periods() const noexcept { return years_.size() - 1; }

 private:
  std::vector<std::string> names_;
  std::vector<BandInfo> bands_;
  std::vector<std::map<std::int32_t, std::uint8_t>> sources_;
  std::vector<int> years_;
};

/// What happened in one period.
struct EventColumns {
  std::vector<std::uint8_t> event;
  std::vector<std::int16_t> year;
};

/// One thread's way of reading them.
class EventReader {
 public:
  EventReader(const EventScheme& scheme, const Job& job, const Grid& grid);
  /// Fills the columns of every period and counts: codes without a name, events without a year, pixels with two events
  /// in a period (which become `overlapping_events`). True where nothing stops the run.
  bool read(const Window& part, const double* area_ha, std::vector<EventColumns>& periods, EventCensus& census);

 private:
  const EventScheme& scheme_;
  OpenFiles files_;
  std::vector<RasterSource> sources_;  ///< type and year of each
  std::vector<std::int32_t> codes_, years_;
};

}  // namespace sink
