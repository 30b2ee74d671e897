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
  for (const CarbonPools::Row& row : setup.pools->rows) {
    const ClassIndex cover = setup.landcover->index_of(row.code);
    if (cover == no_class) continue;
    const Lookup before = kernel;
    set(kernel, cover, row);
    // A prefix class of the legend ("10xx") is one class: its codes cannot have densities of their own.
    if (!std::isnan(before.above_tc_ha[cover]) && before(cover) != kernel(cover))
      throw input_error(setup.pools->file, "codes of class " + (*setup.landcover)[cover].code +
                                               " have different densities: write them as rows of their own in the "
                                               "legend");
  }
  return pixel_method(kernel, in(layer::landcover),
                      out(layer::carbon_above, layer::carbon_below, layer::carbon_dead, layer::carbon_soil));
}

}  // namespace sink
