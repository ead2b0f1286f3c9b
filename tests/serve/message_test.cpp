#include "serve/message.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "serve/metrics.h"

namespace sshost::serve {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

TEST(Message, TakesATargetApart) {
  Request request;
  set_target(request, "/v1/predict?model=a%20b&format=json&empty=&alone&sum=1+1");
  EXPECT_EQ(request.path, "/v1/predict");
  EXPECT_THAT(request.query, ElementsAre(Pair("alone", ""), Pair("empty", ""), Pair("format", "json"),
                                         Pair("model", "a b"), Pair("sum", "1 1")));
}

TEST(Message, RefusesPercentSignsThatMeanNothing) {
  for (const char* target : {"/?a=%", "/?a=%4", "/?a=%zz", "/?%4g=1"}) {
    Request request;
    EXPECT_THROW(set_target(request, target), Refusal) << target;
  }
}

TEST(Message, AnErrorIsJsonWhateverItsTextIs) {
  const Response response = error_response(429, "\xff\"busy\"", 3);
  EXPECT_THAT(response.body, HasSubstr("\\\"busy\\\""));
  EXPECT_EQ(response.headers.at("Retry-After"), "3");
}

TEST(ServeMetrics, AreWhatPrometheusReads) {
  Metrics metrics;
  metrics.add_request("infer", 200, 0.02);
  metrics.add_request("infer", 200, 7);
  metrics.add_batch("a\"b", 3, 0.5);
  const std::string text = metrics.text(4);
  EXPECT_THAT(text, HasSubstr("sshost_requests_total{kind=\"infer\",status=\"200\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("sshost_request_seconds_bucket{kind=\"infer\",le=\"0.025\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("sshost_request_seconds_bucket{kind=\"infer\",le=\"+Inf\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("sshost_images_total{model=\"a\\\"b\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("sshost_images_waiting 4\n"));
}

}  // namespace
}  // namespace sshost::serve
