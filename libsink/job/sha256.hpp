// SPDX-License-Identifier: Apache-2.0
// SHA-256 of input files, for the run record.
#pragma once

#include <atomic>
#include <exception>
#include <map>
#include <string>
#include <thread>
#include <vector>

namespace sink {

/// SHA-256 of a file as 64 hexadecimal digits. Throws Error::input where it cannot be read; gives up with a blank
/// text once `stop` is true.
std::string sha256_of_file(const std::string& path, const std::atomic<bool>& stop);

/// Hashes files on a thread of its own while the run goes on.
class BackgroundHashes {
 public:
  explicit BackgroundHashes(std::vector<std::string> paths);
  ~BackgroundHashes();
  BackgroundHashes(const BackgroundHashes&) = delete;
  BackgroundHashes& operator=(const BackgroundHashes&) = delete;

  /// Waits; path -> hash. Throws Error::input of the first file that could not be read.
  std::map<std::string, std::string> get();

 private:
  std::atomic<bool> stop_{false};
  std::map<std::string, std::string> hashes_;
  std::exception_ptr error_;
  std::thread thread_;
};

}  // namespace sink
