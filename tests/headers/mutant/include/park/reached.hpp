#pragma once

struct reached {
  static constexpr int max() { return 1; }
};
