// SPDX-License-Identifier: Apache-2.0
// BlockCache: blocks that several windows need a part of, as strips under narrow windows, unpacked once for all
// workers.
#pragma once

#include <compare>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>

#include "raster/tiff_layout.hpp"

namespace sink {

/// For any number of threads.
class BlockCache {
 public:
  using Pixels = std::shared_ptr<const std::byte[]>;
  struct Key {
    std::shared_ptr<const TiffLayout> layout;  ///< held, so that no other layout can come to have its address
    std::size_t block = 0;
    friend auto operator<=>(const Key&, const Key&) = default;
  };
  /// How a block is got that is not there.
  struct Order {
    std::int64_t uses = 1;  ///< how often it will be asked for in all; after that it is dropped
    std::size_t bytes = 0;  ///< its size
    std::size_t limit = 0;  ///< of everything kept
    bool wait = true;       ///< where another thread is at it; false: come back with null and do something else
  };

  /// The block, from `make` on this thread where nobody has it. Where the limit leaves no room it is made and not kept.
  /// Throws what `make` throws; a waiting thread then makes it itself.
  Pixels get(const Key& key, const Order& order, const std::function<Pixels()>& make);

  /// Bytes kept now, those being made included.
  [[nodiscard]] std::size_t bytes() const;

 private:
  struct Entry {
    Pixels pixels;  ///< null while it is made
    std::int64_t uses_left = 0;
    std::size_t bytes = 0;
  };
  using Entries = std::map<Key, Entry>;
  bool make_room(const Order& order);
  Entries::iterator drop(Entries::iterator entry);

  mutable std::mutex mutex_;
  std::condition_variable made_;
  Entries entries_;
  std::size_t bytes_ = 0;
  Key hand_;
  std::uint64_t random_ = 1;
};

}  // namespace sink
