// SPDX-License-Identifier: Apache-2.0
// The floor of a run's time: decodes and encodes rasters with our codec in parallel, and does nothing else.
// Usage: codec_copy THREADS FOLDER [KEY=VALUE...] FILE...
// (single-band Float32 or UInt16 GeoTIFFs as sinkcalc writes them; KEY=VALUE are creation options of the copies, STEP=S
// rounds floats to multiples of S)
#include <cmath>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "pipeline/block_plan.hpp"
#include "pipeline/run_blocks.hpp"
#include "raster/band_info.hpp"
#include "raster/raster_output.hpp"
#include "raster/tile_decoder.hpp"

namespace sink {
namespace {

struct CopyWorker {
  std::unique_ptr<TileDecoder> decoder = std::make_unique<TileDecoder>();
  TileScratch scratch;
  std::vector<float> measures;
  std::vector<std::uint32_t> codes;
};

/// How copies are to be stored.
struct Storing {
  std::vector<std::string> options;
  float step = 0;  ///< 0: values as they are
};

void copy_block(CopyWorker& worker, const TiffLayout& layout, const Window& window, float step, RasterOutput& output) {
  const auto block = static_cast<std::size_t>(window.row / layout.block_rows() * layout.blocks_across() +
                                              window.column / layout.block_columns());
  worker.decoder->load(layout, block);
  std::byte* packed = worker.decoder->unpack(layout, block).data();
  const auto columns = static_cast<std::size_t>(window.columns), rows = static_cast<std::size_t>(window.rows);
  const bool floats = layout.type() == SampleType::f32;
  worker.measures.resize(floats ? columns * rows : 0);
  worker.codes.resize(floats ? 0 : columns * rows);
  for (std::size_t row = 0; row < rows; ++row) {
    const std::byte* pixels = worker.decoder->row_of(layout, packed + row * layout.row_bytes());
    if (floats) {
      std::memcpy(worker.measures.data() + row * columns, pixels, columns * sizeof(float));
    } else {
      const auto* narrow = reinterpret_cast<const std::uint16_t*>(pixels);
      std::copy_n(narrow, columns, worker.codes.data() + row * columns);
    }
  }
  for (float& value : worker.measures) value = step > 0 ? std::nearbyint(value / step) * step : value;
  if (floats) {
    output.write(worker.scratch, window, std::span<const float>(worker.measures));
  } else {
    output.write(worker.scratch, window, std::span<const std::uint32_t>(worker.codes));
  }
}

void copy(const std::string& file, const std::string& folder, int threads, const Storing& storing) {
  const Dataset raster = open_raster(file);
  const BandInfo info = describe_band(raster, file, 1);
  const auto layout = TiffLayout::open(raster, info);
  if (!layout || (layout->type() != SampleType::f32 && layout->type() != SampleType::u16)) {
    throw input_error(file, "is not stored as sinkcalc stores rasters");
  }
  const std::string copied = folder + "/" + std::filesystem::path(file).filename().string();
  const RasterFormat format{.cog = false, .creation_options = storing.options, .threads = threads};
  check_creation_options(format);
  RasterOutput output(copied + ".working", info.grid, layout->block_columns(), layout->block_rows(),
                      {info.description, info.unit}, format,
                      layout->type() == SampleType::f32 ? RasterPixels::float32 : RasterPixels::uint16, 1 << 30);
  const BlockShape block{layout->block_columns(), layout->block_rows()};
  struct Nothing {};
  run_blocks<Nothing>(
      plan_blocks(info.grid, block, block.columns * block.rows).windows,
      {threads, static_cast<std::size_t>(4 * threads)}, [] { return CopyWorker(); },
      [&](CopyWorker& worker, const Window& window, Nothing&) {
        copy_block(worker, *layout, window, storing.step, output);
      },
      [](const Window&, Nothing&) {});
  output.finish(copied, {}, [](double) { return true; });
}

}  // namespace
}  // namespace sink

int main(int argc, char** argv) {
  if (argc < 4) {
    std::cerr << "usage: codec_copy THREADS FOLDER [KEY=VALUE...] FILE...\n";
    return 2;
  }
  try {
    sink::Storing storing;
    for (int i = 3; i < argc; ++i) {
      const std::string word = argv[i];
      if (word.starts_with("STEP=")) {
        storing.step = std::stof(word.substr(5));
      } else if (word.find('=') != std::string::npos) {
        storing.options.push_back(word);
      } else {
        sink::copy(word, argv[2], std::stoi(argv[1]), storing);
      }
    }
  } catch (const std::exception& error) {
    std::cerr << "codec_copy: error: " << error.what() << '\n';
    return 1;
  }
  return 0;
}
