// SPDX-License-Identifier: Apache-2.0
// Carbon pools by land-cover class, as InVEST's carbon model has them. No biomass: the table knows only carbon.
// Source: InVEST carbon pools table (natcap/invest), columns C_above, C_below, C_dead, C_soil [t C/ha].
#include "method/methods.hpp"
#include "method/stock.hpp"

namespace sink {
namespace {

struct Lookup {
  ClassTable above_tc_ha, below_tc_ha, dead_tc_ha, soil_tc_ha;
  std::array<double, 4> operator()(ClassIndex cover) const noexcept {
    return {above_tc_ha[cover], below_tc_ha[cover], dead_tc_ha[cover], soil_tc_ha[cover]};
  }
};

void set(Lookup& kernel, ClassIndex cover, const CarbonPools::Row& row) {
  kernel.above_tc_ha.set(cover, row.above_tc_ha);
  kernel.below_tc_ha.set(cover, row.below_tc_ha);
  kernel.dead_tc_ha.set(cover, row.dead_tc_ha);
  kernel.soil_tc_ha.set(cover, row.soil_tc_ha);
}

}  // namespace

Method make_lookup(const MethodSetup& setup) {
  if (setup.landcover == nullptr || setup.pools == nullptr)
    throw usage_error("method lookup needs land cover and its densities: give --landcover and --densities");
  Lookup kernel;
  const auto rows = rows_by_class(*setup.pools, *setup.landcover);
  for (std::size_t cover = 0; cover < rows.size(); ++cover) {
    if (rows[cover] != nullptr) set(kernel, static_cast<ClassIndex>(cover), *rows[cover]);
  }
  return pixel_method(kernel, in(layer::landcover),
                      out(layer::carbon_above, layer::carbon_below, layer::carbon_dead, layer::carbon_soil));
}

Derivation derive_lookup(const MethodSetup& setup, const PixelInputs& pixel) {
  Derivation d;
  if (class_at(d, *setup.landcover, pixel.landcover) == nullptr) return d;
  const CarbonPools::Row* row = rows_by_class(*setup.pools, *setup.landcover)[pixel.landcover];
  if (row == nullptr) {
    d.nothing(setup.pools->file + " has no row of this code");
    return d;
  }
  const std::string where = " of lucode " + std::to_string(row->code) + ", " + setup.pools->file;
  const auto pool = [&](const std::string& column, double value, const std::string& layer) {
    d.number(column, value, "t C/ha", column + where);
    d.step(layer, column, "t C/ha");
  };
  pool("C_above", row->above_tc_ha, "carbon_above");
  pool("C_below", row->below_tc_ha, "carbon_below");
  pool("C_dead", row->dead_tc_ha, "dead");
  pool("C_soil", row->soil_tc_ha, "soil");
  d.step("carbon", "carbon_above + carbon_below", "t C/ha");
  return d;
}

}  // namespace sink
