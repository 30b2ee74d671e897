// SPDX-License-Identifier: Apache-2.0
// Files written at given places, by several threads at once; every failure is an Error::output that names the file.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace sink {

/// A new file, open for reading and writing.
class PartFile {
 public:
  /// Makes the file, or empties it. Throws Error::output.
  explicit PartFile(std::string file);
  ~PartFile();
  PartFile(const PartFile&) = delete;
  PartFile& operator=(const PartFile&) = delete;

  /// Writes at the end, wherever other threads write, and returns the place.
  std::uint64_t append(std::span<const std::byte> bytes);
  void write_at(std::uint64_t place, std::span<const std::byte> bytes) const;
  /// Fills `bytes` with what was written at `place`.
  void read_at(std::uint64_t place, std::span<std::byte> bytes) const;
  /// Copies `bytes` from another file, inside the kernel where the file system can.
  void copy_from(const PartFile& from, std::uint64_t from_place, std::uint64_t place, std::uint64_t bytes) const;
  /// Waits until the disk has it.
  void sync() const;
  /// Closes the file; some file systems say only here that they are full.
  void close();
  [[nodiscard]] const std::string& name() const noexcept { return file_; }

 private:
  std::string file_;
  int descriptor_ = -1;
  std::atomic<std::uint64_t> end_{0};
};

}  // namespace sink
