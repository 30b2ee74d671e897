// SPDX-License-Identifier: Apache-2.0
// Working folders under a crowd: processes make theirs and clear away dead ones at the same time, some are killed. No
// living one ever loses its folder, and in the end nothing is left.
#include "job/working_folder.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "support/catch.hpp"

namespace fs = std::filesystem;

namespace {

/// Makes folders and clears dead ones, over and over; 1 where something that it holds was taken.
int crowd_member(const std::string& place, unsigned seed) {
  std::minstd_rand random(seed);
  for (int turn = 0; turn < 150; ++turn) {
    sink::remove_dead_folders(place);
    const sink::WorkingFolder own(place);
    std::ofstream(own.file("raster")) << turn;
    usleep(static_cast<useconds_t>(random() % 500));
    sink::remove_dead_folders(place);
    int found = -1;
    std::ifstream(own.file("raster")) >> found;
    if (found != turn) return 1;
  }
  return 0;
}

std::vector<pid_t> start_crowd(const std::string& place, unsigned members) {
  std::vector<pid_t> crowd;
  for (unsigned i = 0; i < members; ++i) {
    const pid_t child = fork();
    if (child == 0) {
      int status = 2;
      try {
        status = crowd_member(place, i + 1);
      } catch (const std::exception&) {
      }
      _exit(status);
    }
    crowd.push_back(child);
  }
  return crowd;
}

}  // namespace

TEST_CASE("no living process loses its working folder, and none is left of dead ones") {
  std::string place = (fs::temp_directory_path() / "sinkcalc_test_XXXXXX").string();
  REQUIRE(mkdtemp(place.data()) != nullptr);
  const std::vector<pid_t> crowd = start_crowd(place, 8), doomed = start_crowd(place, 8);
  for (const pid_t child : doomed) {
    usleep(3000);
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
  }
  for (const pid_t child : crowd) {
    int status = -1;
    waitpid(child, &status, 0);
    CHECK(status == 0);
  }
  sink::remove_dead_folders(place);
  CHECK(fs::is_empty(place));
  fs::remove_all(place);
}

TEST_CASE("a working folder goes with its object and leaves the rest alone") {
  std::string place = (fs::temp_directory_path() / "sinkcalc_test_XXXXXX").string();
  REQUIRE(mkdtemp(place.data()) != nullptr);
  std::ofstream(fs::path(place) / "mine") << "mine";
  {
    const sink::WorkingFolder own(place), other(place);
    std::ofstream(own.file("raster")) << "half";
    CHECK(own.file("raster") != other.file("raster"));
    sink::remove_dead_folders(place);
    CHECK(fs::exists(own.file("raster")));
  }
  CHECK(std::distance(fs::directory_iterator(place), fs::directory_iterator()) == 1);
  fs::remove_all(place);
  CHECK_THROWS(sink::WorkingFolder(place));
}
