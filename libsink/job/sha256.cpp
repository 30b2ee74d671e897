// SPDX-License-Identifier: Apache-2.0
#include "job/sha256.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <fstream>
#include <iterator>
#include <ranges>

#include "core/error.hpp"
#include "raster/raster_folder.hpp"

namespace sink {

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
  if (!context_ || EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) != 1) {
    throw Error(Error::Kind::internal, "libcrypto has no SHA-256");
  }
}

void Sha256::Free::operator()(evp_md_ctx_st* context) const noexcept {
  EVP_MD_CTX_free(context);
}

void Sha256::add(std::span<const std::byte> bytes) {
  EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size());
}

std::string Sha256::digits() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_DigestFinal_ex(context_.get(), digest.data(), &size);
  std::string text;
  for (unsigned i = 0; i < size; ++i) {
    constexpr char digits[] = "0123456789abcdef";
    text += digits[digest[i] >> 4];
    text += digits[digest[i] & 15];
  }
  return text;
}

std::string sha256_of_text(std::string_view text) {
  Sha256 hash;
  hash.add(std::as_bytes(std::span(text)));
  return hash.digits();
}

std::string sha256_of_file(const std::string& path, const std::atomic<bool>& stop,
                           const std::function<void()>& check_going) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw input_error(path, "cannot be read");
  Sha256 hash;
  std::vector<char> buffer(1 << 20);
  while (file) {
    if (stop) return {};
    if (check_going) check_going();
    file.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    hash.add(std::as_bytes(std::span(buffer)).first(static_cast<std::size_t>(file.gcount())));
  }
  if (!file.eof()) throw input_error(path, "cannot be read to its end");
  return hash.digits();
}

BackgroundHashes::BackgroundHashes(std::vector<std::string> paths)
    : paths_(std::move(paths)), thread_([this] {
        try {
          for (const auto& path : files_of(paths_)) {
            if (!stop_) hashes_[path] = sha256_of_file(path, stop_);
          }
        } catch (...) {
          error_ = std::current_exception();
        }
        ready_ = true;
      }) {}

BackgroundHashes::~BackgroundHashes() {
  stop_ = true;
  if (thread_.joinable()) thread_.join();
}

std::map<std::string, std::string> BackgroundHashes::get(const std::function<void()>& while_waiting) {
  for (int tenths = 0; while_waiting && !ready_; tenths = (tenths + 1) % 10) {
    if (tenths == 0) while_waiting();
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  if (thread_.joinable()) thread_.join();
  if (error_) std::rethrow_exception(error_);
  const std::vector<std::string> now = files_of(paths_);
  std::vector<std::string> differing;
  std::ranges::set_symmetric_difference(now, std::views::keys(hashes_), std::back_inserter(differing));
  if (!differing.empty())
    throw input_error(differing.front(), "came or went while its folder was read: run again when it is finished");
  return hashes_;
}

}  // namespace sink
