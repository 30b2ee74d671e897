// SPDX-License-Identifier: Apache-2.0
// Stand polygons (小班) as data: names of their fields, checks with their limits, age groups, codes of origin. All are
// shipped tables.
#pragma once

#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "table/csv.hpp"

namespace sink {

/// A field that stand polygons may have, under either of two names; several rows may have one use.
struct StandField {
  std::string use;             ///< "species": what --field calls it
  std::string field, name_zh;  ///< "YOU_SHI_SZ", "优势树种"; either may be blank
  std::string unit;            ///< "code" where the field holds codes
  std::string layer;           ///< the raster that it gives, or blank
  std::string status, source;
};
/// The shipped fields, in the order in which `use`s are listed.
std::vector<StandField> stand_fields();
/// Their uses, each once.
std::vector<std::string> stand_uses();

/// A rule that fields are held against.
struct StandCheck {
  std::string rule;
  double limit = std::numeric_limits<double>::quiet_NaN();  ///< NaN: the rule has none
  std::string unit, status, source, meaning_en, meaning_zh;
};
/// The shipped rules, in the order of the findings.
std::vector<StandCheck> stand_checks();

/// Ages [yr] of one group (龄组), both ends included.
struct AgeGroup {
  std::string key, origin;  ///< of the parameter table; "plantation" or "natural"
  int code = 0;
  double age_from = 0, age_to = std::numeric_limits<double>::infinity();
  std::string name_zh, name_en, status, source;
};
std::vector<AgeGroup> age_groups();

/// "plantation" or "natural" by the text of the field of origin (起源): of the shipped beginnings the first that fits;
/// blank where none does.
std::string stand_origin(std::string_view text);

}  // namespace sink
