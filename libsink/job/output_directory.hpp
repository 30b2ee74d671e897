// SPDX-License-Identifier: Apache-2.0
// OutputDirectory: nothing appears under its final name before everything is there. Files are made in a working folder
// inside the output directory and renamed at the end, the run record last.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "job/working_folder.hpp"

namespace sink {

class OutputDirectory {
 public:
  /// Makes `directory` where missing, and the working folder; removes those that killed processes left. `names` are the
  /// files that may be published, `inputs` the files and folders of GeoTIFFs that the run reads. Throws Error::input
  /// where it holds results or a file of such a name and `overwrite` is false, where publishing would replace or remove
  /// an input, or where it is such a folder;
  /// Error::output where it cannot be written.
  OutputDirectory(std::string directory, bool overwrite, const std::vector<std::string>& names,
                  const std::vector<std::string>& inputs);
  /// Removes the working folder; and the directories that this object made, if nothing was published.
  ~OutputDirectory();
  OutputDirectory(const OutputDirectory&) = delete;
  OutputDirectory& operator=(const OutputDirectory&) = delete;

  /// Path of a file in the working folder.
  [[nodiscard]] std::string working(const std::string& name) const;
  /// Writes a text file into the working folder. Throws Error::output.
  void write_text(const std::string& name, const std::string& text) const;
  /// Renames `names` from the working folder to the directory, in order, and removes result files of an earlier run
  /// (those its run.json lists) that this one did not make. Throws Error::output.
  void publish(const std::vector<std::string>& names);
  /// From now on `publish` only takes note, and `publish_held` does it: for folders whose results appear together.
  void hold() noexcept { held_ = true; }
  void publish_held();

 private:
  void make_directory();
  std::string directory_, first_made_;
  std::optional<WorkingFolder> working_;
  std::vector<std::string> earlier_results_, held_names_;
  bool published_ = false, held_ = false;
};

}  // namespace sink
