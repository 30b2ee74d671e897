// SPDX-License-Identifier: Apache-2.0
// The table of all methods, filled from methods.def.
#pragma once

#include <string_view>
#include <vector>

#include "method/derivation.hpp"
#include "method/method.hpp"
#include "method/setup.hpp"

namespace sink {

#define SINK_METHOD(name, summary, source)      \
  Method make_##name(const MethodSetup& setup); \
  Derivation derive_##name(const MethodSetup& setup, const PixelInputs& pixel);
#include "method/methods.def"
#undef SINK_METHOD

struct MethodInfo {
  std::string_view name, summary, source;
  Method (*make)(const MethodSetup&);  ///< throws Error::usage or Error::input for a setup it cannot work with
  /// The same at one pixel in equations, for a setup that `make` works with.
  Derivation (*derive)(const MethodSetup&, const PixelInputs&);
};
const std::vector<MethodInfo>& all_methods();

/// Throws Error::usage, naming the nearest known one.
const MethodInfo& method_called(std::string_view name);

/// The method with no parameters in it: its inputs and outputs, for a list.
Method shape_of(const MethodInfo& info);

}  // namespace sink
