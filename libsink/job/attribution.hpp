// SPDX-License-Identifier: Apache-2.0
// Attribution: the sink of every zone split by what caused it (account/causes.hpp), adding up exactly; and a map of the
// cause of each pixel.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "account/causes.hpp"
#include "job/run_setup.hpp"
#include "job/side_account.hpp"

namespace sink {

class Attribution : public SideAccount {
 public:
  /// Throws Error::usage where nothing says what is forest, or for one date only. `setup` must outlive this.
  explicit Attribution(const RunSetup& setup);

  [[nodiscard]] std::size_t sums() const override { return periods() * methods() * causes * cause_sums; }
  [[nodiscard]] std::unique_ptr<SideWorker> worker() const override;
  [[nodiscard]] std::vector<SideRaster> rasters() const override;
  [[nodiscard]] std::vector<std::string> files() const override { return {"attribution.csv"}; }
  [[nodiscard]] std::vector<SideTable> tables(const std::vector<std::vector<ZoneEntry>>& zones) const override;
  [[nodiscard]] std::vector<std::string> warnings(const ZoneEntry& total) const override;
  /// The causes of every zone, period and method add up to its sink, to the last bit.
  [[nodiscard]] std::vector<Closure> closures(const std::vector<std::vector<ZoneEntry>>& zones,
                                              const std::vector<std::vector<ZoneEntry>>& account) const override;

  /// Sums of a period, method and cause. Pixels are counted as a sum of ones, carbon [t C] is signed.
  enum CauseSum : std::size_t { pixels, area, carbon, cause_sums };
  [[nodiscard]] std::size_t place(std::size_t period, std::size_t method, std::size_t cause, CauseSum sum) const {
    return ((period * methods() + method) * causes + cause) * cause_sums + sum;
  }
  [[nodiscard]] std::size_t periods() const noexcept { return setup_.layout->shape().periods(); }
  [[nodiscard]] std::size_t methods() const noexcept { return setup_.methods.size(); }
  [[nodiscard]] const RunSetup& setup() const noexcept { return setup_; }
  [[nodiscard]] EventKind kind_of(std::uint8_t event) const noexcept { return event_kinds_[event]; }
  /// Whether a joined class goes by culms, whatever volume its map shows.
  [[nodiscard]] bool bamboo(std::size_t type) const noexcept { return bamboo_[type]; }
  [[nodiscard]] LandUse land_use(std::size_t type) const noexcept { return land_uses_[type]; }

 private:
  [[nodiscard]] std::string period_name(std::size_t period, const std::string& between) const;
  void add_rows(const std::string& set, const ZoneEntry& zone, Table& table) const;

  const RunSetup& setup_;
  std::array<EventKind, 256> event_kinds_{};
  std::array<bool, max_classes + 1> bamboo_{};
  std::array<LandUse, max_classes + 1> land_uses_{};
};

}  // namespace sink
