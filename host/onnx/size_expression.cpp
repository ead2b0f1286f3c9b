#include "onnx/size_expression.h"

#include <algorithm>
#include <functional>

namespace sshost::onnx {
namespace {

constexpr int64_t kLargestDivisor = 64;  // of windows, patches and strides
constexpr int64_t kLargestScale = 4096;

int64_t floor_of(int64_t number, int64_t divisor) {
  const int64_t quotient = number / divisor;
  return number % divisor < 0 ? quotient - 1 : quotient;
}

struct Line {
  int64_t scale;
  int64_t offset;
};

// numbers = scale * of + offset, with a scale of at least 1.
std::optional<Line> line_through(const Numbers& of, const Numbers& numbers) {
  for (size_t i = 1; i < of.size(); ++i) {
    const int64_t run = of[i] - of[0];
    if (run == 0) continue;
    if ((numbers[i] - numbers[0]) % run != 0) return std::nullopt;
    const int64_t scale = (numbers[i] - numbers[0]) / run;
    if (scale < 1 || scale > kLargestScale) return std::nullopt;
    const int64_t offset = numbers[0] - scale * of[0];
    for (size_t j = 0; j < of.size(); ++j) {
      if (scale * of[j] + offset != numbers[j]) return std::nullopt;
    }
    return Line{scale, offset};
  }
  return std::nullopt;
}

Numbers made_of(const Numbers& numbers, const std::function<int64_t(int64_t)>& make) {
  Numbers made;
  for (const int64_t number : numbers) made.push_back(make(number));
  return made;
}

using Found = std::optional<SizeExpression>;

Found multiple(const Numbers& numbers, const KnownSize& size) {
  const std::optional<Line> line = line_through(size.numbers, numbers);
  if (!line) return std::nullopt;
  return SizeExpression{.first = &size, .scale = line->scale, .offset = line->offset};
}

// The one that has no shift or, where none is without, the one that there is. Where there are several the sizes that
// were recorded do not tell which one the model means.
Found only_one(const std::vector<SizeExpression>& found) {
  const auto is_plain = [](const SizeExpression& each) { return each.shift == 0; };
  const auto plain = std::find_if(found.begin(), found.end(), is_plain);
  if (plain == found.end()) return found.size() == 1 ? Found(found.front()) : std::nullopt;
  return std::count_if(found.begin(), found.end(), is_plain) == 1 ? Found(*plain) : std::nullopt;
}

// To the next multiple of the divisor.
Found missing(const Numbers& numbers, const KnownSize& size) {
  std::vector<SizeExpression> found;
  for (int64_t divisor = 2; divisor <= kLargestDivisor; ++divisor) {
    const auto lacks = [&](int64_t number) { return -floor_of(-number, divisor) * divisor - number; };
    if (made_of(size.numbers, lacks) != numbers) continue;
    found.push_back({.first = &size, .offset = divisor - 1, .divisor = divisor, .factor = divisor, .less_first = true});
  }
  return only_one(found);
}

// Of a size that is a multiple of the divisor in every forward, as one that was padded to be.
Found exact_quotient(const Numbers& numbers, const KnownSize& size) {
  for (int64_t divisor = 2; divisor <= kLargestDivisor; ++divisor) {
    if (made_of(numbers, [&](int64_t number) { return number * divisor; }) != size.numbers) continue;
    return SizeExpression{.first = &size, .divisor = divisor};
  }
  return std::nullopt;
}

Found quotient(const Numbers& numbers, const KnownSize& size) {
  std::vector<SizeExpression> found;
  for (int64_t divisor = 2; divisor <= kLargestDivisor; ++divisor) {
    for (const int64_t offset : {int64_t{0}, divisor - 1}) {
      const auto divided = [&](int64_t number) { return floor_of(number + offset, divisor); };
      const std::optional<Line> line = line_through(made_of(size.numbers, divided), numbers);
      if (!line || (line->scale != 1 && line->scale != divisor)) continue;
      found.push_back(
          {.first = &size, .offset = offset, .divisor = divisor, .factor = line->scale, .shift = line->offset});
    }
  }
  return only_one(found);
}

Found product(const Numbers& numbers, const KnownSize& one, const std::vector<KnownSize>& known) {
  for (const KnownSize& other : known) {
    Numbers products;
    for (size_t i = 0; i < numbers.size(); ++i) products.push_back(one.numbers[i] * other.numbers[i]);
    const std::optional<Line> line = line_through(products, numbers);
    if (!line) continue;
    return SizeExpression{.first = &one, .second = &other, .scale = line->scale, .offset = line->offset};
  }
  return std::nullopt;
}

}  // namespace

std::optional<SizeExpression> find_expression(const Numbers& numbers, const std::vector<KnownSize>& known) {
  if (is_constant(numbers)) return SizeExpression{.shift = numbers.front()};
  for (const KnownSize& size : known) {
    if (size.numbers == numbers) return SizeExpression{.first = &size};
  }
  for (const auto& kind : {multiple, exact_quotient, missing, quotient}) {
    for (const KnownSize& size : known) {
      if (const Found found = kind(numbers, size)) return found;
    }
  }
  for (const KnownSize& size : known) {
    if (const Found found = product(numbers, size, known)) return found;
  }
  return std::nullopt;
}

}  // namespace sshost::onnx
