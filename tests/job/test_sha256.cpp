// SPDX-License-Identifier: Apache-2.0
// Hashes of inputs: the published examples, and folders that change while they are read.
#include "job/sha256.hpp"

#include <filesystem>
#include <fstream>

#include "core/error.hpp"
#include "raster/temp_files.hpp"
#include "support/catch.hpp"
#include "support/refusal.hpp"

namespace fs = std::filesystem;
using sink::BackgroundHashes;
using sink::tests::refusal;

TEST_CASE("SHA-256 of the examples of FIPS 180-2, appendix B", "[sha256]") {
  CHECK(sink::sha256_of_text("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sink::sha256_of_text("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST_CASE("a folder that files come to or go from while it is hashed is refused", "[sha256]") {
  const sink::tests::TempFolder folder;
  const std::string maps = folder.file("maps"), plain = folder.file("legend.csv");
  fs::create_directory(maps);
  const auto write = [](const std::string& file) { std::ofstream(file) << "abc"; };
  write(maps + "/a.tif");
  write(maps + "/b.tif");
  write(plain);
  BackgroundHashes hashes({maps, plain});
  CHECK(hashes.get().size() == 3);
  write(maps + "/notes.txt");  // is no part of the map
  CHECK(hashes.get().size() == 3);
  write(maps + "/c.tif");
  CHECK_THAT(refusal(sink::Error::Kind::input, [&] { hashes.get(); }),
             Catch::Matchers::Contains("/c.tif: came or went"));
  fs::remove(maps + "/c.tif");
  fs::remove(maps + "/b.tif");
  CHECK_THAT(refusal(sink::Error::Kind::input, [&] { hashes.get(); }),
             Catch::Matchers::Contains("/b.tif: came or went"));
}
