// SPDX-License-Identifier: Apache-2.0
#include "job/working_folder.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <random>
#include <utility>
#include <vector>

#include "core/error.hpp"

namespace sink {
namespace fs = std::filesystem;
namespace {

constexpr const char* lock_name = "lock";

/// This boot of this machine; blank where it is not told. Containers of one kernel share it and see each other's locks,
/// while host names may be the same on many machines.
std::string boot_id() {
  std::string boot;
  std::ifstream("/proc/sys/kernel/random/boot_id") >> boot;
  return boot;
}

std::string name_begin(const std::string& boot) {
  return ".sinkcalc-" + boot + "-";
}

bool lock(int descriptor, int how) {
  int failed = 0;
  do failed = flock(descriptor, how);
  while (failed != 0 && errno == EINTR);
  return failed == 0;
}

/// The lock's file goes after all others, so that what a kill leaves of this is still known for dead, and before the
/// lock is given up, so that who was waiting for it sees that it is gone. Then it is closed, since NFS keeps a name in
/// the folder for what is open.
void remove_locked(const std::string& folder, int descriptor) {
  std::error_code ignored;
  std::vector<fs::path> found;
  for (fs::directory_iterator at(folder, ignored), end; !ignored && at != end; at.increment(ignored)) {
    if (at->path().filename() != lock_name) found.push_back(at->path());
  }
  for (const fs::path& path : found) fs::remove_all(path, ignored);
  fs::remove(fs::path(folder) / lock_name, ignored);
  if (descriptor >= 0) close(descriptor);
  fs::remove(folder, ignored);
}

}  // namespace

WorkingFolder::WorkingFolder(const std::string& place) : place_(place) {
  for (int attempt = 0; attempt < 100; ++attempt) {
    if (make()) return;
  }
  throw output_error(place, "cannot be written (" + std::string(std::strerror(errno)) +
                                "): give another folder, which can be written");
}

/// False: not made, by chance or because it cannot be.
bool WorkingFolder::make() {
  std::random_device random;
  path_ =
      (fs::path(place_) / (name_begin(boot_id()) + std::to_string(getpid()) + "-" + std::to_string(random()))).string();
  if (mkdir(path_.c_str(), 0777) != 0) return false;
  const std::string name = file(lock_name);
  lock_ = open(name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (lock_ < 0) {
    const int failure = errno;
    rmdir(path_.c_str());
    errno = failure;
    return false;
  }
  if (!lock(lock_, LOCK_EX)) {
    // A file system without locks: nobody may take this for dead.
    close(std::exchange(lock_, -1));
    return std::rename(name.c_str(), file("no_lock").c_str()) == 0;
  }
  // Between making and locking it somebody may have taken it for dead.
  struct stat held {
  }, there{};
  if (fstat(lock_, &held) == 0 && stat(name.c_str(), &there) == 0 && held.st_ino == there.st_ino) return true;
  close(std::exchange(lock_, -1));
  errno = EAGAIN;
  return false;
}

WorkingFolder::~WorkingFolder() {
  remove_locked(path_, lock_);
}

std::string WorkingFolder::file(const std::string& name) const {
  return (fs::path(path_) / name).string();
}

void remove_dead_folders(const std::string& place) {
  const std::string boot = boot_id(), begin = name_begin(boot);
  if (boot.empty()) return;
  std::error_code ignored;
  std::vector<std::string> found;
  for (fs::directory_iterator at(place, ignored), end; !ignored && at != end; at.increment(ignored)) {
    if (at->path().filename().string().starts_with(begin)) found.push_back(at->path().string());
  }
  for (const std::string& folder : found) {
    struct stat status {};
    if (lstat(folder.c_str(), &status) != 0 || !S_ISDIR(status.st_mode) || status.st_uid != geteuid()) continue;
    const int descriptor = open((fs::path(folder) / lock_name).c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (descriptor < 0) {
      rmdir(folder.c_str());  // only where it is empty: its owner was about to lock it, and will make another
    } else if (lock(descriptor, LOCK_EX | LOCK_NB)) {
      remove_locked(folder, descriptor);
    } else {
      close(descriptor);
    }
  }
}

}  // namespace sink
