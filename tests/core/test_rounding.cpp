// SPDX-License-Identifier: Apache-2.0
#include "core/rounding.hpp"

#include <array>
#include <limits>
#include <random>
#include <vector>

#include "support/catch.hpp"

using namespace sink;

TEST_CASE("a precision becomes the largest power of two within it") {
  CHECK(step_within(0.01) == 1.0 / 128);
  CHECK(step_within(1) == 1);
  CHECK(step_within(0.5) == 0.5);
  CHECK(step_within(100) == 64);
}

TEST_CASE("values go to the nearest step, nodata and large ones stay") {
  std::array<float, 6> values = {0.126F, -0.126F, 0.375F, 0.625F, 5e6F, std::numeric_limits<float>::quiet_NaN()};
  round_to_step(values.data(), values.size(), 0.25F);
  CHECK(values[0] == 0.25F);
  CHECK(values[1] == -0.25F);
  CHECK(values[2] == 0.5F);  // halves to the even multiple
  CHECK(values[3] == 0.5F);
  CHECK(values[4] == 5e6F);
  CHECK(std::isnan(values[5]));
}

TEST_CASE("rounding is within half a step, as long division says") {
  std::mt19937 random(1);
  std::uniform_real_distribution<float> value(-700, 700);
  std::vector<float> values(10000);
  for (float& v : values) v = value(random);
  std::vector<float> rounded = values;
  round_to_step(rounded.data(), rounded.size(), 1.0F / 128);
  for (std::size_t i = 0; i < values.size(); ++i) {
    CHECK(rounded[i] == static_cast<float>(std::nearbyint(double{values[i]} * 128) / 128));
  }
}
