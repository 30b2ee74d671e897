// SPDX-License-Identifier: Apache-2.0
// Signals as a flag: the first one asks the run to stop and tidy up, the second ends the program at once.
#pragma once

namespace sink::tools {

/// Takes SIGINT, SIGTERM and SIGHUP from now on, and ignores SIGPIPE (a closed pipe shows as a failed write).
void catch_signals();
/// The signal that came, or 0.
int signal_received() noexcept;

}  // namespace sink::tools
