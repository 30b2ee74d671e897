// SPDX-License-Identifier: Apache-2.0
#include "sinkcalc/tile_index.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <optional>

#include "core/error.hpp"

namespace sink::tools {
namespace {

std::optional<std::size_t> number_of(const std::string& text) {
  std::size_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  return failure == std::errc() && end == text.data() + text.size() && !text.empty() ? std::optional(number)
                                                                                     : std::nullopt;
}

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::size_t index_of_task() {
  for (const char* name : {"SLURM_ARRAY_TASK_ID", "PBS_ARRAY_INDEX", "PBS_ARRAYID", "SGE_TASK_ID"}) {
    const std::string value = variable(name);
    const bool from_one = std::string(name) == "SGE_TASK_ID";
    if (value.empty() || value == "undefined") continue;  // SGE's word where a job is no array
    const auto number = number_of(value);
    if (!number || (from_one && *number == 0)) {
      throw usage_error(std::string(name) + ": '" + value + "' is no index of a tile: give --tile PLAN:INDEX");
    }
    return *number - (from_one ? 1 : 0);
  }
  throw usage_error(
      "--tile: which tile? Give PLAN:INDEX, or run it in an array job (SLURM_ARRAY_TASK_ID, PBS_ARRAY_INDEX, "
      "PBS_ARRAYID or SGE_TASK_ID)");
}

}  // namespace

PlannedTileName planned_tile(const std::string& typed) {
  if (typed.empty()) throw usage_error("--tile is blank: give the plan that sinkcalc tiles made, PLAN or PLAN:INDEX");
  std::error_code ignored;
  const auto colon = typed.rfind(':');
  const bool there = std::filesystem::exists(typed, ignored);
  if (!there && colon == std::string::npos) {
    throw input_error(typed, "no such file: give the plan that sinkcalc tiles made, PLAN or PLAN:INDEX");
  }
  if (there) return {typed, index_of_task()};
  const auto index = number_of(typed.substr(colon + 1));
  if (!index) {
    throw usage_error("--tile " + typed + ": '" + typed.substr(colon + 1) +
                      "' is no index: give PLAN:INDEX with a whole number from 0");
  }
  return {typed.substr(0, colon), *index};
}

int threads_of_task(int available) {
  const auto given = number_of(variable("SLURM_CPUS_PER_TASK"));
  if (!given || *given == 0) return available;
  return static_cast<int>(std::min<std::size_t>(*given, static_cast<std::size_t>(available)));
}

}  // namespace sink::tools
