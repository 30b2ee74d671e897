// SPDX-License-Identifier: Apache-2.0
#include "console.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "core/error.hpp"

namespace sink::tools {

void print(std::string_view text) {
  errno = 0;
  std::fwrite(text.data(), 1, text.size(), stdout);
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return;
  if (errno == EPIPE) return;
  throw output_error("standard output", std::string(std::strerror(errno)) + ": free space or send it elsewhere");
}

void tell(std::string_view line) {
  std::fprintf(stderr, "%.*s\n", static_cast<int>(line.size()), line.data());
  std::fflush(stderr);
}

std::string one_line(std::string_view text) {
  std::string line;
  bool broken = false;  // a line break was met: its indent goes with it
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n' || c == '\r' || c == '\t') {
      broken = true;
    } else if (!broken || c != ' ') {
      if (broken && !line.empty()) line += ' ';
      broken = false;
      line += byte < 0x20 || byte == 0x7f ? '?' : c;
    }
  }
  return line;
}

}  // namespace sink::tools
