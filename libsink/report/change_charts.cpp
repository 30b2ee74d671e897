// SPDX-License-Identifier: Apache-2.0
#include "report/change_charts.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <numeric>

#include "report/table.hpp"

namespace sink {
namespace {

constexpr const char* fonts =
    "'Noto Sans','DejaVu Sans','Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei','PingFang SC',"
    "'WenQuanYi Zen Hei',sans-serif";
/// Okabe & Ito's colours and Tol's muted ones: told apart with any colour vision. Reused beyond their number.
constexpr std::array<const char*, 15> palette = {"#009e73", "#e69f00", "#56b4e9", "#d55e00", "#0072b2",
                                                 "#cc79a7", "#f0e442", "#332288", "#999933", "#882255",
                                                 "#44aa99", "#ddcc77", "#aa4499", "#117733", "#88ccee"};
/// Of what is joined, and of what is unknown.
constexpr const char *joined_colour = "#5a5a5a", *unknown_colour = "#9a9a9a";
constexpr std::size_t most_classes = 30;

std::string fixed(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f", value);
  return text;
}

/// Three digits that matter, thousands apart.
std::string short_area(double ha) {
  char digits[64];
  std::snprintf(digits, sizeof digits, "%.*f", ha >= 100 || ha == 0 ? 0 : ha >= 10 ? 1 : ha >= 1 ? 2 : 4, ha);
  std::string text = digits;
  for (std::size_t at = std::min(text.find('.'), text.size()); at > 3;) text.insert(at -= 3, ",");
  return text;
}

std::string text_at(double x, double y, const std::string& anchor, const std::string& text,
                    const std::string& more = "") {
  return "<text x=\"" + fixed(x) + "\" y=\"" + fixed(y) + "\" text-anchor=\"" + anchor + "\"" + more + ">" +
         xml_text(text) + "</text>\n";
}

/// At most `width` columns; what is cut off shows in the tooltip.
std::string shortened(const std::string& text, std::size_t width) {
  if (text_width(text) <= width) return text;
  std::string kept;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t next = at + 1;
    while (next < text.size() && (static_cast<unsigned char>(text[next]) & 0xc0U) == 0x80U) ++next;
    if (text_width(kept + text.substr(at, next - at)) + 1 > width) break;
    kept += text.substr(at, next - at);
    at = next;
  }
  return kept + "…";
}

std::string head(double width, double height, const std::string& title) {
  return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + fixed(width) + " " + fixed(height) +
         "\" width=\"" + fixed(width) + "\" height=\"" + fixed(height) + "\" font-family=\"" + fonts +
         "\" font-size=\"13\" fill=\"#222\">\n<title>" + xml_text(title) +
         "</title>\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n" +
         text_at(24, 30, "start", title, " font-size=\"18\" font-weight=\"bold\"");
}

double row_sum(const ChangeChart& chart, std::size_t row) {
  return std::accumulate(chart.area_ha[row].begin(), chart.area_ha[row].end(), 0.0);
}

double column_sum(const ChangeChart& chart, std::size_t column) {
  double sum = 0;
  for (const auto& row : chart.area_ha) sum += row[column];
  return sum;
}

/// The chart with only classes that occur, the smallest beyond `most_classes` joined; `colours` go along.
ChangeChart condensed(const ChangeChart& chart, std::vector<std::string>& colours) {
  const std::size_t unknown = chart.classes.size() - 1;
  std::vector<std::size_t> kept;
  const auto size = [&](std::size_t k) { return row_sum(chart, k) + column_sum(chart, k); };
  for (std::size_t k = 0; k < unknown; ++k) {
    if (size(k) > 0) kept.push_back(k);
  }
  std::vector<std::size_t> largest = kept;
  std::stable_sort(largest.begin(), largest.end(), [&](std::size_t a, std::size_t b) { return size(a) > size(b); });
  if (largest.size() > most_classes) largest.resize(most_classes - 1);
  // Place of every class in the new chart; classes keep their order.
  std::vector<std::size_t> place(chart.classes.size(), 0);
  ChangeChart made{chart.title, chart.from_title, chart.to_title, {}, {}};
  const bool joined = largest.size() < kept.size();
  for (const std::size_t k : kept) {
    if (std::find(largest.begin(), largest.end(), k) == largest.end()) continue;
    place[k] = made.classes.size();
    made.classes.push_back(chart.classes[k]);
    colours.emplace_back(k < chart.colours.size() ? chart.colours[k] : class_colour(k));
  }
  if (joined) {
    for (const std::size_t k : kept) {
      if (std::find(largest.begin(), largest.end(), k) == largest.end()) place[k] = made.classes.size();
    }
    made.classes.push_back("other classes (" + std::to_string(kept.size() - largest.size()) + ")");
    colours.emplace_back(joined_colour);
  }
  const bool has_unknown = size(unknown) > 0;
  place[unknown] = made.classes.size();
  if (has_unknown) {
    made.classes.push_back(chart.classes[unknown]);
    colours.emplace_back(unknown_colour);
  }
  made.area_ha.assign(made.classes.size(), std::vector<double>(made.classes.size(), 0));
  for (std::size_t i = 0; i <= unknown; ++i) {
    for (std::size_t j = 0; j <= unknown; ++j) {
      if (chart.area_ha[i][j] > 0) made.area_ha[place[i]][place[j]] += chart.area_ha[i][j];
    }
  }
  return made;
}

/// Light to dark blue by a share from 0 to 1; small shares, which are what one looks for, get most of the range.
std::string shade(double share) {
  const double depth = share <= 0 ? 0 : std::clamp(1 + std::log10(share) / 4, 0.06, 1.0);
  const auto mix = [&](int light, int dark) { return static_cast<int>(std::lround(light + (dark - light) * depth)); };
  char text[16];
  std::snprintf(text, sizeof text, "#%02x%02x%02x", static_cast<unsigned>(mix(247, 8)),
                static_cast<unsigned>(mix(251, 69)), static_cast<unsigned>(mix(255, 148)));
  return text;
}

std::string tip(const ChangeChart& chart, std::size_t from, std::size_t to) {
  return "<title>" +
         xml_text(chart.classes[from] + " → " + chart.classes[to] + ": " + short_area(chart.area_ha[from][to]) +
                  " ha") +
         "</title>";
}

struct SankeyPlace {
  double left = 280, right = 720, top = 84, bar = 16, gap = 22;
};

std::string sankey_band(const SankeyPlace& place, double y1, double y2, double thickness, const std::string& colour,
                        bool stays, const std::string& tooltip) {
  const double middle = (place.left + place.right) / 2, x1 = place.left + place.bar, x2 = place.right;
  const std::string down1 = fixed(y1 + thickness), down2 = fixed(y2 + thickness);
  return "<path d=\"M" + fixed(x1) + " " + fixed(y1) + "C" + fixed(middle) + " " + fixed(y1) + " " + fixed(middle) +
         " " + fixed(y2) + " " + fixed(x2) + " " + fixed(y2) + "L" + fixed(x2) + " " + down2 + "C" + fixed(middle) +
         " " + down2 + " " + fixed(middle) + " " + down1 + " " + fixed(x1) + " " + down1 + "Z\" fill=\"" + colour +
         "\" fill-opacity=\"" + (stays ? "0.22" : "0.75") + "\">" + tooltip + "</path>\n";
}

}  // namespace

std::string class_colour(std::size_t place) {
  return palette[place % palette.size()];
}

std::string xml_text(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      default:
        if (static_cast<unsigned char>(c) >= 0x20) escaped += c;
    }
  }
  return escaped;
}

std::string sankey_svg(const ChangeChart& given) {
  std::vector<std::string> colours;
  const ChangeChart chart = condensed(given, colours);
  const std::size_t n = chart.classes.size();
  const SankeyPlace place;
  double total = 0;
  for (std::size_t k = 0; k < n; ++k) total += row_sum(chart, k);
  const double space = std::max(420.0, 26.0 * static_cast<double>(n));
  const double scale = total > 0 ? space / total : 0, height = place.top + space + place.gap * static_cast<double>(n);
  std::string svg = head(1000, height + 30, chart.title);
  svg += text_at(place.left + place.bar, 64, "end", chart.from_title, " font-size=\"15\" font-weight=\"bold\"");
  svg += text_at(place.right, 64, "start", chart.to_title, " font-size=\"15\" font-weight=\"bold\"");
  std::string bars;
  std::vector<double> out(n), in(n);
  double y1 = place.top, y2 = place.top;
  for (std::size_t k = 0; k < n; ++k) {
    const auto bar = [&](double x, double y, double ha, double text_x, const char* anchor) {
      bars += "<rect x=\"" + fixed(x) + "\" y=\"" + fixed(y) + "\" width=\"" + fixed(place.bar) + "\" height=\"" +
              fixed(std::max(1.0, ha * scale)) + "\" fill=\"" + colours[k] + "\"><title>" + xml_text(chart.classes[k]) +
              "</title></rect>\n";
      bars += text_at(text_x, y + ha * scale / 2 + 4.5, anchor,
                      shortened(chart.classes[k], 22) + "  " + short_area(ha) + " ha");
    };
    bar(place.left, y1, row_sum(chart, k), place.left - 8, "end");
    bar(place.right, y2, column_sum(chart, k), place.right + place.bar + 8, "start");
    out[k] = y1;
    in[k] = y2;
    y1 += row_sum(chart, k) * scale + place.gap;
    y2 += column_sum(chart, k) * scale + place.gap;
  }
  std::string stays, changes;
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      const double thickness = chart.area_ha[i][j] * scale;
      if (thickness <= 0) continue;
      // A hair is the least that shows.
      (i == j ? stays : changes) +=
          sankey_band(place, out[i], in[j], std::max(0.6, thickness), colours[i], i == j, tip(chart, i, j));
      out[i] += thickness;
      in[j] += thickness;
    }
  }
  return svg + stays + changes + bars + "</svg>\n";
}

std::string heat_map_svg(const ChangeChart& given) {
  std::vector<std::string> colours;
  const ChangeChart chart = condensed(given, colours);
  const std::size_t n = chart.classes.size();
  constexpr double left = 210, top = 190, cell_w = 84, cell_h = 34;
  const double width = left + cell_w * static_cast<double>(n + 1) + 30;
  const double height = top + cell_h * static_cast<double>(n + 1) + 56;
  std::string svg = head(std::max(width, 640.0), height, chart.title);
  svg += text_at(24, 54, "start",
                 "ha; rows: " + chart.from_title + ", columns: " + chart.to_title +
                     "; colour: share of the row; outlined: unchanged");
  for (std::size_t k = 0; k < n; ++k) {
    const double x = left + cell_w * (static_cast<double>(k) + 0.5), y = top + cell_h * (static_cast<double>(k) + 0.64);
    svg += text_at(left - 10, y, "end", shortened(chart.classes[k], 24));
    svg += text_at(x, top - 10, "start", shortened(chart.classes[k], 18),
                   " transform=\"rotate(-45 " + fixed(x) + " " + fixed(top - 10) + ")\"");
  }
  for (std::size_t i = 0; i < n; ++i) {
    const double row = row_sum(chart, i), y = top + cell_h * static_cast<double>(i);
    for (std::size_t j = 0; j < n; ++j) {
      const double share = row > 0 ? chart.area_ha[i][j] / row : 0, x = left + cell_w * static_cast<double>(j);
      svg += "<rect x=\"" + fixed(x) + "\" y=\"" + fixed(y) + "\" width=\"" + fixed(cell_w - 2) + "\" height=\"" +
             fixed(cell_h - 2) + "\" fill=\"" + shade(share) + "\"" +
             (i == j ? " stroke=\"#222\" stroke-width=\"1.5\"" : "") + ">" + tip(chart, i, j) + "</rect>\n";
      if (chart.area_ha[i][j] <= 0) continue;
      svg += text_at(x + cell_w / 2 - 1, y + cell_h * 0.62, "middle", short_area(chart.area_ha[i][j]),
                     share > 0.04 ? " font-size=\"12\" fill=\"#fff\"" : " font-size=\"12\"");
    }
    svg += text_at(left + cell_w * static_cast<double>(n + 1) - 8, y + cell_h * 0.62, "end", short_area(row),
                   " font-size=\"12\" font-weight=\"bold\"");
  }
  const double foot = top + cell_h * (static_cast<double>(n) + 0.62);
  svg += text_at(left - 10, foot, "end", "sum", " font-weight=\"bold\"");
  for (std::size_t j = 0; j < n; ++j) {
    svg += text_at(left + cell_w * (static_cast<double>(j) + 0.5), foot, "middle", short_area(column_sum(chart, j)),
                   " font-size=\"12\" font-weight=\"bold\"");
  }
  return svg + "</svg>\n";
}

}  // namespace sink
