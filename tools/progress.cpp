// SPDX-License-Identifier: Apache-2.0
#include "progress.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "console.hpp"
#include "report/table.hpp"
#include "signals.hpp"

namespace sink::tools {
namespace {

constexpr std::chrono::milliseconds bar_pause{100}, json_pause{500};
constexpr std::size_t bar_columns = 30;

/// "0:42", "12:05", "1:02:03".
std::string clock_text(double seconds) {
  const auto total = static_cast<long long>(std::ceil(std::min(seconds, 359999.0)));
  std::array<char, 32> text{};
  if (total >= 3600) {
    std::snprintf(text.data(), text.size(), "%lld:%02lld:%02lld", total / 3600, total / 60 % 60, total % 60);
  } else {
    std::snprintf(text.data(), text.size(), "%lld:%02lld", total / 60, total % 60);
  }
  return text.data();
}

double share_of(const Progress& progress) {
  if (progress.pixels_total <= 0) return 0;
  return std::clamp(static_cast<double>(progress.pixels_done) / static_cast<double>(progress.pixels_total), 0.0, 1.0);
}

}  // namespace

ProgressStyle progress_style(const std::string& name, bool quiet) {
  if (name == "bar") return ProgressStyle::bar;
  if (name == "json") return ProgressStyle::json;
  if (name == "none" || quiet) return ProgressStyle::none;
  return isatty(STDERR_FILENO) ? ProgressStyle::bar : ProgressStyle::none;
}

ProgressReporter::ProgressReporter(ProgressStyle style) : style_(style) {}

ProgressReporter::~ProgressReporter() {
  // Spaces instead of a control sequence: that works on every terminal.
  if (width_shown_ > 0) std::fprintf(stderr, "\r%*s\r", static_cast<int>(width_shown_), "");
}

ProgressCallback ProgressReporter::callback() {
  return [this](const Progress& progress) {
    if (style_ != ProgressStyle::none) show(progress);
    return signal_received() == 0;
  };
}

void ProgressReporter::show(const Progress& progress) {
  const Clock::time_point now = Clock::now();
  const bool new_stage = progress.stage != stage_ || stage_start_ == Clock::time_point{};
  if (new_stage) {
    stage_ = progress.stage;
    stage_start_ = now;
  }
  const bool finished = progress.pixels_total > 0 && progress.pixels_done >= progress.pixels_total;
  const auto pause = style_ == ProgressStyle::bar ? bar_pause : json_pause;
  if (!new_stage && !finished && now - last_shown_ < pause) return;
  last_shown_ = now;
  const double seconds = std::chrono::duration<double>(now - stage_start_).count();
  const double pixels_per_s = seconds > 0 ? static_cast<double>(progress.pixels_done) / seconds : 0;
  if (style_ == ProgressStyle::bar) {
    show_bar(progress, pixels_per_s);
  } else {
    show_json(progress, pixels_per_s);
  }
}

void ProgressReporter::show_bar(const Progress& progress, double pixels_per_s) {
  std::string line = progress.stage;
  if (progress.pixels_total > 0) {
    const double share = share_of(progress);
    const auto full = static_cast<std::size_t>(share * static_cast<double>(bar_columns));
    std::array<char, 64> numbers{};
    std::snprintf(numbers.data(), numbers.size(), " %3.0f %%  %.1f Mpx/s", std::floor(share * 100), pixels_per_s / 1e6);
    line.assign(1, '[').append(full, '#').append(bar_columns - full, '.').append("]").append(numbers.data());
    const auto left = static_cast<double>(progress.pixels_total - progress.pixels_done);
    if (pixels_per_s > 0) line += "  " + clock_text(left / pixels_per_s) + " left";
    line += "  " + progress.stage;
  }
  const std::size_t width = text_width(line);
  std::fprintf(stderr, "\r%s", padded(line, width_shown_).c_str());
  std::fflush(stderr);
  width_shown_ = width;
}

void ProgressReporter::show_json(const Progress& progress, double pixels_per_s) {
  nlohmann::ordered_json line;
  line["stage"] = progress.stage;
  line["progress"] = share_of(progress);
  line["pixels_done"] = progress.pixels_done;
  line["pixels_total"] = progress.pixels_total;
  line["mpx_per_s"] = pixels_per_s / 1e6;
  tell(line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
}

}  // namespace sink::tools
