// SPDX-License-Identifier: Apache-2.0
// Method: science as a function of one pixel, and the only pixel loop. A kernel is a small struct with parameters
// and a noexcept operator(); `pixel_method` runs it down the columns of a block.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/block.hpp"
#include "core/layer.hpp"

namespace sink {

/// Which pixels a method writes.
enum class Write {
  all,   ///< every pixel
  gaps,  ///< only pixels whose first output is still NaN
};

struct Method {
  std::vector<LayerInfo> inputs, outputs;
  std::function<void(Block&, Write)> run;
};

/// Trivially copyable means: no allocation, no handle, no lock can hide in a kernel.
template <class K, class... In>
concept PixelKernel = std::is_nothrow_invocable_v<const K&, In...> && std::is_trivially_copyable_v<K>;

template <class... T>
std::tuple<Layer<T>...> in(const Layer<T>&... layers) {
  return {layers...};
}
template <class... L>
std::array<Layer<double>, sizeof...(L)> out(const L&... layers) {
  return {layers...};
}

/// A column over a run of pixels of one class: a class is that of the run, so that its parameters are loaded once.
template <class T>
struct RunColumn {
  static constexpr bool is_class = std::is_same_v<T, ClassIndex>;
  const T* column;
  T first;
  RunColumn(const T* values, std::size_t begin) : column(values), first(values[begin]) {}
  [[nodiscard]] T operator[](std::size_t p) const noexcept {
    if constexpr (is_class) return first;
    return column[p];
  }
  [[nodiscard]] bool goes_on(std::size_t p) const noexcept {
    if constexpr (is_class) return column[p] == first;
    return true;
  }
  [[nodiscard]] bool known_class() const noexcept {
    if constexpr (is_class) return first != no_class;
    return false;
  }
};

/// The pixel loop of a method over the columns of one block. Results are staged so that the loop is free of aliasing
/// between columns.
template <class K, std::size_t N, class... T>
class PixelLoop {
 public:
  PixelLoop(const K& kernel, const std::tuple<const T*...>& columns, const std::array<double*, N>& results)
      : kernel_(kernel), columns_(columns), results_(results) {}

  void all(std::size_t pixels) {
    for (std::size_t from = 0; from < pixels; from += stage) {
      const std::size_t n = std::min(stage, pixels - from);
      for_runs(from, n, [&](std::size_t begin, std::size_t end, const Run& run) {
        for (std::size_t p = begin; p < end; ++p) {
          const std::array<double, N> value = pixel(run, p);
          for (std::size_t i = 0; i < N; ++i) staged_[i][p - from] = value[i];
        }
      });
      for (std::size_t i = 0; i < N; ++i) std::copy_n(staged_[i].data(), n, results_[i] + from);
    }
  }
  /// Only pixels whose first result is NaN. A method by class has nothing for those without one.
  void gaps(std::size_t pixels) {
    for (std::size_t from = 0; from < pixels; from += glance) {
      const std::size_t n = std::min(glance, pixels - from);
      int missing = 0;
      for (std::size_t p = from; p < from + n; ++p) missing |= results_[0][p] != results_[0][p] ? 1 : 0;
      if (missing == 0) continue;
      for_runs(from, n, [&](std::size_t begin, std::size_t end, const Run& run) {
        if (by_class && !std::apply([](const auto&... c) { return (c.known_class() || ...); }, run)) return;
        for (std::size_t p = begin; p < end; ++p) {
          if (!std::isnan(results_[0][p])) continue;
          const std::array<double, N> value = pixel(run, p);
          for (std::size_t i = 0; i < N; ++i) results_[i][p] = value[i];
        }
      });
    }
  }

 private:
  static constexpr std::size_t stage = 1024, glance = 64;
  static constexpr bool by_class = (RunColumn<T>::is_class || ...);
  using Run = std::tuple<RunColumn<T>...>;

  [[nodiscard]] std::array<double, N> pixel(const Run& run, std::size_t p) const noexcept {
    return std::apply([&](const auto&... c) { return kernel_(c[p]...); }, run);
  }
  void for_runs(std::size_t from, std::size_t n, const auto& use) const {
    const std::size_t last = from + n;
    for (std::size_t begin = from; begin < last;) {
      const Run run = std::apply([&](const auto*... c) { return Run(RunColumn(c, begin)...); }, columns_);
      const auto goes_on = [&](std::size_t p) {
        return std::apply([&](const auto&... c) { return (c.goes_on(p) && ...); }, run);
      };
      std::size_t end = begin + 1;
      while (end < last && goes_on(end)) ++end;
      use(begin, end, run);
      begin = end;
    }
  }
  const K& kernel_;
  const std::tuple<const T*...>& columns_;
  const std::array<double*, N>& results_;
  std::array<std::array<double, stage>, N> staged_;
};

/// A method from a kernel that takes one value of each input layer and returns std::array<double, N>.
template <class K, class... T, std::size_t N>
requires PixelKernel<K, T...> Method pixel_method(const K& kernel, const std::tuple<Layer<T>...>& inputs,
                                                  const std::array<Layer<double>, N>& outputs) {
  Method method;
  std::apply([&](const auto&... layer) { (method.inputs.push_back(layer), ...); }, inputs);
  for (const auto& layer : outputs) method.outputs.push_back(layer);
  method.run = [kernel, inputs, outputs](Block& block, Write write) {
    const std::tuple<const T*...> columns = std::apply(
        [&](const auto&... layer) { return std::tuple<const T*...>(block.column(layer).data()...); }, inputs);
    std::array<double*, N> results;
    for (std::size_t i = 0; i < N; ++i) results[i] = block.column(outputs[i]).data();
    PixelLoop<K, N, T...> loop(kernel, columns, results);
    write == Write::all ? loop.all(block.pixels()) : loop.gaps(block.pixels());
  };
  return method;
}

}  // namespace sink
