// SPDX-License-Identifier: Apache-2.0
#include "option_facts.hpp"

namespace sink::tools {
namespace {

std::string name_of(Fact fact) {
  const char* const names[] = {"unit", "least", "greatest", "owner"};
  return names[static_cast<int>(fact)];
}

/// CLI11 options carry no data of ours but validators: one that accepts everything holds a fact as its description.
CLI::Option* with_fact(CLI::Option* option, Fact fact, const std::string& text) {
  return option->check(CLI::Validator([](std::string&) { return std::string(); }, text, name_of(fact)));
}

}  // namespace

CLI::Option* with_unit(CLI::Option* option, const std::string& unit) {
  return with_fact(option, Fact::unit, unit);
}

CLI::Option* with_range(CLI::Option* option, const std::string& least, const std::string& greatest) {
  return with_fact(with_fact(option, Fact::least, least), Fact::greatest, greatest);
}

CLI::Option* belongs_to(CLI::Option* option, const std::string& other) {
  return with_fact(option, Fact::owner, other);
}

std::string fact_of(const CLI::Option& option, Fact fact) {
  try {
    return const_cast<CLI::Option&>(option).get_validator(name_of(fact))->get_description();
  } catch (const CLI::OptionNotFound&) {
    return "";
  }
}

}  // namespace sink::tools
