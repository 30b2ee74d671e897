// SPDX-License-Identifier: Apache-2.0
// On a projected grid a pixel's true area is its planar area times J, the area on the ellipsoid per planar area. J is
// taken from the inverse projection by differences, not from PROJ's factors: those treat EPSG:3857 as a sphere.
#include "raster/geodesy.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>
#include <string_view>
#include <vector>

#include "core/error.hpp"
#include "raster/area_lattice.hpp"
#include "raster/authalic.hpp"
#include "raster/transform.hpp"

namespace sink {
namespace {

constexpr double m2_per_ha = 1e4;
constexpr double difference_step_m = 10e3;  // sixth-order differences: 1e-16 truncated, 1e-13 rounded
constexpr double first_spacing_m = 150e3;   // of the lattice; halved until the interpolation is good
constexpr double interpolation_goal = 1e-10, interpolation_limit = 5e-10;
constexpr std::int64_t max_nodes = 1 << 21;

[[noreturn]] void refuse(const Grid& grid, const std::string& what) {
  throw input_error(grid.crs_name,
                    what + ": cut or reproject the raster with gdalwarp, say to an equal-area projection");
}

/// J at the places of one projected grid.
class ArealFactor {
 public:
  ArealFactor(const Grid& grid, PJ_CONTEXT* context, const PJ* crs, const PJ* base)
      : grid_(&grid),
        sphere_(ellipsoid_of(context, base)),
        to_geographic_(grid.crs_wkt, proj_as_wkt(context, base, PJ_WKT2_2019, nullptr)),
        radians_(unit_of(context, base)),
        step_(difference_step_m / unit_of(context, crs)) {}

  /// [m2 per square unit of the CRS] at pixel positions counted from the first centre; NaN outside the domain.
  [[nodiscard]] std::vector<double> at(double row, const std::vector<double>& columns) {
    std::vector<Point> places;
    places.reserve(columns.size() * 12);
    for (const double column : columns) {
      const Point centre = grid_->to_crs(column + 0.5, row + 0.5);
      for (const int k : {-3, -2, -1, 1, 2, 3}) places.push_back({centre.x + k * step_, centre.y});
      for (const int k : {-3, -2, -1, 1, 2, 3}) places.push_back({centre.x, centre.y + k * step_});
    }
    to_geographic_.forward(places);
    std::vector<double> factors;
    factors.reserve(columns.size());
    for (std::size_t i = 0; i < places.size(); i += 12) factors.push_back(factor(&places[i]));
    return factors;
  }

 private:
  using Vector = std::array<double, 3>;

  [[nodiscard]] Vector derivative(const Point* places) const {
    constexpr std::array<double, 6> weight = {-1, 9, -45, 45, -9, 1};
    Vector sum{};
    for (std::size_t k = 0; k < 6; ++k) {
      if (!std::isfinite(places[k].x) || !std::isfinite(places[k].y)) return {NAN, NAN, NAN};
      const Vector v = sphere_.unit_vector(places[k].x * radians_, places[k].y * radians_);
      for (std::size_t d = 0; d < 3; ++d) sum[d] += weight[k] * v[d];
    }
    for (double& value : sum) value /= 60 * step_;
    return sum;
  }

  [[nodiscard]] double factor(const Point* places) const {
    const Vector u = derivative(places), v = derivative(places + 6);
    const double x = u[1] * v[2] - u[2] * v[1], y = u[2] * v[0] - u[0] * v[2], z = u[0] * v[1] - u[1] * v[0];
    return static_cast<double>(sphere_.radius2_m2()) * std::sqrt(x * x + y * y + z * z);
  }

  const Grid* grid_;
  AuthalicSphere sphere_;
  CoordinateTransform to_geographic_;
  double radians_, step_;
};

std::int64_t nodes_along(double extent_m, double spacing_m) {
  return static_cast<std::int64_t>(std::ceil(extent_m / spacing_m)) + 1;
}

/// The lattice with J at its nodes.
AreaLattice sample(const Grid& grid, ArealFactor& factor, double unit_m, double spacing_m) {
  const double width_m = static_cast<double>(grid.columns) * grid.pixel_width * unit_m;
  const double height_m = static_cast<double>(grid.rows) * grid.pixel_height * unit_m;
  const double nodes = (width_m / spacing_m + AreaLattice::order) * (height_m / spacing_m + AreaLattice::order);
  if (!(nodes < static_cast<double>(max_nodes))) refuse(grid, "the areas of its pixels vary too fast to be computed");
  AreaLattice lattice(grid.columns, grid.rows, nodes_along(width_m, spacing_m), nodes_along(height_m, spacing_m));
  std::vector<double> columns;
  for (std::int64_t c = 0; c < lattice.node_columns(); ++c)
    columns.push_back(static_cast<double>(c) * lattice.column_step());
  for (std::int64_t r = 0; r < lattice.node_rows(); ++r) {
    const std::vector<double> values = factor.at(static_cast<double>(r) * lattice.row_step(), columns);
    for (std::int64_t c = 0; c < lattice.node_columns(); ++c) lattice.node(r, c) = values[static_cast<std::size_t>(c)];
  }
  return lattice;
}

/// Largest relative error of the interpolation in the middle of cells, those at the borders among them; infinite where
/// a node is outside the domain.
double interpolation_error(const AreaLattice& lattice, ArealFactor& factor) {
  const auto some_cells = [](std::int64_t cells) {
    std::vector<double> middles;
    const std::int64_t shown = std::min<std::int64_t>(cells, 24);
    for (std::int64_t i = 0; i < shown; ++i)
      middles.push_back(static_cast<double>(shown == 1 ? 0 : i * (cells - 1) / (shown - 1)) + 0.5);
    return middles;
  };
  std::vector<double> columns = some_cells(lattice.node_columns() - 1);
  for (double& column : columns) column *= lattice.column_step();
  double worst = 0;
  for (const double middle : some_cells(lattice.node_rows() - 1)) {
    const double row = middle * lattice.row_step();
    const std::vector<double> exact = factor.at(row, columns);
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const double error = std::abs(lattice.at(row, columns[i]) / exact[i] - 1);
      worst = error <= worst ? worst : std::isnan(error) ? INFINITY : error;
    }
  }
  return worst;
}

/// True where the method claims equal area. PROJ's own inverse of some is good to 1e-9 only; the claim is better.
bool claims_equal_area(PJ_CONTEXT* context, const PJ* crs) {
  const ProjObject conversion(proj_crs_get_coordoperation(context, crs));
  const char* method = nullptr;
  if (conversion == nullptr ||
      proj_coordoperation_get_method_info(context, conversion.get(), &method, nullptr, nullptr) == 0 ||
      method == nullptr)
    return false;
  const std::string_view name = method;
  for (const std::string_view word : {"Equal Area", "Equal_Area", "Sinusoidal", "Mollweide", "Equal Earth", "Bonne",
                                      "Eckert IV", "Eckert VI", "Homolosine"})
    if (name.find(word) != std::string_view::npos) return true;
  return false;
}

/// True where J is 1 (in m2 per square unit) at every node inside the domain.
bool is_equal_area(const AreaLattice& lattice, double unit_m, double tolerance) {
  bool any = false;
  for (std::int64_t r = 0; r < lattice.node_rows(); ++r) {
    for (std::int64_t c = 0; c < lattice.node_columns(); ++c) {
      const double factor = lattice.node(r, c) / (unit_m * unit_m);
      if (std::isnan(factor)) continue;
      if (std::abs(factor - 1) > tolerance) return false;
      any = true;
    }
  }
  return any;
}

bool inside_domain(const AreaLattice& lattice) {
  for (std::int64_t r = 0; r < lattice.node_rows(); ++r)
    for (std::int64_t c = 0; c < lattice.node_columns(); ++c)
      if (!(lattice.node(r, c) > 0)) return false;
  return true;
}

/// Refines until the interpolation is good.
AreaLattice good_lattice(const Grid& grid, ArealFactor& factor, AreaLattice lattice, double unit_m) {
  double spacing_m = first_spacing_m, before = INFINITY;
  for (;;) {
    if (!inside_domain(lattice)) refuse(grid, "the grid leaves the area where this CRS is defined");
    const double error = interpolation_error(lattice, factor);
    if (error <= interpolation_goal) return lattice;
    // No more to gain: PROJ's inverse of this projection is not smooth to more digits.
    if (error > before / 2 && error <= interpolation_limit) return lattice;
    before = error;
    spacing_m /= 2;
    lattice = sample(grid, factor, unit_m, spacing_m);
  }
}

/// Latitudes and longitudes of a geographic grid, checked.
struct Rows {
  AuthalicSphere sphere;
  long double north, height, width;  // [rad]

  [[nodiscard]] double area_ha(std::int64_t row) const {
    constexpr long double pole = std::numbers::pi_v<long double> / 2;
    // A row may hang half over a pole (grids whose outer centres are the poles).
    const long double top = std::clamp(north - static_cast<long double>(row) * height, -pole, pole);
    const long double bottom = std::clamp(north - static_cast<long double>(row + 1) * height, -pole, pole);
    return static_cast<double>(sphere.cell_m2(bottom, top, width) / m2_per_ha);
  }
};

Rows rows_of(const Grid& grid, PJ_CONTEXT* context, const PJ* base) {
  const long double unit = unit_of(context, base);
  const Rows rows{AuthalicSphere(ellipsoid_of(context, base)), grid.y_max * unit, grid.pixel_height * unit,
                  grid.pixel_width * unit};
  constexpr long double pole = std::numbers::pi_v<long double> / 2;
  const long double over = pole + rows.height * 0.5001L;
  const long double south = rows.north - static_cast<long double>(grid.rows) * rows.height;
  if (rows.north > over || south < -over) refuse(grid, "the grid reaches beyond a pole");
  if (rows.width * static_cast<long double>(grid.columns) > 4 * pole * (1 + 1e-9L) + rows.width)
    refuse(grid, "the grid goes round the Earth more than once");
  return rows;
}

}  // namespace

struct PixelAreas::Data {
  std::optional<Rows> geographic;
  std::optional<AreaLattice> lattice_ha;
  double constant_ha = 0;
};

PixelAreas::PixelAreas(const Grid& grid) : data_(std::make_unique<Data>()) {
  const ProjContext context = make_proj_context();
  const ProjObject crs = horizontal_crs(context.get(), grid.crs_wkt);
  const ProjObject base = geographic_base(context.get(), crs.get());
  if (is_geographic(crs.get())) {
    data_->geographic = rows_of(grid, context.get(), base.get());
    return;
  }
  const double unit_m = unit_of(context.get(), crs.get());
  ArealFactor factor(grid, context.get(), crs.get(), base.get());
  AreaLattice lattice = sample(grid, factor, unit_m, first_spacing_m);
  if (is_equal_area(lattice, unit_m, claims_equal_area(context.get(), crs.get()) ? 1e-7 : 1e-10)) {
    data_->constant_ha = (grid.pixel_width * unit_m) * (grid.pixel_height * unit_m) / m2_per_ha;
    return;
  }
  data_->lattice_ha = good_lattice(grid, factor, std::move(lattice), unit_m);
  data_->lattice_ha->average_over_pixels();
  data_->lattice_ha->scale(grid.pixel_width * grid.pixel_height / m2_per_ha);
}

PixelAreas::~PixelAreas() = default;
PixelAreas::PixelAreas(PixelAreas&&) noexcept = default;

void PixelAreas::row_ha(std::int64_t row, std::int64_t column, std::span<double> areas_ha) const {
  if (data_->lattice_ha) {
    data_->lattice_ha->fill_row(row, column, areas_ha);
    return;
  }
  std::fill(areas_ha.begin(), areas_ha.end(), data_->geographic ? data_->geographic->area_ha(row) : data_->constant_ha);
}

bool PixelAreas::constant() const noexcept {
  return !data_->geographic && !data_->lattice_ha;
}

bool PixelAreas::constant_along_rows() const noexcept {
  return !data_->lattice_ha;
}

std::string PixelAreas::description() const {
  if (data_->geographic) return "geographic: by row";
  return constant() ? "equal-area: constant" : "projected: by row and column";
}

}  // namespace sink
