// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace sink {

__extension__ using Int128 = __int128;

}  // namespace sink
