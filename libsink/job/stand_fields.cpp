// SPDX-License-Identifier: Apache-2.0
// From the fields of a vector file to stands: which field is what, and its values.
#include <algorithm>
#include <cctype>
#include <charconv>
#include <optional>

#include "core/nearest_name.hpp"
#include "job/stand_data.hpp"
#include "raster/polygon_request.hpp"

namespace sink {
namespace {

struct TextField {
  const char* use;
  std::string Stand::*value;
};
struct NumberField {
  const char* use;
  double Stand::*value;
};
constexpr TextField texts[] = {{"species", &Stand::species},
                               {"land_class", &Stand::land_class},
                               {"origin", &Stand::origin},
                               {"age_group", &Stand::age_group}};
constexpr NumberField numbers[] = {{"area", &Stand::area_ha},
                                   {"age", &Stand::age_yr},
                                   {"canopy", &Stand::canopy},
                                   {"diameter", &Stand::diameter_cm},
                                   {"height", &Stand::height_m},
                                   {"volume", &Stand::volume_m3_ha},
                                   {"volume_total", &Stand::volume_total_m3},
                                   {"stems", &Stand::stems_ha}};
/// Joined, a stand's name.
constexpr const char* places[] = {"county", "township", "village", "compartment", "subcompartment", "part"};

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

/// What --field says: use -> name, blank for none.
std::map<std::string, std::string> told_fields(const StandsJob& job) {
  const std::vector<std::string> uses = stand_uses();
  std::map<std::string, std::string> told;
  for (const std::string& text : job.fields) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos)
      throw usage_error("--field: '" + text + "' is no field: write USE=NAME, such as volume=HUO_LMGQXJ");
    const std::string use = text.substr(0, equals);
    if (std::find(uses.begin(), uses.end(), use) == uses.end())
      throw usage_error("--field: '" + use + "' is no use of a field: the nearest is '" + nearest_name(use, uses) +
                        "' of " + joined(uses));
    told[use] = text.substr(equals + 1);
  }
  return told;
}

/// The file's own spelling of a field, in any case; blank where it has none.
std::string spelling(const StandFile& file, const std::string& name) {
  if (name.empty()) return "";
  for (const std::string& have : file.fields.names)
    if (lower(have) == lower(name)) return have;
  return "";
}

void find_names(StandFile& file, const std::map<std::string, std::string>& told) {
  for (const StandField& field : stand_fields()) {
    if (file.has(field.use) || told.count(field.use) != 0) continue;
    std::string name = spelling(file, field.field);
    if (name.empty()) name = spelling(file, field.name_zh);
    if (!name.empty()) file.names[field.use] = name;
  }
  for (const auto& [use, wanted] : told) {
    if (wanted.empty()) continue;
    const std::string name = spelling(file, wanted);
    if (name.empty())
      throw input_error(file.fields.file, "has no field '" + wanted + "' (--field " + use + "): the nearest is '" +
                                              nearest_name(wanted, file.fields.names) + "'");
    file.names[use] = name;
  }
}

/// Fields that are nothing yet: one in use, such as the age, is not to be taken for the volume too.
std::vector<std::string> free_fields(const StandFile& file) {
  std::vector<std::string> names;
  for (const std::string& name : file.fields.names) {
    const auto is_used = [&](const auto& used) { return used.second == name; };
    if (std::none_of(file.names.begin(), file.names.end(), is_used)) names.push_back(name);
  }
  return names;
}

/// Whether a name may be a misspelling of a field: it begins alike.
bool alike(const std::string& name, const std::string& field) {
  constexpr std::size_t same = 4;
  return lower(name.substr(0, same)) == lower(field.substr(0, same));
}

[[noreturn]] void refuse_missing(const StandFile& file, const StandField& field, const std::string& layer) {
  std::string way = "add --field " + field.use + "=NAME, or --field " + field.use + "= where there is none";
  if (field.use == "volume" && file.has("volume_total")) {
    way = "it has the volume of whole stands: add --field volume=" + file.names.at("volume_total") +
          " --volume-unit per_parcel";
  } else if (const std::string nearest = nearest_name(field.field, free_fields(file)); alike(nearest, field.field)) {
    way = "the nearest is '" + nearest + "': add --field " + field.use + "=" + nearest + ", or --field " + field.use +
          "= where there is none";
  } else if (!free_fields(file).empty()) {
    way += "; fields without a use: " + joined(free_fields(file));
  }
  throw input_error(file.fields.file,
                    "has no field " + field.field + " (" + field.name_zh + ") for the layer " + layer + ": " + way);
}

/// The layers that must be there: those asked for, else forest types and volume; what --field says is not there, is
/// not.
void demand_fields(const StandsJob& job, const StandFile& file, const std::map<std::string, std::string>& told) {
  const std::vector<std::string> usual = {"forest_type", "volume"};
  const bool asked = !job.output.layers.empty();
  for (const std::string& layer : asked ? job.output.layers : usual) {
    for (const StandField& field : stand_fields()) {
      if (field.layer != layer) continue;
      const bool none = told.count(field.use) != 0 && told.at(field.use).empty();
      if (!file.has(field.use) && (!none || asked)) refuse_missing(file, field, layer);
      break;
    }
  }
}

std::string trimmed(const std::string& text) {
  const std::size_t begin = text.find_first_not_of(" \t"), end = text.find_last_not_of(" \t");
  return begin == std::string::npos ? "" : text.substr(begin, end - begin + 1);
}

std::optional<double> number_of(const std::string& text) {
  double value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool good = failure == std::errc() && end == text.data() + text.size() && std::isfinite(value);
  return good ? std::optional(value) : std::nullopt;
}

/// Values that cannot be, of one field.
struct Wrong {
  std::size_t count = 0;
  std::string text, stand;
};

void read_file(const StandsJob& job, StandFile& file, StandSet& set) {
  std::vector<std::string> wanted;
  std::map<std::string, std::size_t> at;
  for (const auto& [use, name] : file.names) {
    at[use] = wanted.size();
    wanted.push_back(name);
  }
  NumberedPolygons found =
      read_polygons(PolygonRequest{file.path, wanted, job.where, wanted.size(), false, file.fields.encoding});
  set.layers.push_back(std::move(found.layer));
  set.first.push_back(set.stands.size());
  std::map<std::string, Wrong> wrong;
  for (std::size_t i = 0; i < found.fids.size(); ++i) {
    PolygonFeature& feature = set.layers.back().features[i];
    const auto text = [&](const char* use) {
      const auto place = at.find(use);
      return place == at.end() ? std::string() : trimmed(feature.fields[place->second]);
    };
    Stand stand;
    stand.file = set.layers.size() - 1;
    stand.fid = found.fids[i];
    stand.drawn = !feature.polygons.empty();
    for (const char* use : places) {
      const std::string part = text(use);
      if (!part.empty()) stand.id += (stand.id.empty() ? "" : "-") + part;
    }
    if (stand.id.empty()) stand.id = std::to_string(stand.fid);
    for (const TextField& field : texts) stand.*field.value = text(field.use);
    for (const NumberField& field : numbers) {
      const std::string word = text(field.use);
      if (word.empty()) continue;
      const auto value = number_of(word);
      stand.*field.value = value.value_or(no_number);
      if (value && *value >= 0) continue;
      Wrong& first = wrong[field.use];
      if (first.count++ == 0) first = {1, word, stand.id};
    }
    feature.fields.clear();
    feature.fields.shrink_to_fit();
    set.stands.push_back(std::move(stand));
  }
  for (const auto& [use, first] : wrong) {
    throw input_error(
        file.fields.file,
        "field " + file.names.at(use) + " of stand '" + first.stand + "' is '" + first.text + "'" +
            (first.count > 1 ? " (and " + std::to_string(first.count - 1) + " more are no number or negative)" : "") +
            ": write a number that is not negative, or leave the cell blank");
  }
}

}  // namespace

std::vector<std::string> stand_layer_names() {
  std::vector<std::string> names;
  for (const StandField& field : stand_fields())
    if (!field.layer.empty() && std::find(names.begin(), names.end(), field.layer) == names.end())
      names.push_back(field.layer);
  return names;
}

StandSet read_stands(const StandsJob& job) {
  const auto told = told_fields(job);
  const std::vector<std::string> known = stand_layer_names();
  for (const std::string& layer : job.output.layers) {
    if (std::find(known.begin(), known.end(), layer) == known.end())
      throw usage_error("--layers: '" + layer + "' is no layer of stands: the nearest is '" +
                        nearest_name(layer, known) + "'");
  }
  StandSet set;
  for (const std::string& path : job.files) {
    StandFile file{path, vector_fields(path, job.encoding), {}};
    find_names(file, told);
    demand_fields(job, file, told);
    set.files.push_back(std::move(file));
  }
  for (StandFile& file : set.files) read_file(job, file, set);
  return set;
}

}  // namespace sink
