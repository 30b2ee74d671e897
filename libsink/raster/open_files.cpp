// SPDX-License-Identifier: Apache-2.0
#include "raster/open_files.hpp"

#include <atomic>

#include "raster/input_file.hpp"

namespace sink {
namespace {

constexpr std::size_t most_of_a_thread = 128;
std::atomic<std::size_t> of_all_threads{0};

}  // namespace

FileHandles::~FileHandles() {
  of_all_threads -= passing_.size();
}

const Dataset& FileHandles::open(const std::string& file, const std::vector<std::string>& allowed_drivers) {
  auto& opened = kept_[file];
  if (!opened) opened = std::make_unique<Dataset>(open_raster(file, allowed_drivers));
  return *opened;
}

const Dataset& FileHandles::open_one_of_many(const std::string& file, const std::vector<std::string>& allowed_drivers) {
  if (const auto found = passing_.find(file); found != passing_.end()) {
    recent_.splice(recent_.begin(), recent_, found->second.place);
    return *found->second.file;
  }
  // Before the next is opened: the limit may be near. GDAL has a quarter of the descriptors, our own reading another.
  while (!passing_.empty() &&
         (passing_.size() >= most_of_a_thread || of_all_threads.load() >= InputFile::most_open())) {
    passing_.erase(recent_.back());
    recent_.pop_back();
    --of_all_threads;
  }
  auto opened = std::make_unique<Dataset>(open_raster(file, allowed_drivers));
  recent_.push_front(file);
  const Passing& passing = passing_[file] = Passing{std::move(opened), recent_.begin()};
  ++of_all_threads;
  return *passing.file;
}

}  // namespace sink
