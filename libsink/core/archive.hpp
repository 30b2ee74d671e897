// SPDX-License-Identifier: Apache-2.0
// Values as bytes and back, for what one process hands to another: exact, little-endian, each field said once. A type
// lists its fields in a member `transfer(archive)`, which both saves and loads; a loaded size is held against the bytes
// that are left. Versions and checksums are the file's (job/tile_part.hpp).
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/error.hpp"
#include "core/int128.hpp"

namespace sink {

static_assert(std::endian::native == std::endian::little, "archives are written as the processor holds numbers");

/// Where bytes go. `write` may throw Error::output.
class ByteSink {
 public:
  virtual ~ByteSink() = default;
  virtual void write(std::span<const std::byte> bytes) = 0;
};

/// Where bytes come from. `read` fills all of `bytes`, or throws.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  virtual void read(std::span<std::byte> bytes) = 0;
  [[nodiscard]] virtual std::uint64_t left() const = 0;
};

/// What a file holds that our own writer did not write, or not for this use.
inline Error damaged_archive() {
  return Error(Error::Kind::internal, "a part of a tile does not hold what it should: make it again with --overwrite");
}

/// One field after the other: `archive(a, b, c)`. Derived says what becomes of raw bytes and of containers.
template <class Derived>
class Archive {
 public:
  template <class... T>
  void operator()(T&... values) {
    (one(values), ...);
  }
  /// Elements of a container whose size both sides know; the size is checked.
  template <class Elements>
  void each(Elements& elements) {
    std::uint64_t size = elements.size();
    one(size);
    if (size != elements.size()) throw damaged_archive();
    for (auto& element : elements) one(element);
  }

 protected:
  Derived& self() { return static_cast<Derived&>(*this); }
  template <class T>
  void one(T& value) {
    if constexpr (std::is_arithmetic_v<T> || std::is_enum_v<T> || std::is_same_v<T, Int128>) {
      self().raw(std::as_writable_bytes(std::span(&value, 1)));
    } else if constexpr (requires { value.transfer(self()); }) {
      value.transfer(self());
    } else {
      self().container(value);
    }
  }
  template <class A, class B>
  void one(std::pair<A, B>& pair) {
    one(pair.first);
    one(pair.second);
  }
  template <class T, std::size_t n>
  void one(std::array<T, n>& array) {
    for (T& value : array) one(value);
  }
};

class ArchiveWriter : public Archive<ArchiveWriter> {
 public:
  static constexpr bool loads = false;
  explicit ArchiveWriter(ByteSink& sink) : sink_(sink) {}
  void raw(std::span<const std::byte> bytes) { sink_.write(bytes); }
  template <class T>
  void value(T value) {
    one(value);
  }

  void bytes(std::span<const std::byte> bytes) {
    value(std::uint64_t{bytes.size()});
    raw(bytes);
  }
  template <class T>
  void container(std::vector<T>& values) {
    value(std::uint64_t{values.size()});
    if constexpr (std::is_arithmetic_v<T>) {
      raw(std::as_bytes(std::span(values)));
    } else {
      for (T& element : values) one(element);
    }
  }
  void container(std::string& text) {
    value(std::uint64_t{text.size()});
    raw(std::as_bytes(std::span(text)));
  }
  template <class K>
  void container(std::set<K>& keys) {
    value(std::uint64_t{keys.size()});
    for (const K& key : keys) value(key);
  }
  template <class K, class V>
  void container(std::map<K, V>& map) {
    value(std::uint64_t{map.size()});
    for (auto& [key, mapped] : map) {
      value(key);
      one(mapped);
    }
  }
  /// In order of the keys: a table's own order is chance.
  template <class K, class V, class Hash>
  void container(std::unordered_map<K, V, Hash>& map) {
    std::vector<std::pair<K, V*>> entries;
    for (auto& [key, mapped] : map) entries.emplace_back(key, &mapped);
    std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    value(std::uint64_t{entries.size()});
    for (auto& [key, mapped] : entries) {
      one(key);
      one(*mapped);
    }
  }

 private:
  ByteSink& sink_;
};

class ArchiveReader : public Archive<ArchiveReader> {
 public:
  static constexpr bool loads = true;
  explicit ArchiveReader(ByteSource& source) : source_(source) {}
  void raw(std::span<std::byte> bytes) { source_.read(bytes); }
  template <class T>
  T value() {
    T value{};
    one(value);
    return value;
  }
  /// How many elements follow, each of `bytes` at least.
  std::size_t size(std::size_t bytes = 1) {
    const auto size = value<std::uint64_t>();
    if (size > source_.left() / bytes) throw damaged_archive();
    return static_cast<std::size_t>(size);
  }

  std::vector<std::byte> bytes() {
    std::vector<std::byte> bytes(size());
    raw(bytes);
    return bytes;
  }
  template <class T>
  void container(std::vector<T>& values) {
    if constexpr (std::is_arithmetic_v<T>) {
      values.resize(size(sizeof(T)));
      raw(std::as_writable_bytes(std::span(values)));
    } else {
      values.resize(size());
      for (T& element : values) one(element);
    }
  }
  void container(std::string& text) {
    text.resize(size());
    raw(std::as_writable_bytes(std::span(text)));
  }
  template <class K>
  void container(std::set<K>& keys) {
    for (std::size_t n = size(); n > 0; --n) keys.insert(value<K>());
  }
  template <class K, class V>
  void container(std::map<K, V>& map) {
    map_entries(map);
  }
  template <class K, class V, class Hash>
  void container(std::unordered_map<K, V, Hash>& map) {
    map_entries(map);
  }

 private:
  void map_entries(auto& map) {
    using Map = std::remove_reference_t<decltype(map)>;
    for (std::size_t n = size(); n > 0; --n) {
      auto key = value<typename Map::key_type>();
      one(map[std::move(key)]);
    }
  }
  ByteSource& source_;
};

}  // namespace sink
