// SPDX-License-Identifier: Apache-2.0
// Words that inventory files and command lines choose from.
#pragma once

#include <string>
#include <vector>

#include "core/layer.hpp"

namespace sink {

/// Maps that a date may have.
std::vector<LayerInfo> input_layers();
/// Stock methods that a person may ask for.
std::vector<std::string> stock_method_names();
std::vector<std::string> pool_names();
std::vector<std::string> bcef_zone_names();
/// Which map says what is forest.
std::vector<std::string> land_use_sources();

}  // namespace sink
