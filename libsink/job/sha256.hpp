// SPDX-License-Identifier: Apache-2.0
// SHA-256 of input files, for the run record.
#pragma once

#include <atomic>
#include <cstddef>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

struct evp_md_ctx_st;

namespace sink {

/// SHA-256 of bytes that come in pieces.
class Sha256 {
 public:
  /// Throws Error::internal where libcrypto has none.
  Sha256();
  void add(std::span<const std::byte> bytes);
  /// 64 hexadecimal digits of what has come; call it once.
  std::string digits();

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const noexcept;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

std::string sha256_of_text(std::string_view text);

/// SHA-256 of a file as 64 hexadecimal digits. Throws Error::input where it cannot be read; gives up with a blank
/// text once `stop` is true. `check_going` is called for every MiB and may throw.
std::string sha256_of_file(const std::string& path, const std::atomic<bool>& stop,
                           const std::function<void()>& check_going = {});

/// Hashes files, and the GeoTIFFs of folders, on a thread of its own while the run goes on.
class BackgroundHashes {
 public:
  explicit BackgroundHashes(std::vector<std::string> paths);
  ~BackgroundHashes();
  BackgroundHashes(const BackgroundHashes&) = delete;
  BackgroundHashes& operator=(const BackgroundHashes&) = delete;

  /// Waits; path -> hash. `while_waiting` is called ten times a second and may throw. Throws Error::input of the first
  /// file that could not be read, or that came to or went from a folder since the hashing began.
  std::map<std::string, std::string> get(const std::function<void()>& while_waiting = {});

 private:
  std::vector<std::string> paths_;
  std::atomic<bool> stop_{false}, ready_{false};
  std::map<std::string, std::string> hashes_;
  std::exception_ptr error_;
  std::thread thread_;
};

}  // namespace sink
