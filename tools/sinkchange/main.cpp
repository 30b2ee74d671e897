// SPDX-License-Identifier: Apache-2.0
// sinkchange: land-use change from classified maps. A new command is one file and one line here.
#include "sinkchange/commands.hpp"

int main(int argc, char** argv) {
  using namespace sink::tools;
  return run_tool("sinkchange", "what land use became what, where, how fast, and how sure that is",
                  {
                      map_command(),
                      matrix_command(),
                      intensity_command(),
                      filter_command(),
                      patches_command(),
                      sample_command(),
                      accuracy_command(),
                  },
                  argc, argv);
}
