// SPDX-License-Identifier: Apache-2.0
// WorkingFolder: a hidden folder for files on their way, which does not outlive its process for long. The owner holds a
// lock on a file in it, and what was left by a process that was killed can be told from what a living one works in.
#pragma once

#include <string>

namespace sink {

class WorkingFolder {
 public:
  /// Makes a folder of a new name in `place`. Throws Error::output.
  explicit WorkingFolder(const std::string& place);
  /// Removes it with all that is in it.
  ~WorkingFolder();
  WorkingFolder(const WorkingFolder&) = delete;
  WorkingFolder& operator=(const WorkingFolder&) = delete;

  /// Path of a file in it.
  [[nodiscard]] std::string file(const std::string& name) const;

 private:
  bool make();
  std::string place_, path_;
  int lock_ = -1;
};

/// Removes the working folders in `place` whose owners are gone for sure: made under this boot of this machine, by this
/// user, and not locked. Those of other machines stay: over a network a lock may not be seen.
void remove_dead_folders(const std::string& place);

}  // namespace sink
