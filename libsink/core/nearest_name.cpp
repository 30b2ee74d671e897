// SPDX-License-Identifier: Apache-2.0
#include "core/nearest_name.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <utility>

namespace sink {
namespace {

/// Longer words are cut: nobody means a name by more, and the work grows with the square.
constexpr std::size_t longest = 64;
/// A part of a name from this length on is meant as a part.
constexpr std::size_t shortest_part = 3;

std::string folded(std::string_view word) {
  std::string text(word.substr(0, longest));
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (c == '_') c = '-';
  }
  return text;
}

/// Optimal string alignment distance, three rows of the table at a time.
std::size_t edits(const std::string& a, const std::string& b) {
  std::vector<std::size_t> before(b.size() + 1), above(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) above[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] == b[j - 1] ? 0u : 1u)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before.swap(above);
    above.swap(row);
  }
  return above[b.size()];
}

}  // namespace

std::string nearest_name(std::string_view word, const std::vector<std::string>& known) {
  const std::string wanted = folded(word);
  std::string nearest;
  std::size_t fewest = std::numeric_limits<std::size_t>::max();
  for (const std::string& name : known) {
    const std::string candidate = folded(name);
    const bool part = wanted.size() >= shortest_part && wanted.size() < candidate.size() &&
                      candidate.find(wanted) != std::string::npos;
    const std::size_t distance = part ? 1 : edits(wanted, candidate);
    if (distance < fewest) {
      fewest = distance;
      nearest = name;
    }
  }
  return nearest;
}

}  // namespace sink
