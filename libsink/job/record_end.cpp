// SPDX-License-Identifier: Apache-2.0
#include "job/record_end.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <ctime>
#include <fstream>
#include <nlohmann/json.hpp>

namespace sink {
namespace {

using Json = nlohmann::ordered_json;

std::string processor_name() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  }
  return "unknown";
}

Json timings_json(const RunTimings& timings) {
  char host[256] = "";
  gethostname(host, sizeof host - 1);
  const std::time_t now = std::time(nullptr);
  char finished[32] = "";
  std::strftime(finished, sizeof finished, "%Y-%m-%dT%H:%M:%SZ", std::gmtime(&now));
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - timings.started;
  Json json = {{"finished", finished},
               {"elapsed_s", elapsed.count()},
               {"host", host},
               {"processor", processor_name()},
               {"threads", timings.threads},
               {"memory_bytes", timings.run.memory_bytes},
               {"peak_rss_kib", usage.ru_maxrss},
               {"blocks", timings.blocks},
               {"io", timings.run.io == RasterIo::own ? "own" : "gdal"},
               {"output", timings.output.directory},
               {"command_line", timings.command_line}};
  if (timings.tiles != nullptr && !timings.tiles->is_null()) json["tiles"] = *timings.tiles;
  return json;
}

}  // namespace

Json parameters_json(const std::vector<ParameterRow>& rows) {
  Json json = Json::array();
  for (const auto& row : rows) {
    json.push_back({{"key", row.key},
                    {"parameter", row.parameter},
                    {"value", row.value},
                    {"unit", row.unit},
                    {"sd", row.sd},
                    {"status", row.status},
                    {"source", row.source}});
  }
  return json;
}

std::string closed_record(Json record, const JobResult& result, const RunTimings& timings) {
  record["warnings"] = result.warnings;
  record["outputs"] = Json::array();
  for (const auto& file : result.files) record["outputs"].push_back({{"file", file.name}, {"meaning", file.meaning}});
  record["timings"] = timings_json(timings);
  return record.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace sink
