// SPDX-License-Identifier: Apache-2.0
// Refusals are tested by kind and by what they say.
#pragma once

#include <string>

#include "core/error.hpp"

namespace sink::tests {

/// The message of the Error of this kind that `action` throws; what happened instead, otherwise.
template <class Action>
std::string refusal(Error::Kind kind, const Action& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.kind() == kind ? error.what() : std::string("(wrong kind) ") + error.what();
  }
  return "(no error)";
}

}  // namespace sink::tests
