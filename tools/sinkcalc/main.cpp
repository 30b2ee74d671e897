// SPDX-License-Identifier: Apache-2.0
// sinkcalc: stock and sink of forest carbon from maps. A new command is one file and one line here.
#include "sinkcalc/commands.hpp"

int main(int argc, char** argv) {
  using namespace sink::tools;
  return run_tool("sinkcalc", "how much carbon stands in a forest, and how much is taken up each year",
                  {run_command(), stock_command(), sink_command(), zonal_command(), stands_command(), check_command(),
                   explain_command(), tiles_command(), merge_command(), methods_command(), parameters_command()},
                  argc, argv);
}
