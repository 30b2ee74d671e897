// SPDX-License-Identifier: Apache-2.0
// GDAL and PROJ in the one state this library relies on, whatever the user's environment says.
#pragma once

#include <string>

namespace sink {

/// Clears the GDAL, CPL, OGR, VSI and GTIFF variables of the environment, sets the configuration that makes reading
/// safe and writing repeatable (no sidecars, no network, no plug-ins, fixed cache), registers the drivers and installs
/// a silent error handler. Call it once, at the start of a program, before any thread; further calls do nothing.
void set_up_gdal();

/// Errors (not warnings) that GDAL reported on this thread since `clear_gdal_errors`. The count matters as much as the
/// return code of a call: a full disk, for one, shows only here.
int gdal_error_count() noexcept;
/// Text of the first of them, on one line; empty where there is none.
std::string gdal_error_text();
void clear_gdal_errors() noexcept;

}  // namespace sink
