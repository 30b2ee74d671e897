// SPDX-License-Identifier: Apache-2.0
// Growth: living biomass, roots included, as a curve of a stand's age by forest type, anchored to what the stand is
// seen to hold. Logistic B = w / (1 + k exp(-a t)), Richards B = w (1 - exp(-a t))^c, or points with straight lines
// between. Curves stand in one table of quarter years, computed in long double and rounded once; ages between go by a
// cubic through four nodes, within 1e-6 of the curve (a Richards curve's first three years: of its asymptote). Sources:
// Xu et al. 2010 (sets of rows `<set>/<key>`, growth_w, growth_k, growth_a, growth_c; a user's row `<key>` wins). Age
// alone explains little of a stand's biomass (R2 below 0.3), so that no stock is ever taken from a curve alone.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/class_table.hpp"
#include "core/legend.hpp"
#include "core/nodata.hpp"
#include "core/parameters.hpp"

namespace sink {

/// How a curve is laid through an observed stock. The two can differ by a factor of two, so that nobody chooses for the
/// user: `ratio` scales the curve at the observed age (planted stands of known age), `equivalent_age` moves along it to
/// the age at which it holds the observed biomass (age unknown).
enum class Anchor : std::uint8_t { ratio, equivalent_age };

/// Why a pixel cannot grow.
enum class GrowthGap : std::uint8_t {
  none,
  no_curve,      ///< its type has none
  no_age,        ///< `ratio`: age unknown or 0, or the curve holds nothing at that age
  no_stock,      ///< no stock, or one of 0: there is nothing to lay the curve through
  beyond_curve,  ///< older than the curve goes; `equivalent_age`: biomass that the curve never has; `ratio`: far more
                 ///< carbon than the curve has at that age (GrowthCurves::largest_scale_tc_t)
};
inline constexpr std::size_t growth_gaps = 5;

/// Carbon `t` years later [t C/ha] = scale x curve(type, age_yr + t).
struct Growth {
  double age_yr = no_value, scale = no_value;
  GrowthGap gap = GrowthGap::none;
};

/// A curve of the user's: biomass [t d.m./ha] at ages [yr] that are whole eighths, both ascending from (0, 0) or
/// another first point at age 0.
struct GrowthPoints {
  std::string key, origin;  ///< `origin`: the file, for messages
  std::vector<std::pair<double, double>> points;
};

/// Where the curves of a legend's classes come from.
struct GrowthSources {
  const ParameterTable& parameters;
  std::string set;                          ///< XU2010, GROA, GROA_RICHARDS or the user's own; blank: none
  std::vector<GrowthPoints> points;         ///< before the rows of the table
  std::map<std::string, std::string> like;  ///< key -> the key whose curve it takes
};

class GrowthCurves {
 public:
  /// Curves by formula end here: a pixel is projected to the last year asked for or not at all.
  static constexpr double last_formula_age_yr = 500;
  static constexpr int nodes_per_yr = 8;
  /// The table holds multiples of 2^-28 t/ha, so that sums of whole multiples are exact.
  static constexpr double units_per_t = 0x1p28;

  /// Curves of the forest classes of `types`. Throws Error::usage for an unknown set and Error::input for parts of a
  /// curve, `like` without a curve at its end, or a key that no class has.
  GrowthCurves(const Legend& types, Anchor anchor, const GrowthSources& sources);

  [[nodiscard]] Anchor anchor() const noexcept { return anchor_; }
  /// A curve that would be scaled by more [t C per t d.m.] is no curve of that stand: five times what it holds, at half
  /// the biomass carbon. Near age 0 a curve holds next to nothing, and a stand with a little more would explode.
  static constexpr double largest_scale_tc_t = 2.5;
  /// By the anchor. `biomass_t_ha` matters to `equivalent_age` only. `age_yr` given back is the observed or the
  /// equivalent age.
  [[nodiscard]] Growth start(ClassIndex type, double age_yr, double biomass_t_ha, double carbon_t_ha) const noexcept;
  /// The same for 1 t C/ha, whatever the scale; `bounded` tells whether a stock may have it.
  [[nodiscard]] Growth start_of_one(ClassIndex type, double age_yr) const noexcept;
  [[nodiscard]] static constexpr bool bounded(double scale) noexcept { return scale <= largest_scale_tc_t; }
  /// NaN without a curve, for NaN or negative age, and beyond the last age.
  [[nodiscard]] double biomass_t_ha(ClassIndex type, double age_yr) const noexcept;
  /// NaN without a curve.
  [[nodiscard]] double last_age_yr(ClassIndex type) const noexcept;

  /// A place on a curve: a node of the table at or before it, and the weights of the nodes from one before to two
  /// after.
  struct Place {
    std::int32_t node = -1;  ///< -1: nowhere
    std::array<double, 4> weights = {};
  };
  [[nodiscard]] Place place(ClassIndex type, double age_yr) const noexcept;
  /// The whole table, in 1/units_per_t of t/ha; a year is `nodes_per_yr` further.
  [[nodiscard]] const std::vector<std::int64_t>& table() const noexcept { return table_; }
  /// The curve at a place `years` later [t/ha, times what the weights are scaled with].
  [[nodiscard]] double value(std::int32_t node, const double* weights, int years) const noexcept {
    const double* at = values_.data() + node + static_cast<std::ptrdiff_t>(years) * nodes_per_yr - 1;
    return weights[0] * at[0] + weights[1] * at[1] + weights[2] * at[2] + weights[3] * at[3];
  }

 private:
  struct Curve {
    double w = 0, k = no_value, a = 0, c = no_value;  ///< `k` of a logistic curve, `c` of Richards', neither: points
    std::size_t first = 0;                            ///< node of age 0
    double last_age_yr = last_formula_age_yr;
    bool by_points = false;
  };
  static constexpr std::uint16_t no_curve = 0xffff;

  [[nodiscard]] Growth laid(ClassIndex type, double age_yr, double biomass_t_ha, double carbon_t_ha) const noexcept;

  std::uint16_t add_curve(const std::string& key, const GrowthSources& sources);
  void tabulate(Curve& curve, const GrowthPoints* points);
  [[nodiscard]] double equivalent_age_yr(const Curve& curve, double biomass_t_ha) const noexcept;

  Anchor anchor_;
  std::vector<Curve> curves_;
  std::array<std::uint16_t, max_classes + 1> curve_of_;
  std::vector<std::int64_t> table_;
  std::vector<double> values_;  ///< the table in t/ha
};

}  // namespace sink
