// SPDX-License-Identifier: Apache-2.0
// What goes to a person or a pipe: results to stdout, messages to stderr.
#pragma once

#include <string>
#include <string_view>

namespace sink::tools {

/// Writes a result to stdout. Throws Error::output where it cannot be written; a reader that has stopped reading
/// (`| head`) is no error.
void print(std::string_view text);
/// Writes a line to stderr.
void tell(std::string_view line);
/// The text on one line, without control characters: file names and attributes must not steer a terminal.
std::string one_line(std::string_view text);

}  // namespace sink::tools
