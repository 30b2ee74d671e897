// SPDX-License-Identifier: Apache-2.0
#include "signals.hpp"

#include <csignal>

namespace sink::tools {
namespace {

volatile std::sig_atomic_t received = 0;

void take(int signal) {
  if (received != 0) {
    std::signal(signal, SIG_DFL);
    std::raise(signal);  // delivered when this handler returns
    return;
  }
  received = signal;
}

void handle(int signal, void (*handler)(int)) {
  struct sigaction action = {};
  action.sa_handler = handler;
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_RESTART;  // reads and writes under way are finished, not failed
  sigaction(signal, &action, nullptr);
}

}  // namespace

void catch_signals() {
  // SIGINT is taken even where a shell script started us in the background with it ignored: a scheduler's script
  // that sends it means it. An ignored SIGHUP is nohup's, and stays ignored.
  handle(SIGINT, take);
  handle(SIGTERM, take);
  struct sigaction hangup = {};
  sigaction(SIGHUP, nullptr, &hangup);
  if (hangup.sa_handler != SIG_IGN) handle(SIGHUP, take);
  handle(SIGPIPE, SIG_IGN);
  handle(SIGXFSZ, SIG_IGN);  // a limit of file size then fails the write: exit 3, and nothing is left
}

int signal_received() noexcept {
  return received;
}

}  // namespace sink::tools
