// SPDX-License-Identifier: Apache-2.0
// Progress of a run on stderr: a bar for a person, lines of JSON for a program, or nothing.
#pragma once

#include <chrono>
#include <string>

#include "job/job.hpp"

namespace sink::tools {

enum class ProgressStyle { none, bar, json };

/// The style for `--progress auto|bar|json|none`; auto is a bar on a terminal unless quiet.
ProgressStyle progress_style(const std::string& name, bool quiet);

/// Shows progress until it is destroyed; the bar is then wiped off its line. Also what stops a run: its callback says
/// no once a signal has come.
class ProgressReporter {
 public:
  explicit ProgressReporter(ProgressStyle style);
  ~ProgressReporter();
  ProgressReporter(const ProgressReporter&) = delete;
  ProgressReporter& operator=(const ProgressReporter&) = delete;

  /// The callback for `run_job`; lives as long as this object.
  [[nodiscard]] ProgressCallback callback();

 private:
  using Clock = std::chrono::steady_clock;
  void show(const Progress& progress);
  void show_bar(const Progress& progress, double pixels_per_s);
  void show_json(const Progress& progress, double pixels_per_s);

  ProgressStyle style_;
  std::string stage_;
  Clock::time_point stage_start_, last_shown_;
  std::size_t width_shown_ = 0;  ///< columns of the line that stands on the terminal
};

}  // namespace sink::tools
