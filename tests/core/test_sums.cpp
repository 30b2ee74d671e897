// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "core/exact_sum.hpp"
#include "core/fixed_sum.hpp"
#include "core/value_range.hpp"
#include "support/catch.hpp"
#include "support/refusal.hpp"

namespace sink {
namespace {

std::vector<double> random_values(std::size_t n, double magnitude, unsigned seed) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> uniform(-magnitude, magnitude);
  std::vector<double> values(n);
  for (double& value : values) value = uniform(random);
  return values;
}

TEST_CASE("a fixed sum is the same in any order and any split, and near the long double sum") {
  auto density = random_values(50000, 500, 1), area = random_values(50000, 1, 2);
  for (double& a : area) a = std::abs(a);
  FixedSum whole;
  whole.add_products(density.data(), area.data(), density.size());
  long double expected = 0, magnitude = 0;
  for (std::size_t i = 0; i < density.size(); ++i) {
    expected += static_cast<long double>(density[i] * area[i]);
    magnitude += std::abs(static_cast<long double>(density[i] * area[i]));
  }
  CHECK(std::abs(static_cast<long double>(whole.value()) - expected) <= 1e-12L * magnitude);

  FixedSum parts;
  for (std::size_t from = 0; from < density.size(); from += 777) {
    FixedSum part;
    part.add_products(&density[from], &area[from], std::min<std::size_t>(777, density.size() - from));
    parts += part;
  }
  CHECK(parts == whole);
  std::reverse(density.begin(), density.end());
  std::reverse(area.begin(), area.end());
  FixedSum reversed;
  reversed.add_products(density.data(), area.data(), density.size());
  CHECK(reversed == whole);
  reversed -= whole;
  CHECK(reversed.value() == 0);
}

TEST_CASE("NaN adds nothing to a fixed sum, and what no pixel can hold is refused") {
  const std::vector<double> density = {1.5, std::nan(""), 2.5}, area = {1, 1, 2};
  FixedSum sum;
  sum.add_products(density.data(), area.data(), 3);
  CHECK(sum.value() == 6.5);
  for (const double bad : {3.4e38, -3.4e38, std::numeric_limits<double>::infinity()}) {
    FixedSum other;
    const double one = 1;
    CHECK_THAT(tests::refusal(Error::Kind::input, [&] { other.add_products(&bad, &one, 1); }),
               Catch::Contains("undeclared nodata"));
  }
}

TEST_CASE("an exact sum survives cancellation, subnormals and any order") {
  ExactSum sum;
  for (const double x : {1e308, 1.0, -1e308, 1e-300, 5e-324, -1.0}) sum.add(x);
  CHECK(static_cast<double>(sum.value()) == 1e-300);
  ExactSum negative;
  for (const double x : {-0.1, -0.2, 0.05}) negative.add(x);
  CHECK(static_cast<double>(negative.value()) == Approx(-0.25).epsilon(1e-15));

  auto values = random_values(20000, 1, 3);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = std::ldexp(values[i], static_cast<int>(i % 600) - 300);
  ExactSum forward, backward, merged, part;
  for (const double x : values) forward.add(x);
  for (auto x = values.rbegin(); x != values.rend(); ++x) backward.add(*x);
  for (std::size_t i = 0; i < values.size(); ++i) {
    part.add(values[i]);
    if (i % 997 == 0) {
      merged += part;
      part = {};
    }
  }
  merged += part;
  CHECK(forward.value() == backward.value());
  CHECK(forward.value() == merged.value());
  for (const double x : values) forward.add(-x);
  CHECK(forward.value() == 0);
}

TEST_CASE("statistics of stored values do not depend on how a raster is cut") {
  std::vector<float> values;
  std::mt19937 random(4);
  for (int stand = 0; stand < 300; ++stand) {
    const float value = stand % 7 == 0 ? std::nanf("") : static_cast<float>(random() % 3000) / 7.0F;
    values.insert(values.end(), random() % 90, value);
  }
  StoredStatistics whole;
  whole.add(values);
  for (const std::size_t cut : {1UL, 31UL, 32UL, 100UL}) {
    StoredStatistics parts;
    for (std::size_t from = 0; from < values.size(); from += cut) {
      StoredStatistics part;
      part.add(std::span(values).subspan(from, std::min(cut, values.size() - from)));
      parts += part;
    }
    CHECK(parts.mean() == whole.mean());
    CHECK(parts.std() == whole.std());
    CHECK(parts.count() == whole.count());
  }
  long double sum = 0, squares = 0;
  std::int64_t n = 0;
  for (const float value : values) {
    if (std::isnan(value)) continue;
    sum += value;
    squares += static_cast<long double>(value) * value;
    ++n;
  }
  CHECK(whole.count() == n);
  CHECK(whole.mean() == Approx(static_cast<double>(sum / n)).epsilon(1e-14));
  CHECK(whole.std() == Approx(static_cast<double>(std::sqrt(squares / n - (sum / n) * (sum / n)))).epsilon(1e-12));
}

TEST_CASE("the range of values: NaN left out, negative numbers and infinities in order") {
  const double nan = std::nan("");
  const std::vector<std::vector<double>> lists = {
      {},  {nan, nan},    {3, nan, -2, 0, 7.5, -0.25, nan}, {-1, -3, -2},
      {5}, {HUGE_VAL, 1}, {-HUGE_VAL, -1e300, nan},         {1e-310, -1e-310, nan}};
  for (const auto& values : lists) {
    double low = HUGE_VAL, high = -HUGE_VAL;
    std::int64_t missing = 0;
    for (const double x : values) {
      missing += std::isnan(x) ? 1 : 0;
      low = x < low ? x : low;
      high = x > high ? x : high;
    }
    const ValueRange range = range_of(values.data(), values.size());
    CHECK(range.min == low);
    CHECK(range.max == high);
    CHECK(range.nan == missing);
    const std::vector<float> narrow(values.begin(), values.end());
    const ValueRange floats = range_of(narrow.data(), narrow.size());
    CHECK(floats.min == static_cast<double>(static_cast<float>(low)));
    CHECK(floats.max == static_cast<double>(static_cast<float>(high)));
    std::vector<std::uint8_t> known(values.size(), 7);
    mark_known(values.data(), values.size(), known.data());
    for (std::size_t i = 0; i < values.size(); ++i) CHECK(known[i] == (std::isnan(values[i]) ? 0 : 1));
  }
}

TEST_CASE("statistics of a chunk are exact, whatever the magnitudes in it") {
  for (const int spread : {0, 3, 15, 40, 60, 120}) {  // powers of two between the largest and the smallest value
    INFO(spread);
    std::vector<float> values;
    ExactSum sum, squares;
    std::uint64_t state = 7;
    for (int i = 0; i < 3000; ++i) {
      state = state * 6364136223846793005ULL + 1442695040888963407ULL;
      const auto mantissa = static_cast<double>(static_cast<std::int32_t>(state >> 32));
      values.push_back(static_cast<float>(std::ldexp(mantissa, -static_cast<int>(state >> 20 & 127) * spread / 127)));
      if (i % 7 == 0) values.push_back(std::nanf(""));
      const double stored = values[values.size() - (i % 7 == 0 ? 2 : 1)];
      sum.add(stored);
      squares.add(stored * stored);
    }
    StoredStatistics statistics;
    statistics.add(values);
    const long double mean = sum.value() / 3000, variance = squares.value() / 3000 - mean * mean;
    CHECK(statistics.count() == 3000);
    CHECK(statistics.mean() == static_cast<double>(mean));
    CHECK(statistics.std() == static_cast<double>(std::sqrt(variance)));
  }
}

TEST_CASE("weighted moments: one value everywhere has no spread at all") {
  ExactMoments moments;
  for (int i = 0; i < 1000; ++i) moments.add(0.1, 0.9 + i * 1e-5);
  CHECK(moments.std() == 0);
  CHECK(moments.mean() == Approx(0.1).epsilon(1e-15));
  ExactMoments two;
  two.add(1, 1);
  two.add(4, 2);
  CHECK(two.sum() == 9);
  CHECK(two.mean() == 3);
  CHECK(two.std() == Approx(std::sqrt(2.0)).epsilon(1e-15));
}

}  // namespace
}  // namespace sink
