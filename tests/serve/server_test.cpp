// `sshost serve`, as clients meet it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <random>
#include <thread>
#include <vector>

#include "api/trained_model.h"
#include "serve/client.h"
#include "serve/running_server.h"

namespace sshost::serve {
namespace {

using api::noise;
using api::TrainedModel;
using nlohmann::json;
using testing::AnyOf;
using testing::HasSubstr;

class Server : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    trained_ = new TrainedModel("fcn");
    server_ = new RunningServer({"m=" + trained_->checkpoint().string(), "--set", "threads=1"});
  }
  static void TearDownTestSuite() {
    EXPECT_TRUE(server_->is_running());
    delete server_;
    delete trained_;
  }
  static std::string model() { return "m=" + trained_->checkpoint().string(); }

  static TrainedModel* trained_;
  static RunningServer* server_;
};
TrainedModel* Server::trained_ = nullptr;
RunningServer* Server::server_ = nullptr;

std::string bytes_of(const cv::Mat& image) {
  return {reinterpret_cast<const char*>(image.data), image.total() * image.elemSize()};
}

std::string png_of(const cv::Mat& rgb) {
  cv::Mat bgr;
  cv::cvtColor(rgb, bgr, cv::COLOR_RGB2BGR);
  std::vector<uint8_t> bytes;
  cv::imencode(".png", bgr, bytes);
  return {bytes.begin(), bytes.end()};
}

cv::Mat decoded(const std::string& png) {
  return cv::imdecode(std::vector<uint8_t>(png.begin(), png.end()), cv::IMREAD_UNCHANGED);
}

json input(const std::vector<cv::Mat>& images) {
  return {{"name", "image"}, {"datatype", "UINT8"}, {"shape", {images.size(), images[0].rows, images[0].cols, 3}}};
}

struct Posted {
  std::string body;
  Headers headers;
};

// A request for these outputs as bytes, with its images as bytes.
Posted in_binary(const std::vector<cv::Mat>& images, const std::vector<std::string>& outputs) {
  std::string binary;
  for (const cv::Mat& image : images) binary += bytes_of(image);
  json tensor = input(images);
  tensor["parameters"] = {{"binary_data_size", binary.size()}};
  json body = {{"inputs", {tensor}}, {"outputs", json::array()}};
  for (const std::string& name : outputs)
    body["outputs"].push_back({{"name", name}, {"parameters", {{"binary_data", true}}}});
  const std::string text = body.dump();
  return {text + binary, {{"Inference-Header-Content-Length", std::to_string(text.size())}}};
}

std::string binary_of(const Answer& answer) {
  return answer.body.substr(std::stoul(answer.headers.at("Inference-Header-Content-Length")));
}

const std::string kInfer = "/v2/models/m/infer";

TEST_F(Server, TellsWhatItIs) {
  Client client = server_->client();
  EXPECT_EQ(client.get("/v2/health/live").status, 200);
  EXPECT_EQ(client.get("/v2/health/ready").status, 200);
  EXPECT_EQ(client.get("/v2/models/m/ready").status, 200);
  EXPECT_EQ(client.get("/v2").json().at("extensions"), json({"binary_tensor_data"}));
  const json tensors = client.get("/v2/models/m/versions/1").json();
  EXPECT_EQ(tensors.at("inputs")[0].at("shape"), json({-1, -1, -1, 3}));
  EXPECT_EQ(tensors.at("outputs")[0].at("datatype"), "UINT8");
  EXPECT_EQ(client.get("/v1/models").json().at("models")[0].at("classes").size(), 5);
  EXPECT_THAT(client.get("/").body, HasSubstr("<title>sshost</title>"));
}

TEST_F(Server, InfersWhatTheProgramPredicts) {
  const cv::Mat photo = noise(40, 30, 1);
  const cv::Mat mask = trained_->predicted_by_program(photo);
  Client client = server_->client();

  const Posted binary = in_binary({photo}, {"mask"});
  const Answer answer = client.post(kInfer, binary.body, binary.headers);
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(binary_of(answer), bytes_of(mask));

  json tensor = input({photo});
  tensor["data"] = std::vector<uint8_t>(photo.data, photo.data + photo.total() * 3);
  const json parsed = client.post(kInfer, json{{"id", "a"}, {"inputs", {tensor}}}.dump()).json();
  EXPECT_EQ(parsed.at("id"), "a");
  EXPECT_EQ(parsed.at("outputs")[0].at("shape"), json({1, 40, 30}));
  EXPECT_EQ(parsed.at("outputs")[0].at("data"), json(std::vector<uint8_t>(mask.data, mask.data + mask.total())));
}

TEST_F(Server, InfersSeveralImagesAndOutputsOfARequest) {
  const std::vector<cv::Mat> photos = {noise(20, 24, 2), noise(20, 24, 3), noise(20, 24, 4)};
  Client client = server_->client();
  const Posted together = in_binary(photos, {"probabilities", "mask"});
  const Answer answer = client.post(kInfer, together.body, together.headers);
  ASSERT_EQ(answer.status, 200) << answer.body;
  const std::string bytes = binary_of(answer);
  ASSERT_EQ(bytes.size(), 3 * 20 * 24 * (5 * 4 + 1));
  for (size_t i = 0; i < photos.size(); ++i) {
    EXPECT_EQ(bytes.substr(3 * 20 * 24 * 20 + i * 480, 480), bytes_of(trained_->predicted_by_program(photos[i])));
  }
}

TEST_F(Server, SegmentsAnImageFile) {
  const cv::Mat photo = noise(33, 44, 5);
  const cv::Mat mask = trained_->predicted_by_program(photo);
  Client client = server_->client();
  const Answer index = client.post("/v1/predict?format=index", png_of(photo));
  ASSERT_EQ(index.status, 200) << index.body;
  EXPECT_EQ(index.headers.at("Content-Type"), "image/png");
  EXPECT_EQ(bytes_of(decoded(index.body)), bytes_of(mask));
  EXPECT_EQ(decoded(client.post("/v1/predict", png_of(photo)).body).size(), mask.size());
  EXPECT_EQ(decoded(client.post("/v1/predict?format=overlay&model=m", png_of(photo)).body).size(), mask.size());
  const json found = client.post("/v1/predict", png_of(photo), {{"Accept", "application/json"}}).json();
  int64_t area = 0;
  for (const json& segment : found.at("segments")) {
    area += segment.at("area").get<int64_t>();
    EXPECT_EQ(segment.at("area"), cv::countNonZero(mask == segment.at("class").get<int>()));
  }
  EXPECT_EQ(area, 33 * 44);
}

TEST_F(Server, RefusesWithAStatusAndAReason) {
  Client client = server_->client();
  const auto expect = [](const Answer& answer, int status, const std::string& says) {
    EXPECT_EQ(answer.status, status) << answer.body;
    EXPECT_THAT(answer.json().at("error").get<std::string>(), HasSubstr(says));
  };
  expect(client.get("/v3"), 404, "/v3");
  expect(client.get("/v2/models/none"), 404, "none");
  expect(client.get("/v2/models/m/versions/2"), 404, "version 2");
  expect(client.get(kInfer), 405, "POST");
  expect(client.post("/metrics", ""), 405, "GET");
  expect(client.post(kInfer, "{"), 400, "JSON");
  expect(client.post("/v1/predict", "no image"), 400, "image");
  expect(client.post("/v1/predict", png_of(noise(8, 8, 1)).substr(0, 60)), 400, "image");
  expect(client.post("/v1/predict?format=gif", "x"), 400, "palette");
  const Posted wrong = in_binary({noise(8, 8, 1)}, {"maks"});
  expect(client.post(kInfer, wrong.body, wrong.headers), 400, "maks");
}

TEST_F(Server, GivesEveryBrokenRequestAFourHundred) {
  const std::string whole = "POST /v2/models/m/infer HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}";
  std::mt19937 random(2);
  for (int i = 0; i < 1000; ++i) {
    std::string bytes = whole;
    for (int damage = 0; damage < 3; ++damage) bytes[random() % bytes.size()] = static_cast<char>(random());
    Client client = server_->client();
    client.write(bytes + "\r\n\r\n");
    if (i % 2 == 0) continue;  // and gone
    const int status = client.read().status;
    EXPECT_THAT(status, AnyOf(0, testing::AllOf(testing::Ge(400), testing::Lt(500)))) << bytes;
  }
  EXPECT_EQ(server_->client().get("/v2/health/live").status, 200);
}

std::string browser() {
  for (const char* name : {"chromium-headless-shell", "chromium", "google-chrome"}) {
    if (std::system((std::string("command -v ") + name + " >/dev/null").c_str()) == 0) return name;
  }
  return "";
}

TEST_F(Server, ThePageListsItsModelsInABrowser) {
  if (browser().empty()) GTEST_SKIP() << "there is no browser (chromium-headless-shell)";
  const test::TempFolder folder;
  const std::string command = "timeout 100 " + browser() +
                              " --headless --no-sandbox --disable-gpu --disable-background-networking"
                              " --enable-logging=stderr --virtual-time-budget=5000 --dump-dom --user-data-dir=" +
                              (folder / "profile").string() + " http://127.0.0.1:" + std::to_string(server_->port()) +
                              "/ >" + (folder / "page").string() + " 2>" + (folder / "log").string();
  ASSERT_EQ(std::system(command.c_str()), 0);
  EXPECT_THAT(test::read_bytes(folder / "page"), HasSubstr("<option>m</option>"));
  EXPECT_THAT(test::read_bytes(folder / "log"), testing::Not(HasSubstr(":CONSOLE")));
}

TEST_F(Server, CountsForPrometheus) {
  Client client = server_->client();
  client.post("/v1/predict", png_of(noise(16, 16, 6)));
  EXPECT_THAT(client.get("/metrics").body, HasSubstr("sshost_requests_total{kind=\"predict\",status=\"200\"}"));
}

TEST_F(Server, TakesNoMoreThanItsLimits) {
  const RunningServer small({model(), "--megabytes", "1", "--megapixels", "1", "--seconds", "1"});
  const Answer large = small.client().post(kInfer, std::string(2 << 20, ' '));
  EXPECT_EQ(large.status, 413);
  const Answer wide = small.client().post("/v1/predict", png_of(cv::Mat::zeros(1100, 1100, CV_8UC3)));
  EXPECT_EQ(wide.status, 413) << wide.body;
  EXPECT_EQ(small.client().get("/", {{"A", std::string(20'000, 'a')}}).status, 431);
  Client slow = small.client();
  slow.write("GET / HTTP/1.1\r\nHo");
  EXPECT_EQ(slow.read().status, 0);  // closed after a second
}

TEST_F(Server, AsksForItsToken) {
  const test::TempFolder folder;
  test::write_bytes(folder / "token", "secret\n");
  const RunningServer guarded({model(), "--token-file", (folder / "token").string()});
  Client client = guarded.client();
  EXPECT_EQ(client.get("/v2/health/ready").status, 200);
  for (const Headers& headers :
       {Headers{}, Headers{{"Authorization", "Bearer secreT"}}, Headers{{"Authorization", "secret"}}}) {
    EXPECT_EQ(client.get("/v2/models/m", headers).status, 401);
    EXPECT_EQ(client.post("/v1/predict", png_of(noise(8, 8, 1)), headers).status, 401);
  }
  EXPECT_EQ(client.get("/v2/models/m", {{"Authorization", "Bearer secret"}}).status, 200);
}

TEST_F(Server, ServesOtherMachinesOnlyWithAToken) {
  try {
    const RunningServer open({model(), "--host", "0.0.0.0"});
    FAIL();
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(), HasSubstr("--token-file"));
  }
}

TEST_F(Server, ServesSeveralModelsByName) {
  const RunningServer both({model(), "other=" + trained_->checkpoint().string(), "--set", "threads=1"});
  Client client = both.client();
  const std::string photo = png_of(noise(20, 20, 7));
  EXPECT_EQ(client.post("/v1/predict", photo).status, 400);  // which?
  EXPECT_EQ(client.post("/v1/predict?model=other&format=index", photo).body,
            client.post("/v1/predict?model=m&format=index", photo).body);
  EXPECT_EQ(client.get("/v2/models/other/ready").status, 200);
}

// What came of the requests of many clients.
struct Tally {
  std::atomic<int> right = 0, wrong = 0, busy = 0, lost = 0;
};

// Sends a request until `stop`, one after the other on one connection, and looks at each answer.
void ask(uint16_t port, const Posted& posted, const std::string& expected, const std::atomic<bool>& stop,
         Tally& tally) {
  Client client(port);
  while (!stop) {
    const Answer answer = client.post(kInfer, posted.body, posted.headers);
    if (answer.status == 200) {
      ++(binary_of(answer) == expected ? tally.right : tally.wrong);
    } else if ((answer.status == 429 || answer.status == 503) && answer.headers.contains("Retry-After")) {
      ++tally.busy;
    } else {
      ++tally.lost;
      return;
    }
    if (answer.headers.contains("Connection")) return;  // "close"
  }
}

TEST_F(Server, UnderMoreThanItCanDoNothingIsLostOrWrong) {
  RunningServer busy({model(), "--set", "threads=1", "--queue", "4", "--batch", "2"});
  const cv::Mat photo = noise(64, 64, 8);
  const std::string expected = bytes_of(trained_->predicted_by_program(photo));
  const Posted posted = in_binary({photo}, {"mask"});
  const int64_t before = busy.resident_kib();
  std::atomic<bool> stop = false;
  Tally tally;
  std::vector<std::thread> clients;
  for (int i = 0; i < 24; ++i) clients.emplace_back([&] { ask(busy.port(), posted, expected, stop, tally); });
  std::this_thread::sleep_for(std::chrono::seconds(3));
  stop = true;
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(tally.lost, 0);
  EXPECT_EQ(tally.wrong, 0);
  EXPECT_GT(tally.right, 0);
  EXPECT_GT(tally.busy, 0);
  EXPECT_LT(busy.resident_kib() - before, 200 * 1024);
}

TEST_F(Server, SigtermLosesNoRequestThatWasAccepted) {
  RunningServer ending({model(), "--set", "threads=1"});
  const cv::Mat photo = noise(64, 64, 9);
  const std::string expected = bytes_of(trained_->predicted_by_program(photo));
  const Posted posted = in_binary({photo}, {"mask"});
  std::atomic<bool> stop = false;
  Tally tally;
  std::vector<std::thread> clients;
  for (int i = 0; i < 8; ++i) clients.emplace_back([&] { ask(ending.port(), posted, expected, stop, tally); });
  std::this_thread::sleep_for(std::chrono::seconds(1));
  ending.stop();
  for (std::thread& client : clients) client.join();  // each was told that the connection closes
  EXPECT_EQ(ending.wait().exit_code, 0);
  EXPECT_EQ(tally.lost, 0);
  EXPECT_EQ(tally.wrong, 0);
  EXPECT_GT(tally.right, 8);
}

}  // namespace
}  // namespace sshost::serve
