// SPDX-License-Identifier: Apache-2.0
#include "raster/mosaic.hpp"

#include <utility>

#include "core/window.hpp"

namespace sink {
namespace {

/// Layouts that stay known without a reader. One takes twelve bytes a block.
constexpr std::size_t most_recent = 256;

}  // namespace

Mosaic::Mosaic(std::shared_ptr<const MosaicFiles> files, int band, std::vector<std::string> allowed_drivers,
               RasterIo io)
    : files_(std::move(files)),
      band_(band),
      allowed_drivers_(std::move(allowed_drivers)),
      io_(io),
      opened_(std::make_unique<Opened[]>(files_->files().size())) {}

std::vector<std::size_t> Mosaic::files_in(const Window& window) const {
  std::vector<std::size_t> found;
  const auto& files = files_->files();
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (common_part(files[i].place, window).pixels() > 0) found.push_back(i);
  }
  return found;
}

const BandInfo& Mosaic::info(std::size_t place) const {
  return file(place).bands[static_cast<std::size_t>(band_ - 1)].info;
}

std::shared_ptr<const TiffLayout> Mosaic::layout(std::size_t place, FileHandles& handles) const {
  // Each time: a file written over in place stays the one that is open, and GDAL would read its new pixels as the old.
  if (version_of(file(place).file) != file(place).version)
    throw input_error(file(place).file, "was changed while it was read: run again when it is finished");
  Opened& opened = opened_[place];
  const std::lock_guard lock(opened.mutex);
  if (opened.by_gdal) return nullptr;
  if (auto known = opened.layout.lock()) return known;
  const bool first = !opened.checked;
  auto layout = open(place, handles, first);
  opened.layout = layout;
  opened.by_gdal = layout == nullptr;
  opened.checked = true;
  const std::lock_guard among_all(mutex_);
  if (first) ++opened_files_;
  if (!layout) return nullptr;
  if (recent_.size() < most_recent) recent_.resize(most_recent);
  recent_[next_++ % most_recent] = layout;
  return layout;
}

void Mosaic::check(FileHandles& handles) const {
  for (std::size_t place = 0; place < files_->files().size(); ++place) {
    const bool checked = [&] {
      const std::lock_guard lock(opened_[place].mutex);
      return opened_[place].checked;
    }();
    if (!checked) static_cast<void>(layout(place, handles));
  }
}

std::shared_ptr<const TiffLayout> Mosaic::open(std::size_t place, FileHandles& handles, bool check) const {
  const MosaicFile& from = file(place);
  BandInfo band = info(place);
  std::shared_ptr<const TiffLayout> layout;
  if (io_ == RasterIo::own && from.geotiff) layout = TiffLayout::open(from.real_path, band);
  if (!check) return layout;
  set_holes(band, layout ? layout->check(from.file)
                         : check_blocks(handles.open_one_of_many(from.file, allowed_drivers_), band_));
  return layout;
}

std::size_t Mosaic::opened() const {
  const std::lock_guard lock(mutex_);
  return opened_files_;
}

}  // namespace sink
