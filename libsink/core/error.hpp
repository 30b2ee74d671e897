// SPDX-License-Identifier: Apache-2.0
// The one exception of the library. `tools/run_tool.cpp` maps kinds to exit codes.
#pragma once

#include <stdexcept>
#include <string>

namespace sink {

class Error : public std::runtime_error {
 public:
  enum class Kind {
    usage,        ///< exit 2: wrong option
    input,        ///< exit 2: a file or table that cannot be used
    output,       ///< exit 3: cannot write, disk full
    memory,       ///< exit 4: memory or size limit
    check,        ///< exit 5: a closure or check failed
    interrupted,  ///< exit 130 or 143: stopped by a signal
    internal,     ///< exit 1: a fault of ours
  };
  Error(Kind kind, const std::string& message) : std::runtime_error(message), kind_(kind) {}
  [[nodiscard]] Kind kind() const noexcept { return kind_; }

 private:
  Kind kind_;
};

/// Error of a named file: "<file>: <what>: <what to do>".
inline Error input_error(const std::string& file, const std::string& what) {
  return Error(Error::Kind::input, file + ": " + what);
}
inline Error output_error(const std::string& file, const std::string& what) {
  return Error(Error::Kind::output, file + ": " + what);
}
inline Error usage_error(const std::string& what) {
  return Error(Error::Kind::usage, what);
}

}  // namespace sink
