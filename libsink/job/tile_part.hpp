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
#include "job/working_folder.hpp"
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
  std::uint64_t index = 0;  ///< within its plan, wherever that stands in a file
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

/// Writes a file of that name from one in `working`, a folder of the same file system, once it is whole and on disk.
/// Throws Error::output; nothing is left then.
void write_passing(const std::string& file, const WorkingFolder& working, const std::function<void(PartFile&)>& fill);

/// Writes a part, as `write_passing` does. `check_going` is called for every MiB and may throw.
void write_part(const std::string& file, const WorkingFolder& working, TilePartHead head,
                const std::function<void()>& check_going, const std::function<void(ArchiveWriter&)>& save);

/// Reads a part, once: calls `load` with its head and with what follows. What is loaded holds only when this returns:
/// throws DamagedPart where the file is not as it was written, Error::input where it cannot be read. `check_going` is
/// called now and then and may throw.
void read_part(const std::string& file, const std::function<void()>& check_going,
               const std::function<void(const TilePartHead&, ArchiveReader&)>& load);

/// A pass whose working files, in `working`, have no name any more: they take no room once the process has ended,
/// however it ended. `working` must live longer, since NFS keeps a name for what is open.
RunPass pass_without_names(const RunSetup& setup, const RunPlan& plan, const WorkingFolder& working);

}  // namespace sink
