// SPDX-License-Identifier: Apache-2.0
#include "raster/tiff_layout.hpp"

#include <fcntl.h>
#include <gdal_priv.h>
#include <tiffio.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <limits>
#include <optional>

namespace sink {
namespace {

struct CloseTiff {
  void operator()(TIFF* tiff) const noexcept { TIFFClose(tiff); }
};
using Tiff = std::unique_ptr<TIFF, CloseTiff>;

int be_silent(TIFF* /*tiff*/, void* /*data*/, const char* /*module*/, const char* /*format*/, va_list /*arguments*/) {
  return 1;  // nor ask GDAL's handler, which would count it as an error of this thread
}

/// libtiff on a descriptor of its own, with GDAL's flags (deferred arrays, chopped strips), so that blocks are the
/// same; without mmap: a file that shrinks meanwhile must not be a SIGBUS.
Tiff open_tiff(int descriptor) {
  const int own = ::fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
  if (own < 0) return nullptr;
  TIFFOpenOptions* options = TIFFOpenOptionsAlloc();
  TIFFOpenOptionsSetMaxSingleMemAlloc(options, tmsize_t{1} << 30);
  TIFFOpenOptionsSetErrorHandlerExtR(options, be_silent, nullptr);
  TIFFOpenOptionsSetWarningHandlerExtR(options, be_silent, nullptr);
  Tiff tiff(TIFFFdOpenExt(own, "", "rDCm", options));
  TIFFOpenOptionsFree(options);
  if (!tiff) ::close(own);
  return tiff;
}

template <class T>
T field(TIFF* tiff, std::uint32_t tag, T otherwise) {
  T value{};
  return TIFFGetFieldDefaulted(tiff, tag, &value) == 1 ? value : otherwise;
}

struct Sample {
  SampleType type;
  const char* gdal_name;
  std::uint16_t format, bits;
};
constexpr Sample samples[] = {
    {SampleType::u8, "Byte", SAMPLEFORMAT_UINT, 8},       {SampleType::u16, "UInt16", SAMPLEFORMAT_UINT, 16},
    {SampleType::i16, "Int16", SAMPLEFORMAT_INT, 16},     {SampleType::u32, "UInt32", SAMPLEFORMAT_UINT, 32},
    {SampleType::i32, "Int32", SAMPLEFORMAT_INT, 32},     {SampleType::f32, "Float32", SAMPLEFORMAT_IEEEFP, 32},
    {SampleType::f64, "Float64", SAMPLEFORMAT_IEEEFP, 64}};

std::optional<TileCodec> codec_of(TIFF* tiff) {
  switch (field<std::uint16_t>(tiff, TIFFTAG_COMPRESSION, COMPRESSION_NONE)) {
    case COMPRESSION_NONE:
      return TileCodec::none;
    case COMPRESSION_ADOBE_DEFLATE:
    case COMPRESSION_DEFLATE:
      return TileCodec::deflate;
    case COMPRESSION_ZSTD:
      return TileCodec::zstd;
    default:
      return std::nullopt;
  }
}

/// Bands apart, rows from the top, bits in the usual order, no colours to be worked out.
bool plain(TIFF* tiff, const BandInfo& info) {
  const auto planes = field<std::uint16_t>(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
  const auto per_pixel = field<std::uint16_t>(tiff, TIFFTAG_SAMPLESPERPIXEL, 1);
  const auto colours = field<std::uint16_t>(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK);
  return TIFFIsByteSwapped(tiff) == 0 && per_pixel == info.bands &&
         (per_pixel == 1 || planes == PLANARCONFIG_SEPARATE) &&
         field<std::uint16_t>(tiff, TIFFTAG_FILLORDER, FILLORDER_MSB2LSB) == FILLORDER_MSB2LSB &&
         field<std::uint16_t>(tiff, TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT) == ORIENTATION_TOPLEFT &&
         field<std::uint32_t>(tiff, TIFFTAG_IMAGEDEPTH, 1) == 1 &&
         field<std::uint32_t>(tiff, TIFFTAG_TILEDEPTH, 1) == 1 &&
         (colours == PHOTOMETRIC_MINISBLACK || colours == PHOTOMETRIC_PALETTE || colours == PHOTOMETRIC_RGB);
}

}  // namespace

std::shared_ptr<const TiffLayout> TiffLayout::open(const Dataset& file, const BandInfo& info) {
  if (std::string(file->GetDriverName()) != "GTiff") return nullptr;
  return open(std::string(file->GetDescription()), info);
}

std::shared_ptr<const TiffLayout> TiffLayout::open(const std::string& path, const BandInfo& info) {
  if (std::endian::native != std::endian::little || info.masked) return nullptr;
  std::shared_ptr<TiffLayout> layout(new TiffLayout(path));
  return layout->describe(info) ? layout : nullptr;
}

bool TiffLayout::describe(const BandInfo& info) {
  const auto descriptor = file_.open();
  if (!descriptor) return false;
  const Tiff tiff = open_tiff(descriptor->number());
  if (!tiff || !plain(tiff.get(), info)) return false;
  const auto bits = field<std::uint16_t>(tiff.get(), TIFFTAG_BITSPERSAMPLE, 1);
  const auto format = field<std::uint16_t>(tiff.get(), TIFFTAG_SAMPLEFORMAT, SAMPLEFORMAT_UINT);
  const auto* sample = std::find_if(std::begin(samples), std::end(samples), [&](const Sample& s) {
    return s.format == format && s.bits == bits && info.type == s.gdal_name;
  });
  const auto codec = codec_of(tiff.get());
  if (sample == std::end(samples) || !codec) return false;
  type_ = sample->type;
  sample_bytes_ = bits / 8U;
  codec_ = *codec;
  if (codec_ != TileCodec::none) predictor_ = field<std::uint16_t>(tiff.get(), TIFFTAG_PREDICTOR, 1);
  const bool floating = format == SAMPLEFORMAT_IEEEFP;
  if (predictor_ < 1 || predictor_ > 3 || (predictor_ == 3 && !floating)) return false;

  columns_ = field<std::uint32_t>(tiff.get(), TIFFTAG_IMAGEWIDTH, 0);
  rows_ = field<std::uint32_t>(tiff.get(), TIFFTAG_IMAGELENGTH, 0);
  tiled_ = TIFFIsTiled(tiff.get()) != 0;
  block_columns_ = tiled_ ? field<std::uint32_t>(tiff.get(), TIFFTAG_TILEWIDTH, 0) : columns_;
  block_rows_ = tiled_ ? field<std::uint32_t>(tiff.get(), TIFFTAG_TILELENGTH, 0)
                       : std::min<std::int64_t>(rows_, field<std::uint32_t>(tiff.get(), TIFFTAG_ROWSPERSTRIP, 0));
  // GDAL has checked its numbers (dataset.hpp); where it sees other blocks, as in one strip over everything, it reads.
  if (columns_ != info.grid.columns || rows_ != info.grid.rows || block_columns_ != info.block_columns ||
      block_rows_ != info.block_rows)
    return false;
  const std::int64_t blocks = blocks_across() * ((rows_ + block_rows_ - 1) / block_rows_);
  const std::int64_t first = blocks * (info.band - 1);
  const std::uint32_t striles = tiled_ ? TIFFNumberOfTiles(tiff.get()) : TIFFNumberOfStrips(tiff.get());
  if (striles != blocks * info.bands) return false;
  offsets_.reserve(static_cast<std::size_t>(blocks));
  lengths_.reserve(static_cast<std::size_t>(blocks));
  int failed = 0;
  for (std::int64_t block = first; block < first + blocks && failed == 0; ++block) {
    const auto number = static_cast<std::uint32_t>(block);
    offsets_.push_back(TIFFGetStrileOffsetWithErr(tiff.get(), number, &failed));
    const std::uint64_t length = failed != 0 ? 0 : TIFFGetStrileByteCountWithErr(tiff.get(), number, &failed);
    constexpr std::uint64_t most = std::numeric_limits<std::uint32_t>::max();
    lengths_.push_back(static_cast<std::uint32_t>(std::min(length, most)));
  }
  return failed == 0;
}

std::size_t TiffLayout::needed_bytes(std::size_t block) const noexcept {
  if (tiled_) return block_bytes();
  const std::int64_t first_row = static_cast<std::int64_t>(block) * block_rows_;
  return static_cast<std::size_t>(std::min(block_rows_, rows_ - first_row)) * row_bytes();
}

std::int64_t TiffLayout::check(const std::string& file) const {
  std::int64_t missing = 0;
  const auto size = static_cast<std::uint64_t>(file_.bytes());
  const auto across = static_cast<std::size_t>(blocks_across());
  for (std::size_t block = 0; block < offsets_.size(); ++block) {
    if (!written(block)) {
      ++missing;
    } else if (offsets_[block] > size || lengths_[block] > size - offsets_[block]) {
      throw truncated_error(file, static_cast<std::int64_t>(block % across), static_cast<std::int64_t>(block / across));
    }
  }
  return missing;
}

std::size_t TiffLayout::stored_bytes(std::size_t block) const noexcept {
  const std::size_t most = codec_ == TileCodec::none ? needed_bytes(block) : block_bytes() + block_bytes() / 8 + 65536;
  return std::min<std::size_t>(lengths_[block], most);
}

bool TiffLayout::read(std::size_t block, std::span<std::byte> bytes) const noexcept {
  return file_.read(offsets_[block], bytes);
}

}  // namespace sink
