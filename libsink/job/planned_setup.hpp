// SPDX-License-Identifier: Apache-2.0
// PlannedInputs and PlannedSetup: the inputs and the setup of a plan, in a process that computes a tile or merges them,
// held against what the plan says.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "job/tile_plan.hpp"
#include "job/tiles.hpp"

namespace sink {

class PlannedInputs {
 public:
  /// How an input with another time stamp is taken: as changed, or by its content.
  enum class Stamps { strict, by_content };
  /// Throws Error::input where this program or an input is not as planned. `inventory` as typed. `check_going` is
  /// called while content is read and may throw.
  PlannedInputs(const TilePlan& plan, const std::string& inventory, Stamps stamps,
                std::function<void()> check_going = {});

  /// Throws Error::input where an input has another size or time stamp than the plan says.
  void demand_unchanged() const;
  /// The same for the content of all inputs, by path.
  void demand_content(const std::map<std::string, std::string>& hashes) const;

 private:
  [[nodiscard]] std::string path_of(const PlannedInput& input) const;
  const TilePlan& plan_;
  Stamps stamps_;
  std::function<void()> check_going_;
  std::string directory_;  ///< relative inputs start here
};

class PlannedSetup : public PlannedInputs {
 public:
  /// Throws Error::input where this program, an input, or what the inputs say is not as planned.
  PlannedSetup(const TilePlan& plan, const std::string& inventory, const TileRun& run, Stamps stamps,
               std::function<void()> check_going = {});
  [[nodiscard]] const RunSetup& setup() const noexcept { return *setup_; }

 private:
  std::unique_ptr<const RunSetup> setup_;
};

}  // namespace sink
