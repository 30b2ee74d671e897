// SPDX-License-Identifier: Apache-2.0
// What a stock method does with the pixels that are not its own: bamboo, tea, land that is not forest.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "method/method.hpp"
#include "method/setup.hpp"

namespace sink {

struct ChainLink {
  std::string name;  ///< of methods.def
  Method method;
};

/// Names that `stock_chain` knows: those a person may ask for.
std::vector<std::string> stock_methods();

/// The links that make a stock: run the first with Write::all, the others with Write::gaps. Links whose maps the setup
/// does not have are left out. Throws Error::usage for an unknown method or a setup that lacks what the method needs.
std::vector<ChainLink> stock_chain(std::string_view method, const MethodSetup& setup);

}  // namespace sink
