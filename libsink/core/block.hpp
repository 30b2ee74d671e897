// SPDX-License-Identifier: Apache-2.0
// Block: the columns of one window at one date, by layer. Columns only grow, so a block that is used again
// allocates nothing: arithmetic in a fresh block costs five times that in a warm one (page faults).
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "core/layer.hpp"

namespace sink {

class Block {
 public:
  explicit Block(std::size_t pixels = 0) : pixels_(pixels) {}

  [[nodiscard]] std::size_t pixels() const noexcept { return pixels_; }
  /// Sets the number of pixels of every column; contents become unspecified.
  void resize(std::size_t pixels) { pixels_ = pixels; }

  /// Lets columns that `inputs` already has be found here too (borrowed, not copied).
  void read_from(Block& inputs) noexcept { inputs_ = &inputs; }

  /// The column of a layer, made on first use with unspecified contents.
  template <class T>
  std::span<T> column(const Layer<T>& layer) {
    if (inputs_ != nullptr && inputs_->has(layer)) return inputs_->column(layer);
    auto& columns = store(static_cast<T*>(nullptr));
    auto at = find(columns, layer);
    if (at == columns.end()) at = columns.insert(columns.end(), {std::string(layer.name), layer.given, {}});
    if (at->values.size() < pixels_) at->values.resize(pixels_);
    return {at->values.data(), pixels_};
  }

  template <class T>
  [[nodiscard]] bool has(const Layer<T>& layer) {
    auto& columns = store(static_cast<T*>(nullptr));
    return find(columns, layer) != columns.end();
  }

 private:
  template <class T>
  struct Column {
    std::string name;
    bool given;
    std::vector<T> values;
  };
  template <class T>
  using Columns = std::vector<Column<T>>;
  template <class T>
  static auto find(Columns<T>& columns, const LayerInfo& layer) {
    return std::find_if(columns.begin(), columns.end(),
                        [&](const auto& c) { return c.name == layer.name && c.given == layer.given; });
  }
  Columns<double>& store(double*) noexcept { return measures_; }
  Columns<ClassIndex>& store(ClassIndex*) noexcept { return classes_; }

  std::size_t pixels_;
  Block* inputs_ = nullptr;
  Columns<double> measures_;
  Columns<ClassIndex> classes_;
};

}  // namespace sink
