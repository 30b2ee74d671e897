// SPDX-License-Identifier: Apache-2.0
#include "raster/polygon_edges.hpp"

#include <algorithm>
#include <cmath>

#include "core/error.hpp"

namespace sink {
namespace {

constexpr std::int32_t band_rows = 32;

bool zone_then_begin(const Span& a, const Span& b) {
  return a.zone != b.zone ? a.zone < b.zone : a.begin < b.begin;
}

/// Appends one row's spans, those of a zone that touch or overlap joined.
void append_union(std::vector<Span>& row, std::vector<Span>& spans) {
  if (!std::is_sorted(row.begin(), row.end(), zone_then_begin)) std::sort(row.begin(), row.end(), zone_then_begin);
  const std::size_t first = spans.size();
  for (const Span& span : row) {
    if (spans.size() > first && spans.back().zone == span.zone && span.begin <= spans.back().end)
      spans.back().end = std::max(spans.back().end, span.end);
    else
      spans.push_back(span);
  }
}

}  // namespace

/// The rows of a window inside one band: crossings of the part at hand, and the spans found so far.
class PolygonEdges::Rows {
 public:
  Rows(const Window& window)
      : column_begin_(static_cast<std::int32_t>(window.column)),
        column_end_(static_cast<std::int32_t>(window.column + window.columns)) {}

  void start(std::int32_t begin, std::int32_t end) {
    begin_ = begin;
    end_ = end;
    for (std::vector<Span>& row : spans_) row.clear();
  }
  [[nodiscard]] std::int32_t begin() const noexcept { return begin_; }
  [[nodiscard]] std::int32_t end() const noexcept { return end_; }
  [[nodiscard]] bool outside(const Part& part) const noexcept {
    return part.column_end <= column_begin_ || part.column_begin >= column_end_;
  }

  void add_crossing(std::int32_t row, std::int32_t column) { crossings_[index(row)].push_back(column); }
  void add_span(std::int32_t zone, std::int32_t row, std::int32_t begin, std::int32_t end) {
    const std::int32_t from = std::max(begin, column_begin_), to = std::min(end, column_end_);
    if (from < to) spans_[index(row)].push_back({zone, row, from, to});
  }
  /// Pairs the crossings of a part, which then is done.
  void close_part(std::int32_t zone) {
    for (std::int32_t row = begin_; row < end_; ++row) {
      std::vector<std::int32_t>& crossings = crossings_[index(row)];
      std::sort(crossings.begin(), crossings.end());
      for (std::size_t i = 0; i + 1 < crossings.size(); i += 2) add_span(zone, row, crossings[i], crossings[i + 1]);
      crossings.clear();
    }
  }
  void take(std::vector<Span>& spans) {
    for (std::int32_t row = begin_; row < end_; ++row) append_union(spans_[index(row)], spans);
  }

 private:
  [[nodiscard]] static std::size_t index(std::int32_t row) noexcept {
    return static_cast<std::size_t>(row % band_rows);
  }

  std::int32_t column_begin_, column_end_, begin_ = 0, end_ = 0;
  std::array<std::vector<std::int32_t>, band_rows> crossings_;
  std::array<std::vector<Span>, band_rows> spans_;
};

PolygonEdges::PolygonEdges(std::int64_t columns, std::int64_t rows)
    : columns_(static_cast<std::int32_t>(columns)), rows_(static_cast<std::int32_t>(rows)) {
  if (columns != columns_ || rows != rows_)
    throw Error(Error::Kind::memory, "a grid of more than 2^31 columns or rows");
}

std::int32_t PolygonEdges::column_after(double x) const {
  return static_cast<std::int32_t>(std::clamp(std::floor(x + 0.5), 0.0, static_cast<double>(columns_)));
}

void PolygonEdges::add_horizontal(Point from, Point to) {
  // On the map's lower side only (rings are clockwise): the upper side is filled by the edges that go down from it.
  if (!(from.x > to.x)) return;
  const double row = from.y - 0.5;
  if (row != std::floor(row) || row < 0 || row >= rows_) return;
  const auto r = static_cast<std::int32_t>(row);
  edges_.push_back({to.x, from.y, from.x, from.y, r, r + 1});
}

void PolygonEdges::add_edge(Point from, Point to) {
  if (from.y == to.y) return add_horizontal(from, to);
  const Point& top = from.y < to.y ? from : to;
  const Point& bottom = from.y < to.y ? to : from;
  // A row is crossed where top.y <= row + 0.5 < bottom.y; the subtraction may round, so look once more.
  const auto first_row = [this](double y) {
    double row = std::clamp(std::ceil(y - 0.5), 0.0, static_cast<double>(rows_));
    while (row > 0 && row - 1 + 0.5 >= y) --row;
    while (row < rows_ && row + 0.5 < y) ++row;
    return static_cast<std::int32_t>(row);
  };
  const std::int32_t begin = first_row(top.y), end = first_row(bottom.y);
  if (begin < end) edges_.push_back({top.x, top.y, bottom.x, bottom.y, begin, end});
}

void PolygonEdges::add(std::int32_t zone, std::span<const std::vector<Point>> rings) {
  const std::size_t first = edges_.size();
  for (const std::vector<Point>& ring : rings)
    for (std::size_t i = 0; i < ring.size(); ++i) add_edge(ring[i == 0 ? ring.size() - 1 : i - 1], ring[i]);
  if (edges_.size() == first) return;
  if (edges_.size() > UINT32_MAX) throw Error(Error::Kind::memory, "zones of more than 2^32 edges");
  Part part{zone, columns_, 0, first, edges_.size()};
  for (std::size_t i = first; i < edges_.size(); ++i) {
    part.column_begin = std::min(part.column_begin, column_after(std::min(edges_[i].x1, edges_[i].x2)));
    part.column_end = std::max(part.column_end, column_after(std::max(edges_[i].x1, edges_[i].x2)));
  }
  --part.column_begin;  // a crossing may round past the ends of its edge
  ++part.column_end;
  parts_.push_back(part);
}

void PolygonEdges::finish() {
  std::stable_sort(parts_.begin(), parts_.end(), [](const Part& a, const Part& b) { return a.zone < b.zone; });
  const std::int32_t bands = (rows_ + band_rows - 1) / band_rows;
  struct Entry {
    std::int32_t band, part;
    std::uint32_t edge;
  };
  std::vector<Entry> entries;
  for (std::size_t p = 0; p < parts_.size(); ++p)
    for (std::size_t e = parts_[p].edges_begin; e < parts_[p].edges_end; ++e)
      for (std::int32_t band = edges_[e].row_begin / band_rows; band <= (edges_[e].row_end - 1) / band_rows; ++band)
        entries.push_back({band, static_cast<std::int32_t>(p), static_cast<std::uint32_t>(e)});
  std::stable_sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.band < b.band; });
  band_edges_.reserve(entries.size());
  band_starts_.assign(static_cast<std::size_t>(bands) + 1, 0);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const Entry& entry = entries[i];
    const bool same = i > 0 && entries[i - 1].band == entry.band && entries[i - 1].part == entry.part;
    if (!same) {
      band_parts_.push_back({entry.part, i, i});
      ++band_starts_[static_cast<std::size_t>(entry.band) + 1];
    }
    band_edges_.push_back(entry.edge);
    band_parts_.back().edges_end = i + 1;
  }
  for (std::size_t band = 1; band < band_starts_.size(); ++band) band_starts_[band] += band_starts_[band - 1];
}

void PolygonEdges::cross(const BandPart& entry, Rows& rows) const {
  const Part& part = parts_[static_cast<std::size_t>(entry.part)];
  if (rows.outside(part)) return;
  for (std::size_t i = entry.edges_begin; i < entry.edges_end; ++i) {
    const Edge& edge = edges_[band_edges_[i]];
    const std::int32_t begin = std::max(edge.row_begin, rows.begin()), end = std::min(edge.row_end, rows.end());
    if (edge.y1 == edge.y2) {
      if (begin < end) rows.add_span(part.zone, begin, column_after(edge.x1), column_after(edge.x2));
      continue;
    }
    for (std::int32_t row = begin; row < end; ++row) {
      // In this very order of operations, which is GDAL's.
      const double y = row + 0.5;
      rows.add_crossing(row, column_after((y - edge.y1) * (edge.x2 - edge.x1) / (edge.y2 - edge.y1) + edge.x1));
    }
  }
  rows.close_part(part.zone);
}

void PolygonEdges::spans(const Window& window, std::vector<Span>& spans) const {
  const auto window_begin = static_cast<std::int32_t>(std::max<std::int64_t>(window.row, 0));
  const auto window_end = static_cast<std::int32_t>(std::min<std::int64_t>(window.row + window.rows, rows_));
  Rows rows(window);
  for (std::int32_t begin = window_begin; begin < window_end;) {
    const std::int32_t band = begin / band_rows, end = std::min(window_end, (band + 1) * band_rows);
    rows.start(begin, end);
    const auto b = static_cast<std::size_t>(band);
    for (std::size_t i = band_starts_[b]; i < band_starts_[b + 1]; ++i) cross(band_parts_[i], rows);
    rows.take(spans);
    begin = end;
  }
}

bool PolygonEdges::empty() const {
  std::vector<Span> found;
  for (std::int32_t row = 0; row < rows_ && found.empty(); row += band_rows)
    spans({0, row, columns_, band_rows}, found);
  return found.empty();
}

}  // namespace sink
