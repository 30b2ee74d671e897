// SPDX-License-Identifier: Apache-2.0
#include "job/tile_part.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <deque>
#include <filesystem>
#include <fstream>

#include "job/sha256.hpp"

namespace sink {
namespace {

namespace fs = std::filesystem;

constexpr std::array<char, 8> magic = {'s', 'i', 'n', 'k', 'p', 'a', 'r', '1'};
constexpr std::size_t digest_size = 64;
constexpr std::size_t buffer_size = std::size_t{1} << 20;

class PartWriter : public ByteSink {
 public:
  explicit PartWriter(PartFile& file) : file_(file) { buffer_.reserve(buffer_size); }
  void write(std::span<const std::byte> bytes) override {
    if (buffer_.size() + bytes.size() > buffer_size) flush();
    if (bytes.size() >= buffer_size) return put(bytes);
    buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
  }
  void finish() {
    flush();
    const std::string digits = hash_.digits();
    file_.append(std::as_bytes(std::span(digits)));
  }

 private:
  void flush() {
    put(buffer_);
    buffer_.clear();
  }
  void put(std::span<const std::byte> bytes) {
    hash_.add(bytes);
    file_.append(bytes);
  }
  PartFile& file_;
  Sha256 hash_;
  std::vector<std::byte> buffer_;
};

class PartReader : public ByteSource {
 public:
  explicit PartReader(const std::string& file) : file_(file), stream_(file, std::ios::binary) {
    std::error_code error;
    const auto size = fs::file_size(file, error);
    left_ = error || size < digest_size ? 0 : size - digest_size;
    std::array<char, magic.size()> word{};
    if (left_ < word.size()) return;
    read(std::as_writable_bytes(std::span(word)));
    ours_ = word == magic;
  }
  /// Begins as a part does.
  [[nodiscard]] bool ours() const noexcept { return ours_; }
  void read(std::span<std::byte> bytes) override {
    if (bytes.size() > left_) throw damaged_archive();
    stream_.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    if (!stream_) throw input_error(file_, "cannot be read");
    left_ -= bytes.size();
  }
  [[nodiscard]] std::uint64_t left() const override { return left_; }

 private:
  std::string file_;
  std::ifstream stream_;
  std::uint64_t left_ = 0;
  bool ours_ = false;
};

bool digest_holds(const std::string& file, const std::function<void()>& check_going) {
  std::ifstream stream(file, std::ios::binary);
  std::error_code error;
  auto left = fs::file_size(file, error) - digest_size;
  Sha256 hash;
  std::vector<char> buffer(buffer_size);
  while (stream && left > 0) {
    check_going();
    stream.read(buffer.data(), static_cast<std::streamsize>(std::min<std::uintmax_t>(left, buffer.size())));
    hash.add(std::as_bytes(std::span(buffer)).first(static_cast<std::size_t>(stream.gcount())));
    left -= static_cast<std::uintmax_t>(stream.gcount());
  }
  std::string digits(digest_size, ' ');
  stream.read(digits.data(), digest_size);
  return stream && hash.digits() == digits;
}

void sync_folder(const fs::path& folder) {
  const int descriptor = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  fsync(descriptor);
  ::close(descriptor);
}

/// Removes a file, where it is still there, in the end.
struct Removed {
  explicit Removed(std::string name) : file(std::move(name)) {}
  Removed(const Removed&) = delete;
  Removed& operator=(const Removed&) = delete;
  std::string file;
  ~Removed() {
    std::error_code ignored;
    fs::remove(file, ignored);
  }
};

}  // namespace

PartState state_of_part(const std::string& file, const std::string& plan_hash, std::size_t index,
                        const std::function<void()>& check_going) {
  std::error_code error;
  if (!fs::exists(file, error)) return PartState::missing;
  PartReader reader(file);
  if (!reader.ours()) return PartState::damaged;
  TilePartHead head;
  try {
    ArchiveReader archive(reader);
    archive(head);
  } catch (const Error&) {
    return PartState::damaged;
  }
  if (!digest_holds(file, check_going)) return PartState::damaged;
  return head.plan_hash == plan_hash && head.index == index ? PartState::whole : PartState::of_another_plan;
}

void write_passing(const std::string& file, const WorkingFolder& working, const std::function<void(PartFile&)>& fill) {
  const fs::path place(file);
  const std::string passing = working.file(place.filename().string());
  PartFile out(passing);
  fill(out);
  out.sync();
  out.close();
  std::error_code error;
  fs::rename(passing, place, error);
  if (error) throw output_error(file, "cannot be written (" + error.message() + ")");
  sync_folder(place.parent_path());
}

void write_part(const std::string& file, const WorkingFolder& working, TilePartHead head,
                const std::function<void(ArchiveWriter&)>& save) {
  write_passing(file, working, [&](PartFile& out) {
    PartWriter writer(out);
    writer.write(std::as_bytes(std::span(magic)));
    ArchiveWriter archive(writer);
    archive(head);
    save(archive);
    writer.finish();
  });
}

void read_part(const std::string& file, const std::function<void(const TilePartHead&, ArchiveReader&)>& load) {
  PartReader reader(file);
  if (!reader.ours()) throw input_error(file, "is no part of a tile, or was changed meanwhile: run its tile again");
  ArchiveReader archive(reader);
  TilePartHead head;
  archive(head);
  load(head, archive);
  if (reader.left() != 0) throw damaged_archive();
}

RunPass pass_without_names(const RunSetup& setup, const RunPlan& plan, const WorkingFolder& working) {
  std::deque<Removed> names;
  return {setup, plan, [&](const OutputLayer& output) { return names.emplace_back(working.file(output.file)).file; }};
}

}  // namespace sink
