// SPDX-License-Identifier: Apache-2.0
// TilePart: the file that a tile leaves for the merge, PARTS/INDEX.part. Begins with a magic word, the plan's hash and
// the tile's index; ends with the SHA-256 of all before. It appears whole, by renaming, or not at all.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "core/archive.hpp"
#include "job/run_pass.hpp"
#include "job/tiles.hpp"
#include "raster/part_file.hpp"

namespace sink {

/// What the process that computed a tile says of itself.
struct TileTimings {
  double elapsed_s = 0;
  std::int64_t threads = 0, peak_rss_kib = 0;
  std::string host;
  template <class Archive>
  void transfer(Archive& archive) {
    archive(elapsed_s, threads, peak_rss_kib, host);
  }
};

struct TilePartHead {
  std::string plan_hash;
  std::uint64_t index = 0;
  TileTimings timings;
  template <class Archive>
  void transfer(Archive& archive) {
    archive(plan_hash, index, timings);
  }
};

enum class PartState { whole, missing, damaged, of_another_plan };
/// Whether a part is read to its end, or is taken as whole where it begins as it should.
enum class PartLook { at_all, at_its_head };
/// Looks at a part. `check_going` is called now and then and may throw.
PartState state_of_part(const std::string& file, const std::string& plan_hash, std::size_t index, PartLook look,
                        const std::function<void()>& check_going);

/// Writes a file of that name from one of another name beside it, once it is whole and on disk. Throws Error::output;
/// nothing is left then.
void write_passing(const std::string& file, const std::function<void(PartFile&)>& fill);

/// Writes a part, as `write_passing` does.
void write_part(const std::string& file, TilePartHead head, const std::function<void(ArchiveWriter&)>& save);

/// Reads a part, once: calls `load` with its head and with what follows. What is loaded holds only when this returns:
/// throws DamagedPart where the file is not as it was written, Error::input where it cannot be read. `check_going` is
/// called now and then and may throw.
void read_part(const std::string& file, const std::function<void()>& check_going,
               const std::function<void(const TilePartHead&, ArchiveReader&)>& load);

/// A pass whose working files, in `folder`, have no name any more: nothing of them is left, whatever ends the process.
RunPass pass_without_names(const RunSetup& setup, const RunPlan& plan, const std::string& folder);

/// A name that no other process uses, hidden, for a file on its way: "FOLDER/.sinkcalc-PID-RANDOM-NAME".
std::string passing_name(const std::string& folder, const std::string& name);
/// Removes such files, which processes that were killed left. Only when nobody needs what they would become.
void remove_passing(const std::string& folder);

}  // namespace sink
