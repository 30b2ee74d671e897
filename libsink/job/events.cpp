// SPDX-License-Identifier: Apache-2.0
#include "job/events.hpp"

#include <algorithm>
#include <set>

#include "job/run_setup.hpp"

namespace sink {

EventScheme::EventScheme(const Job& job, std::vector<int> years) : years_(std::move(years)) {
  std::set<std::string> names;
  for (const auto& source : job.disturbances) {
    for (const auto& [code, name] : source.codes) names.insert(name);
  }
  names_.assign(names.begin(), names.end());
  if (names_.size() >= overlapping_events) throw usage_error("more than 253 names of disturbances");
  OpenFiles files;
  for (const auto& source : job.disturbances) {
    for (const auto& path : {source.type, source.year}) {
      bands_.push_back(RasterSource(files, job.base_directory, path, job.run.access()).info());
    }
    auto& codes = sources_.emplace_back();
    for (const auto& [code, name] : source.codes) {
      codes[code] = static_cast<std::uint8_t>(std::lower_bound(names_.begin(), names_.end(), name) - names_.begin());
    }
  }
}

std::uint8_t EventScheme::event(std::size_t source, std::int32_t code) const {
  const auto found = sources_[source].find(code);
  return found == sources_[source].end() ? no_event : found->second;
}

std::size_t EventScheme::period_of(std::int32_t year) const {
  for (std::size_t p = 0; p < periods(); ++p) {
    if (years_[p] < year && year <= years_[p + 1]) return p;
  }
  return periods();
}

EventReader::EventReader(const EventScheme& scheme, const Job& job, const Grid& grid) : scheme_(scheme) {
  for (const auto& source : job.disturbances) {
    for (const auto& path : {source.type, source.year}) {
      sources_.emplace_back(files_, job.base_directory, path, job.run.access());
      if (job.run.align) sources_.back().align_to(grid);
    }
  }
}

bool EventReader::read(const Window& part, const double* area_ha, std::vector<EventColumns>& periods,
                       EventCensus& census) {
  const auto pixels = static_cast<std::size_t>(part.pixels());
  periods.resize(scheme_.periods());
  for (EventColumns& columns : periods) {
    columns.event.assign(pixels, no_event);
    columns.year.assign(pixels, 0);
  }
  codes_.resize(pixels);
  years_.resize(pixels);
  bool usable = true;
  for (std::size_t s = 0; s < sources_.size() / 2; ++s) {
    if (!sources_[2 * s].read_codes(part, codes_)) continue;
    sources_[2 * s + 1].read_codes(part, years_);
    for (std::size_t p = 0; p < pixels; ++p) {
      if (codes_[p] == RasterSource::no_code) continue;
      if (!scheme_.names_code(s, codes_[p])) {
        if (codes_[p] == 0) continue;
        ++census.unnamed[{s, codes_[p]}];
        usable = false;
        continue;
      }
      if (years_[p] < 1000 || years_[p] > 2999) {
        ++census.undated[s];
        usable = false;
        continue;
      }
      const std::size_t period = scheme_.period_of(years_[p]);
      if (period == scheme_.periods()) {
        ++census.outside[s];
        continue;
      }
      std::uint8_t& event = periods[period].event[p];
      if (event == no_event) {
        event = scheme_.event(s, codes_[p]);
        periods[period].year[p] = static_cast<std::int16_t>(years_[p]);
      } else if (event != overlapping_events) {
        event = overlapping_events;
        Tally& tally = census.overlapping[period];
        ++tally.pixels;
        tally.area_ha.add(&area_ha[p], 1);
      }
    }
  }
  return usable;
}

void RunSetup::open_events() {
  if (job.disturbances.empty()) return;
  std::vector<int> years;
  for (const auto& date : dates) years.push_back(date.year);
  events.emplace(job, std::move(years));
  for (std::size_t s = 0; s < job.disturbances.size(); ++s) {
    const auto& source = job.disturbances[s];
    check_grid(source.type, events->bands()[2 * s]);
    check_grid(source.year, events->bands()[2 * s + 1]);
    note_input(source.type, false);
    note_input(source.year, false);
  }
}

}  // namespace sink
