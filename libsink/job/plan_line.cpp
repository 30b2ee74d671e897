// SPDX-License-Identifier: Apache-2.0
#include "job/plan_line.hpp"

#include <charconv>

namespace sink {
namespace {

/// Takes pieces from the beginning of a text.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}
  bool take(std::string_view word) {
    if (!text_.starts_with(word)) return false;
    text_.remove_prefix(word.size());
    return true;
  }
  template <class Number>
  bool take_number(Number& number) {
    const auto [end, error] = std::from_chars(text_.data(), text_.data() + text_.size(), number);
    if (error != std::errc()) return false;
    text_.remove_prefix(static_cast<std::size_t>(end - text_.data()));
    return true;
  }
  /// Goes on after the first `word`.
  bool go_after(std::string_view word) {
    const std::size_t at = text_.find(word);
    if (at == std::string_view::npos) return false;
    text_.remove_prefix(at + word.size());
    return true;
  }

 private:
  std::string_view text_;
};

bool take_window(Scanner& scanner, Window& window) {
  return scanner.take("[") && scanner.take_number(window.column) && scanner.take(",") &&
         scanner.take_number(window.row) && scanner.take(",") && scanner.take_number(window.columns) &&
         scanner.take(",") && scanner.take_number(window.rows) && scanner.take("]");
}

}  // namespace

std::string windows_text(const std::vector<Window>& windows) {
  std::string text = "[";
  for (const Window& w : windows) {
    if (text.size() > 1) text += ',';
    text += '[' + std::to_string(w.column) + ',' + std::to_string(w.row) + ',' + std::to_string(w.columns) + ',' +
            std::to_string(w.rows) + ']';
  }
  return text + ']';
}

std::optional<PlanLine> read_plan_line(std::string_view line) {
  PlanLine read;
  Scanner scanner(line);
  // Inside of a string the quotes of this word would have backslashes.
  if (!line.ends_with("}}") || !scanner.take("{\"index\":") || !scanner.take_number(read.index) ||
      !scanner.go_after(",\"windows\":["))
    return std::nullopt;
  do {
    if (!take_window(scanner, read.windows.emplace_back())) return std::nullopt;
  } while (scanner.take(","));
  return scanner.take("],") ? std::optional(std::move(read)) : std::nullopt;
}

}  // namespace sink
