// SPDX-License-Identifier: Apache-2.0
#include "raster/raster_output.hpp"

#include <algorithm>
#include <filesystem>

#include "core/error.hpp"
#include "raster/tiff_writer.hpp"

namespace sink {
namespace {

std::int64_t number_of(const std::vector<TiffTag>& tags, std::uint16_t tag, std::int64_t otherwise) {
  const auto found = std::find_if(tags.begin(), tags.end(), [tag](const TiffTag& t) { return t.tag == tag; });
  return found == tags.end() ? otherwise : found->number();
}

/// What the tags of GDAL's file say of its tiles; absent where our encoder lacks it.
std::optional<TileCoding> coding_of(const std::vector<TiffTag>& tags, const RasterFormat& format,
                                    const OwnOptions& own) {
  TileCoding coding;
  switch (number_of(tags, tiff_compression, 0)) {
    case 1:
      coding.codec = TileCoding::Codec::none;
      break;
    case 8:
      coding.codec = TileCoding::Codec::deflate;
      break;
    case 50000:
      coding.codec = TileCoding::Codec::zstd;
      break;
    default:
      return std::nullopt;
  }
  coding.level = own.level.value_or(coding.codec == TileCoding::Codec::deflate ? 6 : 9);  // GDAL's
  coding.predictor = static_cast<int>(number_of(tags, tiff_predictor, 1));
  coding.columns = number_of(tags, tiff_tile_width, 0);
  coding.rows = number_of(tags, tiff_tile_length, 0);
  coding.framed = format.cog;
  constexpr std::int64_t largest = 16384;  // bytes of a tile are counted in 32 bits
  const bool fits = coding.columns >= 16 && coding.rows >= 16 && coding.columns <= largest && coding.rows <= largest;
  return fits && coding.columns % 16 == 0 && coding.rows % 16 == 0 ? std::optional(coding) : std::nullopt;
}

/// Windows end where tiles do, or where the raster does.
bool whole_tiles(std::int64_t window, std::int64_t tile, std::int64_t size) {
  return window % tile == 0 || window >= size;
}

}  // namespace

RasterOutput::RasterOutput(std::string working_file, const Grid& grid, std::int64_t window_columns,
                           std::int64_t window_rows, RasterWords words, const RasterFormat& format, RasterPixels type,
                           std::int64_t waiting_bytes)
    : working_file_(std::move(working_file)),
      grid_(grid),
      words_(std::move(words)),
      format_(format),
      type_(type),
      own_(format.io == RasterIo::own ? own_options(format, type) : std::nullopt),
      way_(choose_way(window_columns, window_rows, waiting_bytes)) {}

RasterOutput::Way RasterOutput::choose_way(std::int64_t window_columns, std::int64_t window_rows,
                                           std::int64_t waiting_bytes) {
  const auto coding = own_ ? coding_of(gdal_tags(format_, grid_, words_, type_, {}), format_, *own_) : std::nullopt;
  if (!coding) {
    return RasterWriter(working_file_, grid_, window_columns, window_rows, words_, format_.threads, type_);
  }
  // Strips leave one row of tiles unfinished, and half of it on each level above.
  const std::int64_t waiting = 2 * grid_.columns * coding->rows * static_cast<std::int64_t>(pixel_bytes(type_));
  const bool whole =
      whole_tiles(window_columns, coding->columns, grid_.columns) && whole_tiles(window_rows, coding->rows, grid_.rows);
  if (!whole && waiting > waiting_bytes) {
    throw Error(Error::Kind::memory,
                "rasters of " + std::to_string(grid_.columns) +
                    " columns leave too many tiles half built in the windows that --memory allows: "
                    "give more --memory, fewer --layers or --threads, or inputs in tiles of " +
                    std::to_string(coding->rows) + " pixels");
  }
  std::vector<RasterSize> sizes = {{grid_.columns, grid_.rows}};
  if (own_->overviews) {
    const auto more = overview_sizes(sizes.front(), coding->columns);
    sizes.insert(sizes.end(), more.begin(), more.end());
  }
  if (type_ == RasterPixels::float32)
    return std::make_unique<TilePyramid<float>>(working_file_, sizes, *coding, own_->sparse, waiting_bytes);
  if (type_ == RasterPixels::uint8)
    return std::make_unique<TilePyramid<std::uint8_t>>(working_file_, sizes, *coding, own_->sparse, waiting_bytes);
  if (type_ == RasterPixels::uint16)
    return std::make_unique<TilePyramid<std::uint16_t>>(working_file_, sizes, *coding, own_->sparse, waiting_bytes);
  return std::make_unique<TilePyramid<std::uint32_t>>(working_file_, sizes, *coding, own_->sparse, waiting_bytes);
}

void RasterOutput::write(TileScratch& scratch, const Window& window, std::span<const float> values) {
  if (auto* writer = std::get_if<RasterWriter>(&way_)) return writer->write(window, values);
  std::get<Pyramid<float>>(way_)->write(scratch, window, values.data());
}

void RasterOutput::write(TileScratch& scratch, const Window& window, std::span<const std::uint32_t> codes) {
  if (auto* writer = std::get_if<RasterWriter>(&way_)) return writer->write(window, codes);
  if (auto* wide = std::get_if<Pyramid<std::uint32_t>>(&way_)) return (*wide)->write(scratch, window, codes.data());
  if (type_ == RasterPixels::uint8) return write_narrow<std::uint8_t>(scratch, window, codes);
  write_narrow<std::uint16_t>(scratch, window, codes);
}

template <class Code>
void RasterOutput::write_narrow(TileScratch& scratch, const Window& window, std::span<const std::uint32_t> codes) {
  auto& narrowed = scratch.narrowed<Code>();
  narrowed.resize(codes.size());
  std::transform(codes.begin(), codes.end(), narrowed.begin(),
                 [](std::uint32_t code) { return static_cast<Code>(code); });
  std::get<Pyramid<Code>>(way_)->write(scratch, window, narrowed.data());
}

std::optional<RasterSize> RasterOutput::tile_size(const Grid& grid, const RasterFormat& format, RasterPixels type) {
  const auto own = format.io == RasterIo::own ? own_options(format, type) : std::nullopt;
  const auto coding = own ? coding_of(gdal_tags(format, grid, {}, type, {}), format, *own) : std::nullopt;
  return coding ? std::optional(RasterSize{coding->columns, coding->rows}) : std::nullopt;
}

void RasterOutput::with_pyramid(const auto& use) {
  std::visit(
      [&](auto& way) {
        if constexpr (std::is_same_v<std::decay_t<decltype(way)>, RasterWriter>) {
          throw Error(Error::Kind::internal, "a raster that GDAL writes has no parts");
        } else {
          use(*way);
        }
      },
      way_);
}

void RasterOutput::expect(const std::vector<Window>& windows) {
  if (in_any_order()) with_pyramid([&](auto& pyramid) { pyramid.expect(windows); });
}

void RasterOutput::save(ArchiveWriter& archive) {
  with_pyramid([&](auto& pyramid) { pyramid.save(archive); });
}

void RasterOutput::load(ArchiveReader& archive, TileScratch& scratch) {
  with_pyramid([&](auto& pyramid) { pyramid.load(archive, scratch); });
}

void RasterOutput::finish(const std::string& file, const StoredStatistics& statistics,
                          const std::function<bool(double)>& go_on) {
  if (auto* writer = std::get_if<RasterWriter>(&way_)) return writer->finish(file, statistics, format_, go_on);
  const auto tags = gdal_tags(format_, grid_, words_, type_, statistics);
  const auto put_together = [&](auto& pyramid) {
    pyramid.complete([&] { return go_on(0); });
    write_tiff(file, {tags, pyramid.images(), pyramid.part(), format_.cog}, own_->big, go_on);
  };
  std::visit(
      [&](auto& way) {
        if constexpr (!std::is_same_v<std::decay_t<decltype(way)>, RasterWriter>) {
          put_together(*way);
          way.reset();  // its memory, and the space of the part file
        }
      },
      way_);
  std::filesystem::remove(working_file_);
}

}  // namespace sink
