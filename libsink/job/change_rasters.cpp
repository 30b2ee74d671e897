// SPDX-License-Identifier: Apache-2.0
#include "job/change_rasters.hpp"

#include <algorithm>

#include "job/class_labels.hpp"
#include "report/raster_style.hpp"

namespace sink {
namespace {

constexpr const char* confidence_meaning = "Probability of the class given all years";

RasterFormat format_of(const ChangeSetup& setup, const OutputOptions& output) {
  return {output.format == OutputFormat::cog, output.creation_options, setup.threads, setup.maps.inputs().run.io};
}

void finish_raster(RasterOutput& writer, const ChangeSetup& setup, const std::string& file,
                   const StoredStatistics& statistics, const ProgressCallback& progress) {
  const std::string stage = "writing " + file.substr(file.rfind('/') + 1);
  const auto go_on = [&](double fraction) {
    const auto total = setup.maps.grid().pixels();
    return !progress || progress({static_cast<std::int64_t>(fraction * static_cast<double>(total)), total, stage});
  };
  writer.finish(file, statistics, go_on);
}

}  // namespace

ChangeRasters::ChangeRasters(const ChangeSetup& setup, const OutputOptions& output, const OutputDirectory& directory,
                             std::int64_t columns, std::int64_t rows, bool filtered)
    : setup_(setup), directory_(directory), filtered_(filtered) {
  const std::int64_t waiting_bytes =
      waiting_tile_bytes(setup.maps.inputs().run.memory_bytes, static_cast<std::int64_t>(setup.intervals()));
  for (std::size_t t = 0; t < setup.intervals(); ++t) {
    writers_.emplace_back(directory.working(IntervalFiles(setup, t).raster() + ".working"), setup.maps.grid(), columns,
                          rows, RasterWords{meaning(t), ""}, format_of(setup, output), setup.code_pixels(),
                          waiting_bytes);
  }
}

std::string ChangeRasters::meaning(std::size_t interval) const {
  return "Class at " + setup_.year(interval) + " and at " + setup_.year(interval + 1) + ", from-to code" +
         (filtered_ ? ", filtered" : "");
}

WriteCodes ChangeRasters::writer() {
  const auto write = [this](TileScratch& scratch, const Window& window,
                            const std::vector<std::vector<std::uint32_t>>& codes) {
    for (std::size_t t = 0; t < writers_.size(); ++t) writers_[t].write(scratch, window, std::span(codes[t]));
  };
  return {write, writers_.front().in_any_order()};  // all are of one kind
}

void ChangeRasters::finish(const std::vector<std::vector<std::uint8_t>>& seen, const ProgressCallback& progress,
                           std::vector<ResultFile>& files) {
  for (std::size_t t = 0; t < writers_.size(); ++t) {
    const IntervalFiles names(setup_, t);
    finish_raster(writers_[t], setup_, directory_.working(names.raster()), {}, progress);
    const auto categories = change_categories(labels_of(setup_, t), labels_of(setup_, t + 1), seen[t]);
    directory_.write_text(names.names(), category_aux_xml(categories));
    directory_.write_text(names.style(), category_qml(categories));
    files.push_back({names.raster(), meaning(t)});
    files.push_back({names.names(), "names of its codes"});
    files.push_back({names.style(), "its style for QGIS"});
  }
}

FilteredMaps::FilteredMaps(const ChangeSetup& setup, const OutputOptions& output, const OutputDirectory& directory,
                           std::int64_t rows, bool with_confidence)
    : setup_(setup), directory_(directory) {
  std::uint32_t highest = 0;
  for (std::size_t date = 0; date <= setup.intervals(); ++date) {
    auto& numbers = numbers_.emplace_back();
    for (std::size_t k = 0; k < setup.classes(); ++k) {
      const LegendRow* own = setup.maps.legends().own_row(k, date);
      const LegendRow& row = own != nullptr ? *own : setup.maps.legend()[static_cast<ClassIndex>(k)];
      numbers.push_back(static_cast<std::uint32_t>(first_code(row)));
      highest = std::max(highest, numbers.back());
    }
    seen_.emplace_back(setup.classes());
  }
  pixels_ = highest < nodata_code(RasterPixels::uint16) ? RasterPixels::uint16 : RasterPixels::uint32;
  const std::int64_t rasters = static_cast<std::int64_t>(setup.intervals() + 1) * (with_confidence ? 2 : 1);
  const std::int64_t waiting_bytes = waiting_tile_bytes(setup.maps.inputs().run.memory_bytes, rasters);
  const auto open = [&](const std::string& name, const std::string& what, RasterPixels pixels) {
    return RasterOutput(directory.working(name + ".working"), setup.maps.grid(), setup.maps.grid().columns, rows,
                        {what, ""}, format_of(setup, output), pixels, waiting_bytes);
  };
  for (std::size_t date = 0; date <= setup.intervals(); ++date) {
    maps_.push_back(open("class_" + setup.year(date) + ".tif", "Class, filtered", pixels_));
    if (!with_confidence) continue;
    confidences_.push_back(open("confidence_" + setup.year(date) + ".tif", confidence_meaning, RasterPixels::float32));
  }
  statistics_.resize(confidences_.size());
}

void FilteredMaps::write(const Window& window, const ChangeStrip& strip) {
  for (std::size_t date = 0; date < maps_.size(); ++date) {
    const auto& classes = strip.classes[date];
    buffer_.resize(classes.size());
    for (std::size_t p = 0; p < classes.size(); ++p) {
      if (classes[p] != no_class) seen_[date][classes[p]] = true;
      buffer_[p] = classes[p] == no_class ? nodata_code(pixels_) : numbers_[date][classes[p]];
    }
    maps_[date].write(scratch_, window, std::span<const std::uint32_t>(buffer_));
    if (confidences_.empty()) continue;
    confidences_[date].write(scratch_, window, std::span<const float>(strip.confidence[date]));
    statistics_[date].add(strip.confidence[date]);
  }
}

void FilteredMaps::finish(const ProgressCallback& progress, std::vector<ResultFile>& files) {
  for (std::size_t date = 0; date < maps_.size(); ++date) {
    const std::string year = setup_.year(date), name = "class_" + year;
    finish_raster(maps_[date], setup_, directory_.working(name + ".tif"), {}, progress);
    const auto named = categories(date);
    directory_.write_text(name + ".tif.aux.xml", category_aux_xml(named));
    directory_.write_text(name + ".qml", category_qml(named));
    files.push_back({name + ".tif", "classes of " + year + ", filtered"});
    files.push_back({name + ".tif.aux.xml", "names of its codes"});
    files.push_back({name + ".qml", "its style for QGIS"});
    if (confidences_.empty()) continue;
    const std::string confidence = "confidence_" + year + ".tif";
    finish_raster(confidences_[date], setup_, directory_.working(confidence), statistics_[date], progress);
    const std::string style = "confidence_" + year + ".qml";
    directory_.write_text(style, measure_qml(measure_classes("confidence", {})));
    files.push_back({confidence, confidence_meaning});
    files.push_back({style, "its style for QGIS"});
  }
}

std::vector<ChangeCategory> FilteredMaps::categories(std::size_t date) const {
  std::vector<ChangeCategory> categories;
  for (std::size_t k = 0; k < setup_.classes(); ++k) {
    // A class that only other dates' legends have is listed where a filter over the years found it.
    if (setup_.maps.legends().own_row(k, date) == nullptr && !seen_[date][k]) continue;
    const ClassLabel label = label_of(setup_, k, date);
    categories.push_back({numbers_[date][k], label.name, "", "", label.colour,
                          label.name_zh.empty() ? "" : label.name + " / " + label.name_zh});
  }
  return categories;
}

std::vector<std::string> FilteredMaps::names(const ChangeSetup& setup) {
  std::vector<std::string> names;
  for (std::size_t date = 0; date <= setup.intervals(); ++date) {
    for (const char* suffix : {".tif", ".tif.aux.xml", ".qml"}) names.push_back("class_" + setup.year(date) + suffix);
    for (const char* suffix : {".tif", ".qml"}) names.push_back("confidence_" + setup.year(date) + suffix);
  }
  return names;
}

}  // namespace sink
