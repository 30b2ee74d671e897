// SPDX-License-Identifier: Apache-2.0
#include "run_tool.hpp"

#include <algorithm>
#include <csignal>
#include <new>

#include "command_line.hpp"
#include "console.hpp"
#include "core/error.hpp"
#include "core/nearest_name.hpp"
#include "describe.hpp"
#include "help.hpp"
#include "job/setup.hpp"
#include "shared_options.hpp"
#include "signals.hpp"

namespace sink::tools {
namespace {

int exit_code(Error::Kind kind) {
  switch (kind) {
    case Error::Kind::usage:
    case Error::Kind::input:
      return 2;
    case Error::Kind::output:
      return 3;
    case Error::Kind::memory:
      return 4;
    case Error::Kind::check:
      return 5;
    case Error::Kind::interrupted:
      return 128 + (signal_received() != 0 ? signal_received() : SIGINT);
    case Error::Kind::internal:
      break;
  }
  return 1;
}

int run_command(const std::string& program, const Command& command, std::vector<std::string> arguments,
                const std::string& command_line) {
  CLI::App app(command.summary, command.name);
  declare_help(app);
  const auto run = command.declare(app);
  try {
    std::reverse(arguments.begin(), arguments.end());  // as CLI11 wants them
    app.parse(std::move(arguments));
  } catch (const CLI::CallForHelp&) {
    print(command_help(program, command, app));
    return 0;
  } catch (const CLI::CallForVersion&) {
    print(version_text(program));
    return 0;
  } catch (const DescribeAsked&) {
    print(describe(program, command, app));
    return 0;
  } catch (const CLI::ParseError& error) {
    throw usage_error(usage_message(program, command.name, app, error));
  }
  return run(command_line);
}

const Command& command_called(const std::string& program, const std::string& name,
                              const std::vector<Command>& commands) {
  std::vector<std::string> names;
  for (const Command& command : commands) {
    if (command.name == name) return command;
    names.push_back(command.name);
  }
  const std::string what = name.starts_with('-') ? "unknown option '" : "unknown command '";
  const std::string known = name.starts_with('-') ? "" : " the nearest is '" + nearest_name(name, names) + "';";
  throw usage_error(what + name + "':" + known + " see " + program + " --help");
}

int run(const std::string& program, const std::string& summary, const std::vector<Command>& commands, int argc,
        char** argv) {
  std::vector<std::string> arguments = with_gdal_habits(argc, argv);
  const std::string first = arguments.empty() ? "" : arguments.front();
  if (first == "-h" || first == "--help" || first == "help") {
    print(program_help(program, summary, commands));
    return 0;
  }
  if (first == "--version") {
    print(version_text(program));
    return 0;
  }
  if (first == "--describe") {
    print(describe_program(program, summary, commands));
    return 0;
  }
  if (first.empty()) throw usage_error("no command: see " + program + " --help");
  set_up_libraries();
  const Command& command = command_called(program, first, commands);
  arguments.erase(arguments.begin());
  return run_command(program, command, std::move(arguments), quoted_command_line(argc, argv));
}

}  // namespace

int run_tool(const std::string& program, const std::string& summary, const std::vector<Command>& commands, int argc,
             char** argv) {
  const auto fail = [&](const std::string& message, int code) {
    tell(one_line(program + ": error: " + message));
    return code;
  };
  catch_signals();  // first of all: a scheduler may send one while the libraries are being set up
  try {
    return run(program, summary, commands, argc, argv);
  } catch (const Error& error) {
    return fail(error.what(), exit_code(error.kind()));
  } catch (const std::bad_alloc&) {
    return fail("out of memory: give a smaller --memory or fewer --threads", exit_code(Error::Kind::memory));
  } catch (const std::exception& error) {
    return fail(std::string("a fault of ours: ") + error.what() + ": please report it with the command line", 1);
  }
}

}  // namespace sink::tools
