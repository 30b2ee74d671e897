// SPDX-License-Identifier: Apache-2.0
// A program of somebody else that uses libsink: living carbon of a hectare of fir with 100 m3 by method bef.
#include <cstdio>
#include <exception>

#include "core/block.hpp"
#include "method/methods.hpp"
#include "table/shipped.hpp"

int main() try {
  const sink::ParameterTable parameters = sink::load_parameters({});
  const sink::Legend legend("own", {{"1", "CHINESE_FIR", sink::LandUse::forest, "fir", ""}});
  sink::MethodSetup setup{parameters};
  setup.forest_types = &legend;
  const sink::Method bef = sink::method_called("bef").make(setup);
  sink::Block block(1);
  block.column(sink::layer::forest_type)[0] = 0;
  block.column(sink::layer::volume)[0] = 100;
  bef.run(block, sink::Write::all);
  std::printf("%.6f\n", block.column(sink::layer::carbon_above)[0] + block.column(sink::layer::carbon_below)[0]);
} catch (const std::exception& e) {
  std::fprintf(stderr, "%s\n", e.what());
  return 1;
}
