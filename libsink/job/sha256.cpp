// SPDX-License-Identifier: Apache-2.0
#include "job/sha256.hpp"

#include <openssl/evp.h>

#include <array>
#include <fstream>
#include <memory>

#include "core/error.hpp"

namespace sink {

std::string sha256_of_file(const std::string& path, const std::atomic<bool>& stop) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw input_error(path, "cannot be read");
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  if (!context || EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) != 1) {
    throw Error(Error::Kind::internal, "libcrypto has no SHA-256");
  }
  std::vector<char> buffer(1 << 20);
  while (file) {
    if (stop) return {};
    file.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    EVP_DigestUpdate(context.get(), buffer.data(), static_cast<std::size_t>(file.gcount()));
  }
  if (!file.eof()) throw input_error(path, "cannot be read to its end");
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_DigestFinal_ex(context.get(), digest.data(), &size);
  std::string text;
  for (unsigned i = 0; i < size; ++i) {
    constexpr char digits[] = "0123456789abcdef";
    text += digits[digest[i] >> 4];
    text += digits[digest[i] & 15];
  }
  return text;
}

BackgroundHashes::BackgroundHashes(std::vector<std::string> paths)
    : thread_([this, paths = std::move(paths)] {
        try {
          for (const auto& path : paths) {
            if (!stop_ && !hashes_.contains(path)) hashes_[path] = sha256_of_file(path, stop_);
          }
        } catch (...) {
          error_ = std::current_exception();
        }
      }) {}

BackgroundHashes::~BackgroundHashes() {
  stop_ = true;
  if (thread_.joinable()) thread_.join();
}

std::map<std::string, std::string> BackgroundHashes::get() {
  if (thread_.joinable()) thread_.join();
  if (error_) std::rethrow_exception(error_);
  return hashes_;
}

}  // namespace sink
