// SPDX-License-Identifier: Apache-2.0
// ClassScheme: what a pixel is, from its forest type and its land cover. Both legends are joined into one list of
// classes; which map decides where they disagree about forest is `land_use_from` (interface.md, Codes).
#pragma once

#include <array>
#include <string>
#include <vector>

#include "core/legend.hpp"

namespace sink {

class ClassScheme {
 public:
  /// Either legend may be missing, not both. Throws Error::input for more classes than fit.
  ClassScheme(const Legend* forest_types, const Legend* landcover, bool landcover_decides);

  /// The joined legend; a class's code is its place. Methods find their parameters by its keys.
  [[nodiscard]] const Legend& joined() const noexcept { return joined_; }
  /// Name of a joined class for a person: "forest type 3 Masson pine".
  [[nodiscard]] std::string name(ClassIndex index) const;

  /// The joined class of a pixel by its places in the two legends (`no_class`: nodata or no such map).
  [[nodiscard]] ClassIndex join(ClassIndex type, ClassIndex cover) const noexcept {
    const ClassIndex cover_class = cover == no_class ? no_class : static_cast<ClassIndex>(types_ + cover);
    if (type == no_class) return cover_class;
    if (!landcover_decides_ || cover == no_class) return type;
    return forest_[type] == forest_[cover_class] ? type : cover_class;
  }
  [[nodiscard]] bool forest(ClassIndex index) const noexcept { return index != no_class && forest_[index]; }
  /// True where both maps know the pixel and disagree whether it is forest.
  [[nodiscard]] bool disagree(ClassIndex type, ClassIndex cover) const noexcept {
    return type != no_class && cover != no_class && forest_[type] != forest_[types_ + cover];
  }
  /// The joined class of a land-cover class.
  [[nodiscard]] ClassIndex cover_class(ClassIndex cover) const noexcept {
    return cover == no_class ? no_class : static_cast<ClassIndex>(types_ + cover);
  }

 private:
  Legend joined_;
  std::vector<std::string> names_;
  std::array<bool, max_classes + 1> forest_{};
  std::size_t types_ = 0;
  bool landcover_decides_;
};

}  // namespace sink
