// SPDX-License-Identifier: Apache-2.0
// Codes of species and of land classes, and what they mean by the legends.
#include <algorithm>
#include <charconv>

#include "job/date_legends.hpp"
#include "job/input_findings.hpp"
#include "job/stand_data.hpp"
#include "method/stock.hpp"
#include "table/shipped.hpp"

namespace sink {
namespace {

/// A code or its class; neither where the text says nothing of the kind.
struct Found {
  ClassIndex index = no_class;
  std::int64_t code = -1;
};

/// The code that a text is: "110801", or "110801.00" as a database may have it; -1 where it is none.
std::int64_t code_of(const std::string& text) {
  constexpr std::size_t most_digits = 9;
  const std::size_t point = std::min(text.find('.'), text.size());
  const bool zeros = text.find_first_not_of('0', std::min(point + 1, text.size())) == std::string::npos;
  const bool digits = text.find_first_not_of("0123456789") >= point && point > 0 && point <= most_digits;
  std::int64_t code = -1;
  if (zeros && digits) std::from_chars(text.data(), text.data() + point, code);
  return code;
}

/// A code, or a name of the legend.
Found look_up(const Legend& legend, const std::string& text) {
  if (const std::int64_t code = code_of(text); code >= 0) return {legend.index_of(code), code};
  for (std::size_t k = 0; k < legend.size(); ++k) {
    const LegendRow& row = legend[static_cast<ClassIndex>(k)];
    if (text == row.name_zh || text == row.name_en) return {static_cast<ClassIndex>(k), first_code(row)};
  }
  return {};
}

/// An empty number of a dBASE file reads 0: a code where the legend has a row for it.
bool is_blank(const Legend& legend, const std::string& text) {
  return text.empty() || (text.find_first_not_of("0.") == std::string::npos && legend.index_of(0) == no_class);
}

/// Codes that a legend lacks, with the stands that have them.
using Unknown = std::map<std::string, std::size_t>;

void refuse_unknown(const StandSet& set, const std::string& use, const Legend& legend, const std::string& option,
                    const Unknown& unknown) {
  if (unknown.empty()) return;
  std::vector<std::pair<std::size_t, std::string>> by_stands;
  for (const auto& [code, stands] : unknown) by_stands.emplace_back(stands, code);
  std::stable_sort(by_stands.begin(), by_stands.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  std::string list;
  constexpr std::size_t most = 8;
  for (std::size_t i = 0; i < std::min(by_stands.size(), most); ++i) {
    list += (i == 0 ? "" : ", ") + by_stands[i].second + " (" +
            with_commas(static_cast<std::int64_t>(by_stands[i].first)) +
            (by_stands[i].first == 1 ? " stand)" : " stands)");
  }
  if (by_stands.size() > most) list += ", and " + std::to_string(by_stands.size() - most) + " more";
  for (const StandFile& file : set.files) {
    if (file.fields.guessed)
      list += "; the text of " + file.path + " is taken as " + file.fields.encoding + ", --encoding says otherwise";
  }
  throw input_error(set.named(), "field " + set.name(use) + " has codes that " + legend.file() +
                                     " does not have: " + list + ": give a legend with " + option +
                                     " that has a row for each, such as \"" + by_stands.front().second +
                                     ",KEY,forest,,\"; --field " + use + "= leaves the field out");
}

/// The class of a stand without species by its land class, where the legend of forest types has that very code as the
/// legend of land cover writes it: 11 and 0011 are of two code lists. A field of numbers has no zeros in front, and a
/// row that has is of land classes.
Found by_land_class(const StandLegends& legends, const Stand& stand) {
  const ClassIndex index = legends.types.index_of(stand.cover_code);
  if (index == no_class || stand.cover == no_class) return {};
  const std::string &type = legends.types[index].code, &cover = legends.covers[stand.cover].code;
  if (type.front() == '0' || type.size() == cover.size()) return {index, stand.cover_code};
  return {};
}

}  // namespace

bool StandLegends::is_tree(const Stand& stand) const {
  if (stand.type == no_class) return false;
  return goes_by_volume(parameters, types[stand.type]) && parameters.has(types[stand.type].key, "wood_density");
}

bool StandLegends::is_bamboo(const Stand& stand) const {
  if (stand.type == no_class) return false;
  return is_forest(types[stand.type].land_use) && goes_by_culms(parameters, types[stand.type]);
}

StandLegends load_stand_legends(const StandsJob& job) {
  ParameterTable parameters = load_parameters(job.parameter_files);
  Legend types = load_legend(job.legend, parameters), covers = load_legend(job.landcover_legend, parameters);
  return {std::move(parameters), std::move(types), std::move(covers)};
}

void classify(const StandLegends& legends, StandSet& set, std::vector<std::string>& warnings) {
  Unknown unknown_types, unknown_covers;
  std::size_t by_land = 0;
  for (Stand& stand : set.stands) {
    if (!is_blank(legends.covers, stand.land_class)) {
      const Found cover = look_up(legends.covers, stand.land_class);
      if (cover.index == no_class) ++unknown_covers[stand.land_class];
      stand.cover = cover.index;
      stand.cover_code = cover.code;
    }
    Found type;
    if (!is_blank(legends.types, stand.species)) {
      type = look_up(legends.types, stand.species);
      if (type.index == no_class) ++unknown_types[stand.species];
    } else {
      type = by_land_class(legends, stand);
      stand.type_by_land_class = type.index != no_class;
      if (stand.type_by_land_class) ++by_land;
    }
    stand.type = type.index;
    stand.type_code = type.index == no_class ? -1 : type.code;
  }
  refuse_unknown(set, "species", legends.types, "--legend", unknown_types);
  refuse_unknown(set, "land_class", legends.covers, "--landcover-legend", unknown_covers);
  if (by_land > 0)
    warnings.push_back(with_commas(static_cast<std::int64_t>(by_land)) +
                       (by_land == 1 ? " stand without a species takes its land class"
                                     : " stands without a species take their land class") +
                       " for a forest type, as " + legends.types.file() + " has it");
}

}  // namespace sink
