// SPDX-License-Identifier: Apache-2.0
// AccuracyJob: the accuracy of a class map and its error-adjusted areas from a labelled sample, as plain data. Filled
// from the command line; computed by `run_accuracy`.
#pragma once

#include <string>
#include <vector>

#include "account/area_accuracy.hpp"
#include "job/job.hpp"

namespace sink {

struct AccuracyJob {
  enum class Finite { automatic, yes, no };
  std::string sample;  ///< CSV, or points FILE[:LAYER]; relative paths start at the working directory
  std::string map;     ///< class raster that was sampled: strata are its classes, points are looked up; may be blank
  std::string strata;  ///< CSV `stratum,pixels,area_ha[,map_class,class_name]`; blank: the classes of `map`
  std::string legend;  ///< names of classes, and which there are; blank: none
  std::string map_field = "map_class", reference_field = "reference";
  std::string stratum_field;  ///< blank: "stratum" where the sample has it and `strata` is given, else the map class
  std::string psu_field;      ///< clusters; blank: single units
  std::string psu_count_field, ssu_count_field;  ///< clusters in the stratum, units in the cluster: two-stage variance
  SampleDesign design = SampleDesign::stratified;
  Finite finite_population = Finite::automatic;
  std::vector<std::string> unlabelled;  ///< labels that mean none, beside blank
  double level = 0.95;
  OutputOptions output;  ///< directory, overwrite, csv_bom; the rest does not apply
  RunOptions run;
  std::string command_line;
};

/// Writes accuracy.csv, error_matrix.csv, accuracy.json and run.json into `job.output.directory`; nothing stays behind
/// where it fails. Throws Error of every kind.
JobResult run_accuracy(const AccuracyJob& job, const ProgressCallback& progress);

}  // namespace sink
