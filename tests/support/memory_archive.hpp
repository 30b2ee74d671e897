// SPDX-License-Identifier: Apache-2.0
// An archive in memory.
#pragma once

#include <cstring>
#include <vector>

#include "core/archive.hpp"

namespace sink::tests {

struct MemoryArchive : ByteSink, ByteSource {
  std::vector<std::byte> bytes;
  std::size_t at = 0;  ///< of what is read next
  void write(std::span<const std::byte> more) override {
    const std::size_t before = bytes.size();
    bytes.resize(before + more.size());
    if (!more.empty()) std::memcpy(bytes.data() + before, more.data(), more.size());
  }
  void read(std::span<std::byte> to) override {
    if (to.size() > left()) throw damaged_archive();
    if (!to.empty()) std::memcpy(to.data(), bytes.data() + at, to.size());
    at += to.size();
  }
  [[nodiscard]] std::uint64_t left() const override { return bytes.size() - at; }
};

}  // namespace sink::tests
