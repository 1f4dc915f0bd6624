// Properties, checked by rapidcheck: RC_GTEST_PROP(Suite, Name, (arguments)) { RC_ASSERT(...); }
//
// The cases are the same ones each time, so that a failure is there for everybody. RC_PARAMS in the
// environment asks for others or for more: RC_PARAMS="max_success=100000", or the line that a
// failure prints, to see its case again.
#pragma once

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <cstdlib>
#include <ostream>

#include "base/ids.h"

namespace yallchat {

// How an id is printed where a property does not hold.
template <class Tag>
void showValue(const Id<Tag>& id, std::ostream& out) {
  out << id.value;
}

// Read by rapidcheck before the first property, which is after this.
inline const bool property_cases_fixed = setenv("RC_PARAMS", "seed=1 max_success=1000", 0) == 0;

}  // namespace yallchat
