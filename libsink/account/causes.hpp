// SPDX-License-Identifier: Apache-2.0
// What caused the sink of a pixel in a period. The rules stand here and nowhere else; tests/account/cases/causes.csv
// has them with their sources. Harvest against deforestation, and `unresolved`: change.md, section e.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "account/layout.hpp"
#include "core/legend.hpp"

namespace sink {

/// In the order of attribution.csv; the code of the map of causes is the place + 1.
enum class Cause : std::uint8_t {
  growth,         ///< forest at both dates, the growing stock (bamboo: culms) known and not falling; or replanted
  afforestation,  ///< forest at the second date only
  harvest,        ///< felled, or an event of harvest, the land use not changed
  fire,
  other_disturbance,  ///< any other event that has a name
  degradation,        ///< the growing stock falls while forest stays, nothing else known
  deforestation_cropland,
  deforestation_cropland_perennial,
  deforestation_grassland,
  deforestation_wetland,
  deforestation_settlement,
  deforestation_other,
  unresolved,   ///< cleared to grass or bare land, and not seen again
  unexplained,  ///< nothing tells
};
inline constexpr std::size_t causes = 14;
/// Of a pixel without a rate, which has no cause.
inline constexpr std::uint8_t no_cause = 255;

/// Words of a cause: its name in tables, and the land use that a forest was cleared for (blank for all others).
struct CauseWords {
  std::string_view name, to_land_use;
  std::string_view zh;      ///< both in Chinese
  std::string_view colour;  ///< "#rrggbb" in the map
  std::string_view rule;    ///< why a pixel has it
};
const std::array<CauseWords, causes>& cause_words() noexcept;

/// What an event raster says of a pixel and period.
enum class EventKind : std::uint8_t { none, fire, harvest, other, overlapping };

/// What became of land cleared to grass or bare land.
enum class SeenLater : std::uint8_t {
  not_seen,          ///< no later date, or none late enough to tell
  forest_again,      ///< within `forest_returns_within_yr`
  forest_no_longer,  ///< another land use, or still cleared when that time was over
};
inline constexpr int forest_returns_within_yr = 5;  ///< change.md, section e

/// Whether forest land cleared to grass or bare land is forest land still: a harvest, or what the event was. What the
/// maps of land use leave open an event may tell (`named_event`; overlapping ones tell nothing).
constexpr bool stays_forest(SeenLater later, bool named_event) noexcept {
  return later == SeenLater::forest_again || (later == SeenLater::not_seen && named_event);
}

/// Facts of one pixel, period and method.
struct PixelPeriod {
  Flow flow = Flow::unknown;
  bool class_known_before = false, class_known_after = false;
  LandUse land_use_after = LandUse::other;
  EventKind event = EventKind::none;
  bool felled = false;                       ///< account/harvest.hpp
  double stock_before = 0, stock_after = 0;  ///< m3/ha, of bamboo culms/ha; NaN: not to be compared
  SeenLater later = SeenLater::not_seen;     ///< matters where `is_clearing`
  bool waited = false;                       ///< cleared before the period, by `stays_forest` no change of land use
};

/// Grass and bare land: forest may return, so that two dates do not tell a harvest from a change of land use.
constexpr bool is_clearing(LandUse use) noexcept {
  return use == LandUse::grassland || use == LandUse::other;
}

constexpr Cause deforestation_to(LandUse use) noexcept {
  switch (use) {
    case LandUse::cropland:
      return Cause::deforestation_cropland;
    case LandUse::cropland_perennial:
      return Cause::deforestation_cropland_perennial;
    case LandUse::grassland:
      return Cause::deforestation_grassland;
    case LandUse::wetland:
      return Cause::deforestation_wetland;
    case LandUse::settlement:
      return Cause::deforestation_settlement;
    default:
      return Cause::deforestation_other;
  }
}

/// The cause of an event alone; overlapping ones are no evidence for either.
constexpr Cause cause_of_event(EventKind event) noexcept {
  return event == EventKind::fire      ? Cause::fire
         : event == EventKind::harvest ? Cause::harvest
         : event == EventKind::other   ? Cause::other_disturbance
                                       : Cause::unexplained;
}

/// The cause of a pixel with a rate (Flow stable, gain or loss); the first rule that holds.
constexpr Cause cause_of(const PixelPeriod& p) noexcept {
  if (p.flow == Flow::loss) {
    if (!p.class_known_after) return Cause::unexplained;
    if (!is_clearing(p.land_use_after)) return deforestation_to(p.land_use_after);
    if (p.later == SeenLater::forest_no_longer) return deforestation_to(p.land_use_after);
    const bool named = p.event != EventKind::none && p.event != EventKind::overlapping;
    if (!stays_forest(p.later, named)) return Cause::unresolved;
    return named ? cause_of_event(p.event) : Cause::harvest;
  }
  if (p.flow == Flow::gain && p.waited) return Cause::growth;  // replanted: forest remaining forest
  if (p.flow == Flow::gain) return p.class_known_before ? Cause::afforestation : Cause::unexplained;
  if (p.event != EventKind::none) return cause_of_event(p.event);
  if (p.felled) return Cause::harvest;
  if (p.stock_after < p.stock_before) return Cause::degradation;
  if (p.stock_after >= p.stock_before) return Cause::growth;  // a change of species too, where the volume does not fall
  return Cause::unexplained;                                  // NaN: not known at both dates
}

}  // namespace sink
