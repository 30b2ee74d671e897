// SPDX-License-Identifier: Apache-2.0
#include "job/output_directory.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "core/error.hpp"
#include "raster/input_file.hpp"
#include "raster/raster_folder.hpp"

namespace sink {
namespace fs = std::filesystem;
namespace {

/// Names of result files that an earlier run left, by its run record.
std::vector<std::string> results_in(const std::string& directory) {
  std::ifstream file(fs::path(directory) / "run.json");
  if (!file) return {};
  const auto record = nlohmann::json::parse(file, nullptr, false);
  std::vector<std::string> names = {"run.json"};
  if (!record.is_object() || !record.contains("outputs") || !record["outputs"].is_array()) return names;
  for (const auto& output : record["outputs"]) {
    if (!output.is_object() || !output.contains("file") || !output["file"].is_string()) continue;
    const std::string name = output["file"];
    // Only plain names: a record that someone edited must not make us remove anything elsewhere.
    if (name.find('/') == std::string::npos && name != "." && name != "..") names.push_back(name);
  }
  return names;
}

void sync_path(const std::string& path) {
  const int descriptor = open(path.c_str(), O_RDONLY);
  if (descriptor < 0) return;
  fsync(descriptor);
  close(descriptor);
}

void demand_replaceable(const fs::path& place) {
  std::error_code error;
  if (fs::exists(place, error) && !fs::is_regular_file(place, error)) {
    throw output_error(place.string(), "is not a file and cannot be replaced: move it away");
  }
}

}  // namespace

OutputDirectory::OutputDirectory(std::string directory, bool overwrite, const std::vector<std::string>& names,
                                 const std::vector<std::string>& inputs)
    : directory_(std::move(directory)) {
  if (directory_.empty()) throw usage_error("-o: is blank: give a folder");
  std::error_code error;
  if (fs::exists(directory_, error) && !fs::is_directory(directory_, error)) {
    throw output_error(directory_, "is not a directory: give another -o");
  }
  for (const auto& input : inputs) {
    if (is_folder(input) && fs::equivalent(directory_, input, error)) {
      throw input_error(directory_,
                        "is a folder of maps that this run reads, and results would become part of them: "
                        "give another -o");
    }
  }
  // By device and inode: paths may differ by links. Folders may hold many thousand files.
  using Identity = std::pair<std::uint64_t, std::uint64_t>;
  const auto identity = [](const std::string& file) {
    const FileVersion version = version_of(file);
    return Identity{std::get<0>(version), std::get<1>(version)};
  };
  std::set<Identity> files;
  for (const std::string& file : files_of(inputs)) files.insert(identity(file));
  earlier_results_ = results_in(directory_);
  std::vector<std::string> touched = names;
  touched.insert(touched.end(), earlier_results_.begin(), earlier_results_.end());
  for (const auto& name : touched) {
    const fs::path file = fs::path(directory_) / name;
    if (!fs::exists(file, error)) continue;
    demand_replaceable(file);
    if (files.contains(identity(file.string())))
      throw input_error(file.string(), "is an input of this run and would be replaced: give another -o");
    if (overwrite) continue;
    const std::string what = earlier_results_.empty() ? "holds a file " + name : "holds the results of an earlier run";
    throw input_error(directory_, what + ": add --overwrite or give another -o");
  }
  make_directory();
}

void OutputDirectory::make_directory() {
  std::error_code error;
  for (fs::path path = fs::absolute(directory_); !path.empty() && !fs::exists(path, error); path = path.parent_path()) {
    if (path.has_filename()) first_made_ = path.string();
  }
  fs::create_directories(directory_, error);
  try {
    if (error)
      throw output_error(directory_, "cannot be written (" + error.message() + "): give a -o that can be written");
    remove_dead_folders(directory_);
    working_.emplace(directory_);
  } catch (const Error&) {
    if (!first_made_.empty()) fs::remove_all(first_made_, error);
    throw;
  }
}

OutputDirectory::~OutputDirectory() {
  std::error_code ignored;
  working_.reset();
  if (published_ || first_made_.empty()) return;
  // Only what this object made, and only while empty: someone else may have put something there meanwhile.
  const fs::path first = first_made_;
  for (fs::path path = fs::absolute(directory_).lexically_normal(); path.string().size() >= first.string().size();
       path = path.parent_path()) {
    if (!path.has_filename()) continue;
    if (!fs::remove(path, ignored)) return;
  }
}

std::string OutputDirectory::working(const std::string& name) const {
  return working_->file(name);
}

void OutputDirectory::write_text(const std::string& name, const std::string& text) const {
  const std::string path = working(name);
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  if (!file) throw output_error(path, std::string("cannot be written (") + std::strerror(errno) + ")");
}

void OutputDirectory::publish(const std::vector<std::string>& names) {
  for (const auto& name : names) sync_path(working(name));
  if (held_) {
    held_names_ = names;
    return;
  }
  std::error_code error;
  for (const auto& name : names) {
    demand_replaceable(fs::path(directory_) / name);
  }
  // The record of the earlier run goes first: it must never stand beside files of this one.
  if (!earlier_results_.empty()) fs::remove(fs::path(directory_) / "run.json", error);
  for (const auto& name : names) {
    fs::rename(working(name), fs::path(directory_) / name, error);
    if (error) throw output_error(name, "cannot be renamed into " + directory_ + " (" + error.message() + ")");
    published_ = true;
  }
  for (const auto& name : earlier_results_) {
    if (std::find(names.begin(), names.end(), name) == names.end()) fs::remove(fs::path(directory_) / name, error);
  }
  sync_path(directory_);
}

void OutputDirectory::publish_held() {
  held_ = false;
  publish(held_names_);
}

}  // namespace sink
