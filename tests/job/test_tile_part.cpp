// SPDX-License-Identifier: Apache-2.0
// Parts of tiles: one that was told to stop while it was written leaves nothing, a whole one gives back what it was
// given.
#include "job/tile_part.hpp"

#include <filesystem>
#include <stdexcept>
#include <vector>

#include "raster/temp_files.hpp"
#include "support/catch.hpp"

namespace fs = std::filesystem;

namespace {

std::size_t files_below(const std::string& folder) {
  std::size_t files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) files += entry.is_regular_file() ? 1 : 0;
  return files;
}

}  // namespace

TEST_CASE("a part that is to be abandoned while it is written is gone", "[tiles]") {
  const sink::tests::TempFolder folder;
  const std::string place = folder.file("parts");
  fs::create_directory(place);
  const std::string part = place + "/0.part";
  std::vector<double> values(1 << 20, 0.5);  // 8 MiB
  const auto write = [&](int last) {
    const sink::WorkingFolder working(place);
    int calls = 0;
    sink::write_part(
        part, working, {"hash", 0, {}},
        [&] {
          if (++calls == last) throw std::runtime_error("told to stop");
        },
        [&](sink::ArchiveWriter& archive) {
          for (int i = 0; i < 4; ++i) archive(values);
        });
    return calls;
  };
  CHECK_THROWS_AS(write(3), std::runtime_error);
  CHECK(files_below(place) == 0);
  CHECK(write(-1) >= 4);
  CHECK(files_below(place) == 1);
  sink::read_part(
      part, [] {},
      [&](const sink::TilePartHead& head, sink::ArchiveReader& archive) {
        CHECK(head.plan_hash == "hash");
        for (int i = 0; i < 4; ++i) {
          std::vector<double> found;
          archive(found);
          CHECK(found == values);
        }
      });
}
