// SPDX-License-Identifier: Apache-2.0
// The one try/catch of both programs: commands, signals, messages, exit codes.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace sink::tools {

/// What a command does once its options are parsed. Takes the command line as typed, for the run record; returns the
/// exit code.
using CommandBody = std::function<int(const std::string& command_line)>;

/// A number of the object that `--json` prints, for programs that pass it on (`--describe`).
struct ResultNumber {
  std::string name, pointer, unit, meaning;  ///< `pointer` is a JSON pointer
};

/// A command is a value: its name, one line on what it does, an example for the end of its help, and how its options
/// are declared.
struct Command {
  std::string name, summary, example;
  std::function<CommandBody(CLI::App&)> declare;
  std::vector<ResultNumber> numbers = {};  ///< what a program may take from its `--json`
};

/// Parses the command line and runs one command. Errors go to stderr as one line, `program: error: ...`.
int run_tool(const std::string& program, const std::string& summary, const std::vector<Command>& commands, int argc,
             char** argv);

}  // namespace sink::tools
