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

/// A method from a kernel that takes one value of each input layer and returns std::array<double, N>.
template <class K, class... T, std::size_t N>
requires PixelKernel<K, T...> Method pixel_method(const K& kernel, const std::tuple<Layer<T>...>& inputs,
                                                  const std::array<Layer<double>, N>& outputs) {
  Method method;
  std::apply([&](const auto&... layer) { (method.inputs.push_back(layer), ...); }, inputs);
  for (const auto& layer : outputs) method.outputs.push_back(layer);
  method.run = [kernel, inputs, outputs](Block& block, Write write) {
    const K k = kernel;
    const auto columns = std::apply(
        [&](const auto&... layer) { return std::make_tuple(static_cast<const T*>(block.column(layer).data())...); },
        inputs);
    std::array<double*, N> results;
    for (std::size_t i = 0; i < N; ++i) results[i] = block.column(outputs[i]).data();
    const auto pixel = [&](std::size_t p) {
      return std::apply([&](const auto*... column) { return k(column[p]...); }, columns);
    };
    // Results are staged so that the loop over pixels is free of aliasing between columns.
    constexpr std::size_t stage = 1024;
    std::array<std::array<double, stage>, N> staged;
    for (std::size_t from = 0; from < block.pixels(); from += stage) {
      const std::size_t n = std::min(stage, block.pixels() - from);
      if (write == Write::all) {
        for (std::size_t p = 0; p < n; ++p) {
          const std::array<double, N> value = pixel(from + p);
          for (std::size_t i = 0; i < N; ++i) staged[i][p] = value[i];
        }
        for (std::size_t i = 0; i < N; ++i) std::copy_n(staged[i].data(), n, results[i] + from);
      } else {
        for (std::size_t p = from; p < from + n; ++p) {
          if (!std::isnan(results[0][p])) continue;
          const std::array<double, N> value = pixel(p);
          for (std::size_t i = 0; i < N; ++i) results[i][p] = value[i];
        }
      }
    }
  };
  return method;
}

}  // namespace sink
