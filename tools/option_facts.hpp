// SPDX-License-Identifier: Apache-2.0
// What an option knows of itself beyond CLI11: facts that `--describe` tells to programs such as the QGIS plugin.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace sink::tools {

/// Unit of the numbers or of the map that is given.
CLI::Option* with_unit(CLI::Option* option, const std::string& unit);
/// Least and greatest value, for programs that ask for it; checking stays where it is.
CLI::Option* with_range(CLI::Option* option, const std::string& least, const std::string& greatest);
/// The option or argument ("--zones", "SAMPLE") whose file this one speaks of: one of its fields, a choice of its
/// features.
CLI::Option* belongs_to(CLI::Option* option, const std::string& other);

enum class Fact { unit, least, greatest, owner };
/// A fact of an option; blank where it has none.
std::string fact_of(const CLI::Option& option, Fact fact);

}  // namespace sink::tools
