#include "onnx/model_file.h"

#include <ATen/core/Tensor.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <onnx_schema/onnx.pb.h>

#include <exception>
#include <string_view>

#include "base/error.h"
#include "file/atomic_file.h"
#include "onnx/data_type.h"

namespace sshost::onnx {
namespace {

constexpr uint64_t kAlignment = 4096;  // of external data, so that it can be mapped
constexpr int64_t kSmallest = 1024;    // bytes of a tensor that goes outside

std::string_view bytes_of(const at::Tensor& data) {
  return {static_cast<const char*>(data.const_data_ptr()), data.nbytes()};
}

uint64_t aligned(uint64_t offset) { return (offset + kAlignment - 1) / kAlignment * kAlignment; }

bool goes_outside(const Initializer& initializer) {
  return static_cast<int64_t>(initializer.data.nbytes()) >= kSmallest;
}

uint64_t bytes_inside(const Graph& graph) {
  uint64_t bytes = 0;
  for (const Initializer& initializer : graph.initializers()) bytes += initializer.data.nbytes();
  return bytes;
}

struct AttributeWriter {
  schema::AttributeProto& attribute;
  void operator()(int64_t value) const {
    attribute.set_type(schema::AttributeProto::INT);
    attribute.set_i(value);
  }
  void operator()(double value) const {
    attribute.set_type(schema::AttributeProto::FLOAT);
    attribute.set_f(static_cast<float>(value));
  }
  void operator()(const std::string& value) const {
    attribute.set_type(schema::AttributeProto::STRING);
    attribute.set_s(value);
  }
  void operator()(const std::vector<int64_t>& values) const {
    attribute.set_type(schema::AttributeProto::INTS);
    for (const int64_t value : values) attribute.add_ints(value);
  }
};

void add_node(const Node& node, schema::GraphProto& graph) {
  schema::NodeProto& proto = *graph.add_node();
  proto.set_name(node.name);
  proto.set_op_type(node.op);
  for (const std::string& input : node.inputs) proto.add_input(input);
  for (const std::string& output : node.outputs) proto.add_output(output);
  for (const auto& [name, value] : node.attributes) {
    schema::AttributeProto& attribute = *proto.add_attribute();
    attribute.set_name(name);
    std::visit(AttributeWriter{attribute}, value);
  }
}

void write_port(const Port& port, schema::ValueInfoProto& info) {
  info.set_name(port.name);
  schema::TypeProto::Tensor& type = *info.mutable_type()->mutable_tensor_type();
  type.set_elem_type(static_cast<int32_t>(data_type_of(port.dtype)));
  for (const Dimension& dimension : port.dimensions) {
    schema::TensorShapeProto::Dimension& proto = *type.mutable_shape()->add_dim();
    if (const auto* size = std::get_if<int64_t>(&dimension)) {
      proto.set_dim_value(*size);
    } else {
      proto.set_dim_param(std::get<std::string>(dimension));
    }
  }
}

void add_entry(schema::StringStringEntryProto& entry, const std::string& key, const std::string& value) {
  entry.set_key(key);
  entry.set_value(value);
}

// Where the tensors lie outside of the model's file; nowhere without a file.
class External {
 public:
  External(std::filesystem::path path, const Graph& graph) : path_(std::move(path)), file_(path_, bytes_of(graph)) {}

  void add(const at::Tensor& data, schema::TensorProto& proto) {
    const std::string gap(aligned(offset_) - offset_, '\0');
    file_.write(gap);
    offset_ += gap.size();
    proto.set_data_location(schema::TensorProto::EXTERNAL);
    add_entry(*proto.add_external_data(), "location", path_.filename().string());
    add_entry(*proto.add_external_data(), "offset", std::to_string(offset_));
    add_entry(*proto.add_external_data(), "length", std::to_string(data.nbytes()));
    file_.write(onnx::bytes_of(data));
    offset_ += data.nbytes();
  }

  void commit() { file_.commit(); }

 private:
  static uint64_t bytes_of(const Graph& graph) {
    uint64_t bytes = 0;
    for (const Initializer& initializer : graph.initializers()) {
      if (goes_outside(initializer)) bytes = aligned(bytes) + initializer.data.nbytes();
    }
    return bytes;
  }

  std::filesystem::path path_;
  file::AtomicFile file_;
  uint64_t offset_ = 0;
};

void add_initializer(const Initializer& initializer, External* external, schema::GraphProto& graph) {
  schema::TensorProto& proto = *graph.add_initializer();
  proto.set_name(initializer.name);
  proto.set_data_type(static_cast<int32_t>(data_type_of(initializer.data.scalar_type())));
  for (const int64_t size : initializer.data.sizes()) proto.add_dims(size);
  if (external != nullptr && goes_outside(initializer)) return external->add(initializer.data, proto);
  const std::string_view bytes = bytes_of(initializer.data);
  proto.set_raw_data(bytes.data(), bytes.size());
}

schema::ModelProto model_of(const Graph& graph, const Producer& producer, External* external) {
  schema::ModelProto model;
  model.set_ir_version(Graph::kFormat);
  model.set_producer_name("sshost");
  model.set_producer_version(producer.version);
  schema::OperatorSetIdProto& operators = *model.add_opset_import();
  operators.set_domain("");
  operators.set_version(Graph::kOperatorSet);
  for (const auto& [key, value] : producer.metadata) add_entry(*model.add_metadata_props(), key, value);
  schema::GraphProto& proto = *model.mutable_graph();
  proto.set_name(producer.name);
  write_port(graph.input(), *proto.add_input());
  write_port(graph.output(), *proto.add_output());
  for (const Node& node : graph.nodes()) add_node(node, proto);
  for (const Initializer& initializer : graph.initializers()) add_initializer(initializer, external, proto);
  return model;
}

// Protocol Buffers catches nothing: what a write throws is kept for later.
class FileStream final : public google::protobuf::io::CopyingOutputStream {
 public:
  explicit FileStream(file::AtomicFile& file) : file_(file) {}

  bool Write(const void* data, int size) override {
    try {
      file_.write({static_cast<const char*>(data), static_cast<size_t>(size)});
    } catch (...) {
      failure_ = std::current_exception();
    }
    return failure_ == nullptr;
  }

  void rethrow() const {
    if (failure_ != nullptr) std::rethrow_exception(failure_);
  }

 private:
  file::AtomicFile& file_;
  std::exception_ptr failure_;
};

void write(const std::filesystem::path& path, const schema::ModelProto& model) {
  file::AtomicFile file(path, model.ByteSizeLong());
  FileStream stream(file);
  bool is_written = false;
  {
    google::protobuf::io::CopyingOutputStreamAdaptor adaptor(&stream);
    is_written = model.SerializeToZeroCopyStream(&adaptor) && adaptor.Flush();
  }
  stream.rethrow();
  if (!is_written) throw Error("cannot write " + path.string() + ": the graph is too large for one message");
  file.commit();
}

}  // namespace

void write_model(const std::filesystem::path& path, const Graph& graph, const Producer& producer,
                 uint64_t most_inside) {
  if (bytes_inside(graph) <= most_inside) return write(path, model_of(graph, producer, nullptr));
  std::filesystem::path data = path;
  data += ".data";
  External external(data, graph);
  const schema::ModelProto model = model_of(graph, producer, &external);
  external.commit();
  write(path, model);
}

}  // namespace sshost::onnx
