// SPDX-License-Identifier: Apache-2.0
#include "core/archive.hpp"

#include <limits>
#include <random>

#include "core/exact_sum.hpp"
#include "core/fixed_sum.hpp"
#include "support/catch.hpp"
#include "support/memory_archive.hpp"

namespace sink {
namespace {

using Memory = tests::MemoryArchive;

struct Record {
  std::string name;
  std::map<std::pair<std::size_t, std::string>, std::vector<double>> by_key;
  std::set<std::int32_t> codes;
  template <class A>
  void transfer(A& archive) {
    archive(name, by_key, codes);
  }
  friend bool operator==(const Record&, const Record&) = default;
};

TEST_CASE("what an archive holds comes back, and nothing else") {
  Record record{"杉木", {{{2, "bef"}, {1.5, -0.0, std::numeric_limits<double>::denorm_min()}}, {{0, ""}, {}}}, {-3, 7}};
  std::unordered_map<std::int32_t, std::uint8_t> table = {{5, 1}, {-1, 2}, {3, 9}};
  std::vector<std::int16_t> fixed = {1, 2, 3};
  Memory memory;
  ArchiveWriter out(memory);
  out(record, table);
  out.each(fixed);

  Record again;
  std::unordered_map<std::int32_t, std::uint8_t> table_again;
  std::vector<std::int16_t> fixed_again(3);
  ArchiveReader in(memory);
  in(again, table_again);
  in.each(fixed_again);
  CHECK(again == record);
  CHECK(table_again == table);
  CHECK(fixed_again == fixed);
  CHECK(memory.left() == 0);
}

TEST_CASE("sums go through an archive to the last bit, and go on from there") {
  std::mt19937_64 random(3);
  std::uniform_real_distribution<double> uniform(-1e6, 1e6);
  FixedSum whole, first, second;
  ExactMoments moments;
  StoredStatistics all, begin, end;
  ExactSum exact, exact_first, exact_second;
  for (int i = 0; i < 2000; ++i) {
    const double value = uniform(random), area = std::abs(uniform(random)) * 1e-6;
    const auto stored = static_cast<float>(value);
    whole.add_products(&value, &area, 1);
    (i < 700 ? first : second).add_products(&value, &area, 1);
    all.add(std::span(&stored, 1));
    (i < 700 ? begin : end).add(std::span(&stored, 1));
    exact.add(value * 1e-300);
    (i < 700 ? exact_first : exact_second).add(value * 1e-300);
  }
  Memory memory;
  ArchiveWriter{memory}(first, begin, exact_first);
  FixedSum first_again;
  StoredStatistics begin_again;
  ExactSum exact_again;
  ArchiveReader{memory}(first_again, begin_again, exact_again);
  first_again += second;
  begin_again += end;
  exact_again += exact_second;
  CHECK(first_again == whole);
  CHECK(exact_again.value() == exact.value());
  CHECK(begin_again.count() == all.count());
  CHECK(begin_again.mean() == all.mean());
  CHECK(begin_again.std() == all.std());
  CHECK(begin_again.min() == all.min());
}

TEST_CASE("equal sums are equal bytes, however they came about") {
  ExactSum a, b;
  for (const double value : {1e300, 1.0, -1e300, 2.0}) a.add(value);
  b.add(3.0);
  Memory of_a, of_b;
  ArchiveWriter{of_a}(a);
  ArchiveWriter{of_b}(b);
  CHECK(of_a.bytes == of_b.bytes);
}

TEST_CASE("a size that the rest of an archive cannot hold is refused before memory is asked for") {
  Memory memory;
  ArchiveWriter out(memory);
  out.value(std::uint64_t{1} << 60);
  std::vector<double> values;
  CHECK_THROWS_AS(ArchiveReader{memory}(values), Error);
  memory.at = 0;
  std::string text;
  CHECK_THROWS_AS(ArchiveReader{memory}(text), Error);
  memory.at = 0;
  std::map<int, int> map;
  CHECK_THROWS_AS(ArchiveReader{memory}(map), Error);
  memory.at = 0;
  std::vector<int> three(3);
  CHECK_THROWS_AS(ArchiveReader{memory}.each(three), Error);
}

}  // namespace
}  // namespace sink
