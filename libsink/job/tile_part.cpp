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

constexpr std::array<char, 8> magic = {'s', 'i', 'n', 'k', 'p', 'a', 'r', '2'};
constexpr std::size_t digest_size = 64;
constexpr std::size_t buffer_size = std::size_t{1} << 20;

class PartWriter : public ByteSink {
 public:
  PartWriter(PartFile& file, std::function<void()> check_going) : file_(file), check_going_(std::move(check_going)) {
    buffer_.reserve(buffer_size);
  }
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
    check_going_();
    hash_.add(bytes);
    file_.append(bytes);
  }
  PartFile& file_;
  std::function<void()> check_going_;
  Sha256 hash_;
  std::vector<std::byte> buffer_;
};

/// Reads a part from its beginning, and hashes what it reads.
class PartReader : public ByteSource {
 public:
  PartReader(const std::string& file, std::function<void()> check_going)
      : file_(file), stream_(file, std::ios::binary), check_going_(std::move(check_going)) {
    std::error_code error;
    const auto size = fs::file_size(file, error);
    unread_ = error || size < digest_size ? 0 : size - digest_size;
    std::array<char, magic.size()> word{};
    if (unread_ < word.size()) return;
    read(std::as_writable_bytes(std::span(word)));
    ours_ = word == magic;
  }
  /// Begins as a part does.
  [[nodiscard]] bool ours() const noexcept { return ours_; }
  void read(std::span<std::byte> bytes) override {
    if (bytes.size() > left()) throw damaged_archive();
    while (!bytes.empty()) {
      if (at_ == buffer_.size()) fill();
      const std::size_t n = std::min(bytes.size(), buffer_.size() - at_);
      std::memcpy(bytes.data(), buffer_.data() + at_, n);
      at_ += n;
      bytes = bytes.subspan(n);
    }
  }
  [[nodiscard]] std::uint64_t left() const override { return unread_ + buffer_.size() - at_; }
  /// Reads what is left; whether all of the file is as it was written. Once.
  bool digest_holds() {
    while (unread_ > 0) fill();
    std::string digits(digest_size, ' ');
    stream_.read(digits.data(), digest_size);
    return stream_ && hash_.digits() == digits;
  }

 private:
  void fill() {
    check_going_();
    buffer_.resize(static_cast<std::size_t>(std::min<std::uint64_t>(unread_, buffer_size)));
    at_ = 0;
    stream_.read(reinterpret_cast<char*>(buffer_.data()), static_cast<std::streamsize>(buffer_.size()));
    if (!stream_) throw input_error(file_, "cannot be read");
    hash_.add(buffer_);
    unread_ -= buffer_.size();
  }
  std::string file_;
  std::ifstream stream_;
  std::function<void()> check_going_;
  std::uint64_t unread_ = 0;  ///< bytes that are not in the buffer yet
  std::vector<std::byte> buffer_;
  std::size_t at_ = 0;
  Sha256 hash_;
  bool ours_ = false;
};

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

PartState state_of_part(const std::string& file, const std::string& plan_hash, std::size_t index, PartLook look,
                        const std::function<void()>& check_going) {
  std::error_code error;
  if (!fs::exists(file, error)) return PartState::missing;
  if (!fs::is_regular_file(file, error)) return PartState::damaged;  // to open a pipe would wait for ever
  PartReader reader(file, check_going);
  if (!reader.ours()) return PartState::damaged;
  TilePartHead head;
  try {
    ArchiveReader archive(reader);
    archive(head);
  } catch (const Error&) {
    return PartState::damaged;
  }
  const bool as_planned = head.plan_hash == plan_hash && head.index == index;
  if (look == PartLook::at_its_head && as_planned) return PartState::whole;
  if (!reader.digest_holds()) return PartState::damaged;
  return as_planned ? PartState::whole : PartState::of_another_plan;
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
                const std::function<void()>& check_going, const std::function<void(ArchiveWriter&)>& save) {
  write_passing(file, working, [&](PartFile& out) {
    PartWriter writer(out, check_going);
    writer.write(std::as_bytes(std::span(magic)));
    ArchiveWriter archive(writer);
    archive(head);
    save(archive);
    writer.finish();
  });
}

void read_part(const std::string& file, const std::function<void()>& check_going,
               const std::function<void(const TilePartHead&, ArchiveReader&)>& load) {
  PartReader reader(file, check_going);
  bool damaged = !reader.ours();
  if (!damaged) {
    try {
      ArchiveReader archive(reader);
      TilePartHead head;
      archive(head);
      load(head, archive);
      if (reader.left() != 0) throw damaged_archive();
    } catch (const std::exception&) {
      // What does not fit, or is too large, is the file's fault where the file is not what was written.
      if (reader.digest_holds()) throw;
      damaged = true;
    }
  }
  if (damaged || !reader.digest_holds()) throw DamagedPart(file);
}

RunPass pass_without_names(const RunSetup& setup, const RunPlan& plan, const WorkingFolder& working) {
  std::deque<Removed> names;
  return {setup, plan, [&](const OutputLayer& output) { return names.emplace_back(working.file(output.file)).file; }};
}

}  // namespace sink
