// SPDX-License-Identifier: Apache-2.0
// An explanation as JSON and as text.
#include <cmath>
#include <nlohmann/json.hpp>

#include "job/explain.hpp"
#include "report/table.hpp"

namespace sink {
namespace {

using Json = nlohmann::ordered_json;

Json number(double value) {
  return std::isnan(value) ? Json(nullptr) : Json(value);
}

Json class_json(const LegendRow& row) {
  return {{"code", row.code},
          {"key", row.key},
          {"land_use", name_of(row.land_use)},
          {"name_en", row.name_en},
          {"name_zh", row.name_zh}};
}

Json input_json(const ExplainedInput& input) {
  Json json = {{"layer", input.layer}, {"file", input.file}, {"band", input.band}, {"unit", input.unit}};
  if (input.year != 0) json["year"] = input.year;
  json["stored"] = number(input.stored);
  json["scale"] = input.scale;
  json["offset"] = input.offset;
  json["value"] = number(input.value);
  if (input.row) json["class"] = class_json(*input.row);
  if (!input.name.empty()) json["name"] = input.name;
  return json;
}

Json link_json(const ExplainedLink& link) {
  Json json = {{"link", link.name}, {"used", link.used}, {"summary", link.summary}, {"source", link.source}};
  if (!link.derivation.because().empty()) json["because"] = link.derivation.because();
  for (const auto& term : link.derivation.terms()) {
    Json entry = {
        {"symbol", term.symbol}, {"value", number(term.value)}, {"unit", term.unit}, {"meaning", term.meaning}};
    if (term.row) {
      entry["parameter"] = {{"key", term.row->key},       {"parameter", term.row->parameter},
                            {"sd", term.row->sd},         {"status", term.row->status},
                            {"source", term.row->source}, {"origin", term.row->origin}};
    }
    json["terms"].push_back(entry);
  }
  for (const auto& step : link.derivation.steps()) {
    json["steps"].push_back({{"symbol", step.symbol},
                             {"equation", step.equation},
                             {"numbers", step.numbers},
                             {"value", number(step.value)},
                             {"unit", step.unit}});
  }
  return json;
}

Json stock_json(const ExplainedStock& stock) {
  Json json = {{"year", stock.year}, {"method", stock.method}, {"chain", Json::array()}};
  for (const auto& link : stock.links) json["chain"].push_back(link_json(link));
  for (const auto& value : stock.values) {
    json["values"][value.layer] = {{"value", number(value.value)}, {"unit", value.unit}};
  }
  return json;
}

Json period_json(const ExplainedPeriod& period) {
  Json json = {{"year_from", period.year_from}, {"year_to", period.year_to}, {"method", period.method},
               {"flow", period.flow},           {"felled", period.felled},   {"unit", "t CO2/ha/yr"}};
  json["sink"] = number(period.sink_tco2_ha_yr);
  if (!period.equation.empty()) json["equation"] = period.equation;
  if (!period.numbers.empty()) json["numbers"] = period.numbers;
  if (!period.event.empty()) json["event"] = period.event;
  if (period.event_year != 0) json["event_year"] = period.event_year;
  return json;
}

Json fact_json(const SideFact& fact) {
  Json json = {{"name", fact.name}};
  if (fact.year_from != 0) json["year_from"] = fact.year_from;
  if (fact.year_to != 0) json[fact.year_from != 0 ? "year_to" : "year"] = fact.year_to;
  if (!fact.method.empty()) json["method"] = fact.method;
  json["value"] = number(fact.value);
  if (!fact.unit.empty()) json["unit"] = fact.unit;
  if (!fact.text.empty()) json["text"] = fact.text;
  if (!fact.because.empty()) json["because"] = fact.because;
  return json;
}

using Rows = std::vector<std::vector<std::string>>;

std::string years(int from, int to) {
  return from == 0 ? std::to_string(to) : std::to_string(from) + "-" + std::to_string(to);
}

std::string inputs_text(const Explanation& e) {
  Rows rows;
  for (const ExplainedInput& input : e.inputs) {
    const bool scaled = !std::isnan(input.value) && input.stored != input.value;
    std::string what = scaled ? "stored " + digits(input.stored) + " x " + digits(input.scale) : "";
    if (input.row) {
      what = (input.row->name_en.empty() ? input.row->name_zh : input.row->name_en) + ", " +
             std::string(name_of(input.row->land_use)) +
             (input.row->key.empty() ? ", no key" : ", key " + input.row->key);
    }
    if (!input.name.empty()) what = input.name;
    rows.push_back({"  " + (input.year == 0 ? "    " : std::to_string(input.year)), input.layer, digits(input.value),
                    std::isnan(input.value) ? "" : input.unit, what, input.file + ":" + std::to_string(input.band)});
  }
  return to_terminal(rows);
}

std::string link_text(const ExplainedLink& link) {
  if (!link.used) {
    const std::string& why = link.derivation.because();
    return "  " + link.name + ": nothing here" + (why.empty() ? "" : " (" + why + ")") + "\n";
  }
  std::string text = "  " + link.name + ": " + link.summary + " (" + link.source + ")\n";
  Rows rows;
  for (const auto& term : link.derivation.terms()) {
    rows.push_back({"    " + term.symbol, "=", digits(term.value), term.unit,
                    term.row ? term.row->key + "," + term.row->parameter + " " + term.row->status : term.meaning,
                    term.row ? term.row->source : ""});
  }
  text += to_terminal(rows);
  rows.clear();
  for (const auto& step : link.derivation.steps()) {
    rows.push_back(
        {"    " + step.symbol, "= " + step.equation, "= " + step.numbers, "= " + digits(step.value), step.unit});
  }
  return text + to_terminal(rows);
}

std::string stock_text(const ExplainedStock& stock) {
  std::string text = "\n" + std::to_string(stock.year) + ", method " + stock.method + "\n";
  bool known = false;
  for (const auto& link : stock.links) {
    text += link_text(link);
    known = known || link.used;
  }
  if (!known)
    text += "  no stock: forest that no link can say anything of is unmodelled, a class not known is nodata\n";
  Rows rows;
  for (const auto& value : stock.values) {
    if (!std::isnan(value.value)) rows.push_back({"    " + value.layer, "in the map", digits(value.value), value.unit});
  }
  return text + to_terminal(rows);
}

std::string period_text(const ExplainedPeriod& period) {
  std::string text = "\n" + years(period.year_from, period.year_to) + ", method " + period.method + ": " + period.flow;
  if (period.felled) text += ", felled (younger, less than half the volume, or now felled land)";
  if (!period.event.empty()) {
    text += ", event " + period.event + (period.event_year != 0 ? " " + std::to_string(period.event_year) : "");
  }
  if (period.equation.empty()) return text + "\n  no rate\n";
  return text + "\n  sink = " + period.equation + "\n       = " + period.numbers +
         "\n       = " + digits(period.sink_tco2_ha_yr) + " t CO2/ha/yr, positive for uptake\n";
}

/// What the side accounts say, under a line for each period (or year) and method.
std::string facts_text(const std::vector<SideFact>& facts) {
  std::string text, heading;
  Rows rows;
  for (const auto& fact : facts) {
    const std::string when = fact.year_from != 0 ? years(fact.year_from, fact.year_to) : std::to_string(fact.year_to);
    const std::string head = "\n" + (fact.year_to != 0 ? when + ", " : "") + fact.method + "\n";
    if (head != heading) {
      text += to_terminal(rows) + head;
      rows.clear();
      heading = head;
    }
    const std::string value = fact.text.empty() ? digits(fact.value) : fact.text;
    rows.push_back({"  " + fact.name, value, fact.unit, fact.because});
  }
  return text + to_terminal(rows);
}

}  // namespace

std::string explanation_json(const Explanation& e) {
  Json json = {{"column", e.column}, {"row", e.row}, {"x", e.x}, {"y", e.y}, {"crs", e.crs}, {"area_ha", e.area_ha}};
  for (const char* list : {"inputs", "zones", "land_use", "stocks", "periods", "facts"}) json[list] = Json::array();
  for (const auto& input : e.inputs) json["inputs"].push_back(input_json(input));
  for (const auto& zone : e.zones) json["zones"].push_back({{"set", zone.set}, {"id", zone.id}, {"name", zone.name}});
  for (const auto& use : e.land_uses) {
    json["land_use"].push_back({{"year", use.year},
                                {"class", use.class_name},
                                {"key", use.key},
                                {"land_use", use.land_use},
                                {"known", use.known},
                                {"forest", use.forest},
                                {"decided_by", use.decided_by},
                                {"maps_disagree", use.maps_disagree}});
  }
  for (const auto& stock : e.stocks) json["stocks"].push_back(stock_json(stock));
  for (const auto& period : e.periods) json["periods"].push_back(period_json(period));
  for (const auto& fact : e.facts) json["facts"].push_back(fact_json(fact));
  return json.dump(2) + "\n";
}

std::string explanation_text(const Explanation& e) {
  std::string text = "pixel: column " + std::to_string(e.column) + ", row " + std::to_string(e.row) + ", centre " +
                     digits(e.x) + " " + digits(e.y) + " (" + e.crs + "), " + digits(e.area_ha) + " ha\n";
  for (const auto& zone : e.zones) text += "zone:  " + zone.set + " " + zone.id + " " + zone.name + "\n";
  text += "\ninputs\n" + inputs_text(e);
  if (!e.land_uses.empty()) text += "\nland use\n";
  for (const auto& use : e.land_uses) {
    text += "  " + std::to_string(use.year) + "  " +
            (use.known ? use.class_name + ": " + use.land_use + ", decided by " + use.decided_by : "not known") +
            (use.maps_disagree ? "; the maps disagree about forest" : "") + "\n";
  }
  for (const auto& stock : e.stocks) text += stock_text(stock);
  for (const auto& period : e.periods) text += period_text(period);
  return text + facts_text(e.facts);
}

}  // namespace sink
