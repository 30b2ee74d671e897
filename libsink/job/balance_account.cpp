// SPDX-License-Identifier: Apache-2.0
#include "job/balance_account.hpp"

#include "job/balance_worker.hpp"
#include "job/input_findings.hpp"
#include "job/zone_table.hpp"

namespace sink {
namespace {

class BalanceAccount : public SideAccount {
 public:
  explicit BalanceAccount(const RunSetup& setup)
      : setup_(setup), rules_(setup), layout_(setup.layout->shape().periods(), setup.methods.size()) {}

  [[nodiscard]] std::size_t sums() const override { return layout_.size(); }
  [[nodiscard]] std::unique_ptr<SideWorker> worker() const override {
    return std::make_unique<BalanceWorker>(rules_, layout_, setup_);
  }
  [[nodiscard]] std::vector<std::string> files() const override { return {"balance.csv", "pools.csv"}; }
  [[nodiscard]] std::vector<SideTable> tables(const std::vector<std::vector<ZoneEntry>>& zones) const override {
    std::vector<SideTable> tables;
    tables.push_back({"balance.csv", "the sink by stock difference, gain-loss and the provincial method, side by side",
                      balance_table(context(), zones)});
    if (rules_.gain_loss) {
      tables.push_back(
          {"pools.csv", "what each carbon pool gained, passed on and emitted", pool_table(context(), zones)});
    }
    return tables;
  }
  [[nodiscard]] std::vector<std::string> warnings(const ZoneEntry& total) const override;
  [[nodiscard]] std::vector<Closure> closures(const std::vector<std::vector<ZoneEntry>>& zones,
                                              const std::vector<std::vector<ZoneEntry>>&) const override {
    return balance_closures(context(), zones);
  }

 private:
  [[nodiscard]] BalanceContext context() const { return {setup_, rules_, layout_}; }
  const RunSetup& setup_;
  BalanceRules rules_;
  BalanceLayout layout_;
};

std::vector<std::string> BalanceAccount::warnings(const ZoneEntry& total) const {
  std::vector<std::string> warnings;
  if (!rules_.gain_loss) return warnings;
  for (std::size_t period = 0; period < layout_.periods(); ++period) {
    const std::string years =
        std::to_string(setup_.dates[period].year) + "-" + std::to_string(setup_.dates[period + 1].year);
    for (std::size_t method = 0; method < layout_.methods(); ++method) {
      const auto area = [&](std::size_t sum) { return total.sums[layout_.at(period, method, sum)].value(); };
      const double rate = area(BalanceLayout::rate_area), followed = area(BalanceLayout::modelled_area);
      if (followed < rate) {
        warnings.push_back(years + ", " + setup_.methods[method].name + ": gain-loss cannot follow " +
                           with_commas(rate - followed, 1) + " of " + with_commas(rate, 1) +
                           " ha (no curve, no age, or beyond the curve: balance.csv); its closure is over the rest");
      }
      if (area(BalanceLayout::soil_unknown_area) > 0) {
        warnings.push_back(years + ", " + setup_.methods[method].name + ": the soil of " +
                           with_commas(area(BalanceLayout::soil_unknown_area), 1) +
                           " ha was left as it was: wetland and other land have no soil factors");
      }
    }
  }
  if (!rules_.unverified_shares.empty()) {
    std::string names;
    for (const auto& name : rules_.unverified_shares) names += (names.empty() ? "" : ", ") + name;
    warnings.push_back("the shares that these disturbances move between pools were read in no source: " + names +
                       " ([balance] proportions takes your own)");
  }
  return warnings;
}

}  // namespace

std::unique_ptr<const SideAccount> balance_account(const RunSetup& setup) {
  return std::make_unique<BalanceAccount>(setup);
}

}  // namespace sink
