// SPDX-License-Identifier: Apache-2.0
#include "raster/block_cache.hpp"

namespace sink {

BlockCache::Pixels BlockCache::get(const Key& key, const Order& order, const std::function<Pixels()>& make) {
  std::unique_lock lock(mutex_);
  for (auto found = entries_.find(key); found != entries_.end(); found = entries_.find(key)) {
    if (Pixels pixels = found->second.pixels) {
      if (--found->second.uses_left <= 0) drop(found);
      return pixels;
    }
    if (!order.wait) return nullptr;
    made_.wait(lock);
  }
  if (!make_room(order)) {
    lock.unlock();
    return make();
  }
  const auto entry = entries_.emplace(key, Entry{nullptr, order.uses - 1, order.bytes}).first;
  bytes_ += order.bytes;
  lock.unlock();
  Pixels pixels;
  try {
    pixels = make();
  } catch (...) {
    lock.lock();
    drop(entry);
    made_.notify_all();
    throw;
  }
  lock.lock();
  entry->second.pixels = pixels;
  made_.notify_all();
  return pixels;
}

std::size_t BlockCache::bytes() const {
  const std::lock_guard lock(mutex_);
  return bytes_;
}

/// Blocks go when their last window has come, so this is for odd orders of windows and for bands that are too large for
/// the limit. There the oldest are the ones needed next, in a circle: any other order serves better, and chance is one.
bool BlockCache::make_room(const Order& order) {
  if (order.bytes > order.limit) return false;
  auto at = entries_.upper_bound(hand_);
  for (std::size_t tries = entries_.size(); bytes_ + order.bytes > order.limit && tries > 0; --tries) {
    random_ = random_ * 6364136223846793005U + 1442695040888963407U;
    for (std::uint64_t steps = random_ >> 61U; steps > 0 && at != entries_.end(); --steps) ++at;
    if (at == entries_.end()) at = entries_.begin();
    if (at == entries_.end()) break;
    hand_ = at->first;
    at = at->second.pixels ? drop(at) : std::next(at);
  }
  return bytes_ + order.bytes <= order.limit;
}

BlockCache::Entries::iterator BlockCache::drop(Entries::iterator entry) {
  bytes_ -= entry->second.bytes;
  return entries_.erase(entry);
}

}  // namespace sink
