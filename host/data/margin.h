#ifndef SSHOST_DATA_MARGIN_H
#define SSHOST_DATA_MARGIN_H

namespace sshost::data {

// Pixels that are added before and behind one side so that it gets a length, centred. Negative: that many are cut.
struct Margin {
  int before;  // half of all, rounded down
  int after;
};

inline Margin margin_of(int length, int target) {
  const int all = target - length;
  const int before = all >= 0 ? all / 2 : (all - 1) / 2;
  return {before, all - before};
}

}  // namespace sshost::data

#endif  // SSHOST_DATA_MARGIN_H
