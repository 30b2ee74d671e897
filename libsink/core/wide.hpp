// SPDX-License-Identifier: Apache-2.0
// SINK_WIDE: a function that is compiled for wider vectors too and chosen when the program starts. The same bits
// everywhere, because no form fuses or reorders floating-point operations (-ffp-contract=off, sums are integers).
#pragma once

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define SINK_WIDE __attribute__((target_clones("default", "avx2", "arch=x86-64-v4")))
#else
#define SINK_WIDE
#endif
