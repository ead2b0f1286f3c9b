#include "checkpoint/pickle_reader.h"

#include <array>
#include <bit>
#include <charconv>
#include <unordered_map>
#include <utility>

#include "base/error.h"
#include "checkpoint/pickle_globals.h"

namespace sshost::checkpoint {
namespace {

using Kind = PickleValue::Kind;

constexpr uint64_t kMemoEntryBytes = 64;
constexpr uint64_t kStackEntryBytes = 3 * sizeof(PickleRef);

// The machine that a pickle is written for: a stack, a memo, one byte of instruction followed by its operands. The
// instructions are those of Python's pickletools, whose names stand beside their codes below.
class Machine {
 public:
  Machine(PickleCursor& cursor, PickleHeap& heap) : cursor_(cursor), heap_(heap) {}

  PickleRef run() {
    for (uint8_t code = cursor_.byte(); code != '.'; code = cursor_.byte()) {  // STOP
      const Instruction instruction = kInstructions[code];
      if (instruction == nullptr) cursor_.fail("instruction " + std::to_string(code) + ", which no checkpoint uses,");
      instruction(*this);
    }
    return pop();
  }

 private:
  using Instruction = void (*)(Machine&);
  using Table = std::array<Instruction, 256>;

  // ---- stack
  void push(PickleRef value) {
    heap_.charge(kStackEntryBytes);
    stack_.push_back(value);
  }
  void push_new(PickleValue value) { push(heap_.add(std::move(value))); }
  size_t floor() const { return marks_.empty() ? 0 : marks_.back(); }
  PickleRef pop() {
    const PickleRef value = top();
    stack_.pop_back();
    return value;
  }
  PickleRef top() const {
    if (stack_.size() <= floor()) cursor_.fail("an empty stack");
    return stack_.back();
  }
  // What was pushed since the last mark, and the mark.
  std::vector<PickleRef> pop_to_mark() {
    if (marks_.empty()) cursor_.fail("a missing mark");
    std::vector<PickleRef> values(stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back()), stack_.end());
    stack_.resize(marks_.back());
    marks_.pop_back();
    return values;
  }
  void mark() {
    heap_.charge(sizeof(size_t) * 3);
    marks_.push_back(stack_.size());
  }
  void pop_value_or_mark() {
    if (stack_.size() > floor()) {
      stack_.pop_back();
    } else {
      pop_to_mark();
    }
  }

  // ---- memo
  void put(uint64_t index) {
    const PickleRef value = top();
    if (memo_.insert_or_assign(index, value).second) heap_.charge(kMemoEntryBytes);
  }
  void get(uint64_t index) {
    const auto found = memo_.find(index);
    if (found == memo_.end()) cursor_.fail("a value that was not kept");
    push(found->second);
  }

  // ---- values
  void push_integer(int64_t value) { push_new({.kind = Kind::integer, .integer = value}); }
  void push_boolean(bool value) { push_new({.kind = Kind::boolean, .integer = value}); }
  void push_text(Kind kind, uint64_t bytes) { push_new({.kind = kind, .text = checked_bytes(bytes)}); }
  std::string checked_bytes(uint64_t count) {
    if (count <= cursor_.remaining()) heap_.charge(count);  // before the memory is taken; the cursor refuses the rest
    return cursor_.bytes(count);
  }
  std::string checked_line() {
    std::string line = cursor_.line();
    heap_.charge(line.size());
    return line;
  }
  uint64_t decimal_index() {
    const std::string line = cursor_.line();
    uint64_t value = 0;
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), value);
    if (error != std::errc() || end != line.data() + line.size()) cursor_.fail("a number that is none");
    return value;
  }
  // "12", "12L", and "00" and "01" for False and True.
  void push_decimal() {
    std::string line = checked_line();
    if (line == "00" || line == "01") return push_boolean(line == "01");
    if (line.ends_with('L')) line.pop_back();
    int64_t value = 0;
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), value);
    if (error == std::errc() && end == line.data() + line.size()) return push_integer(value);
    push_new({.kind = Kind::text, .text = std::move(line)});
  }
  // Two's complement, little endian, of any length.
  void push_long(uint64_t bytes) {
    const std::string text = checked_bytes(bytes);
    if (bytes > 8) return push_new({.kind = Kind::big, .text = text});
    uint64_t value = 0;
    for (size_t i = 0; i < text.size(); ++i) value |= static_cast<uint64_t>(static_cast<uint8_t>(text[i])) << 8 * i;
    const unsigned unused = 64 - 8 * static_cast<unsigned>(bytes);
    if (bytes > 0) value = static_cast<uint64_t>(static_cast<int64_t>(value << unused) >> unused);
    push_integer(static_cast<int64_t>(value));
  }
  void push_real(double value) { push_new({.kind = Kind::number, .real = value}); }
  void push_quoted() {
    std::string line = checked_line();
    const bool quoted = line.size() >= 2 && line.front() == line.back() && (line[0] == '\'' || line[0] == '"');
    if (!quoted) cursor_.fail("a text without quotes");
    push_new({.kind = Kind::text, .text = line.substr(1, line.size() - 2)});
  }

  // ---- containers
  void push_items(Kind kind, std::vector<PickleRef> items) { push_new({.kind = kind, .items = std::move(items)}); }
  void push_tuple(size_t count) {
    std::vector<PickleRef> items(count);
    for (size_t i = count; i-- > 0;) items[i] = pop();
    push_items(Kind::tuple, std::move(items));
  }
  void append(const std::vector<PickleRef>& items) {
    const PickleRef target = top();
    if (heap_.at(target).kind != Kind::list) return;  // of an object that stands for something else
    for (const PickleRef item : items) heap_.append(target, item);
  }
  void set_items(const std::vector<PickleRef>& pairs) {
    const PickleRef target = top();
    const Kind kind = heap_.at(target).kind;
    if (pairs.size() % 2 != 0 || (kind != Kind::dict && kind != Kind::object)) cursor_.fail("pairs without a map");
    for (const PickleRef item : pairs) heap_.append(target, item);
  }
  void push_dict_to_mark() {
    std::vector<PickleRef> items = pop_to_mark();
    if (items.size() % 2 != 0) cursor_.fail("a key without a value");
    push_items(Kind::dict, std::move(items));
  }

  // ---- globals and objects
  void push_global(const std::string& module, const std::string& name) {
    if (is_hostile_global(module, name)) refuse_call(module + "." + name);
    heap_.charge(module.size() + 1 + name.size());
    push_new({.kind = Kind::global, .integer = static_cast<int64_t>(module.size()), .text = module + "." + name});
  }
  [[noreturn]] void refuse_call(const std::string& global) const {
    cursor_.fail("a call of " + global + ", which belongs in no checkpoint and was not made,");
  }
  void push_global_line() {
    const std::string module = cursor_.line();
    push_global(module, cursor_.line());
  }
  void push_stack_global() {
    const PickleValue name = heap_.at(pop());
    const PickleValue module = heap_.at(pop());
    if (name.kind != Kind::text || module.kind != Kind::text) cursor_.fail("a name that is no text");
    push_global(module.text, name.text);
  }
  // getattr of a class is the name of what it holds; of anything else it stays a call that is not made.
  void push_attribute(const std::string& getattr, PickleRef callable, PickleRef arguments) {
    const PickleValue& tuple = heap_.at(arguments);
    if (tuple.kind != Kind::tuple || tuple.items.size() != 2) refuse_call(getattr);
    const PickleValue& owner = heap_.at(tuple.items[0]);
    const PickleValue& name = heap_.at(tuple.items[1]);
    const bool is_hidden = name.text.find("__") != std::string::npos;  // __globals__, __subclasses__
    if (name.kind != Kind::text || is_hidden) refuse_call(getattr);
    if (owner.kind != Kind::global)
      return push_new({.kind = Kind::object, .callable = callable, .arguments = arguments});
    const auto module = static_cast<size_t>(owner.integer);
    push_global(owner.text.substr(0, module), owner.text.substr(module + 1) + "." + name.text);
  }
  void push_object(PickleRef callable, PickleRef arguments) {
    const PickleValue& called = heap_.at(callable);
    if (called.kind == Kind::global && is_getattr(called.text)) return push_attribute(called.text, callable, arguments);
    push_new({.kind = Kind::object, .callable = callable, .arguments = arguments});
  }
  void call() {
    const PickleRef arguments = pop();
    push_object(pop(), arguments);
  }
  void call_with_keywords() {
    pop();  // the keywords
    call();
  }
  void call_to_mark(bool names_class) {
    if (names_class) push_global_line_below_mark();
    std::vector<PickleRef> items = pop_to_mark();
    if (items.empty()) cursor_.fail("an object without a class");
    const PickleRef callable = items.front();
    items.erase(items.begin());
    push_object(callable, heap_.add({.kind = Kind::tuple, .items = std::move(items)}));
  }
  void push_global_line_below_mark() {
    if (marks_.empty()) cursor_.fail("a missing mark");
    push_global_line();
    const PickleRef callable = pop();
    stack_.insert(stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back()), callable);
  }
  void build() {
    const PickleRef state = pop();
    PickleValue& target = heap_.at(top());
    if (target.kind == Kind::object && target.state == PickleHeap::kNone) target.state = state;
  }
  void push_persistent(PickleRef identifier) { push_new({.kind = Kind::persistent, .arguments = identifier}); }

  static constexpr Table make_table();
  static const Table kInstructions;

  PickleCursor& cursor_;
  PickleHeap& heap_;
  std::vector<PickleRef> stack_;
  std::vector<size_t> marks_;
  std::unordered_map<uint64_t, PickleRef> memo_;
};

// One line for each instruction: longer than other functions, and nothing but a table.
constexpr Machine::Table Machine::make_table() {
  Table table{};
  table[0x80] = [](Machine& m) { m.cursor_.byte(); };                                                 // PROTO
  table[0x95] = [](Machine& m) { m.cursor_.little_endian(8); };                                       // FRAME
  table['('] = [](Machine& m) { m.mark(); };                                                          // MARK
  table['0'] = [](Machine& m) { m.pop_value_or_mark(); };                                             // POP
  table['1'] = [](Machine& m) { m.pop_to_mark(); };                                                   // POP_MARK
  table['2'] = [](Machine& m) { m.push(m.top()); };                                                   // DUP
  table['N'] = [](Machine& m) { m.push(PickleHeap::kNone); };                                         // NONE
  table[0x88] = [](Machine& m) { m.push_boolean(true); };                                             // NEWTRUE
  table[0x89] = [](Machine& m) { m.push_boolean(false); };                                            // NEWFALSE
  table['I'] = [](Machine& m) { m.push_decimal(); };                                                  // INT
  table['L'] = [](Machine& m) { m.push_decimal(); };                                                  // LONG
  table['K'] = [](Machine& m) { m.push_integer(m.cursor_.byte()); };                                  // BININT1
  table['M'] = [](Machine& m) { m.push_integer(static_cast<int64_t>(m.cursor_.little_endian(2))); };  // BININT2
  table['J'] = [](Machine& m) { m.push_integer(static_cast<int32_t>(m.cursor_.little_endian(4))); };  // BININT
  table[0x8a] = [](Machine& m) { m.push_long(m.cursor_.byte()); };                                    // LONG1
  table[0x8b] = [](Machine& m) { m.push_long(m.cursor_.little_endian(4)); };                          // LONG4
  table['F'] = [](Machine& m) { m.push_new({.kind = Kind::text, .text = m.checked_line()}); };        // FLOAT
  table['G'] = [](Machine& m) { m.push_real(std::bit_cast<double>(__builtin_bswap64(m.cursor_.little_endian(8)))); };
  table['S'] = [](Machine& m) { m.push_quoted(); };                                             // STRING
  table['V'] = [](Machine& m) { m.push_new({.kind = Kind::text, .text = m.checked_line()}); };  // UNICODE
  table['U'] = [](Machine& m) { m.push_text(Kind::text, m.cursor_.byte()); };                   // SHORT_BINSTRING
  table['T'] = [](Machine& m) { m.push_text(Kind::text, m.cursor_.little_endian(4)); };         // BINSTRING
  table[0x8c] = [](Machine& m) { m.push_text(Kind::text, m.cursor_.byte()); };                  // SHORT_BINUNICODE
  table['X'] = [](Machine& m) { m.push_text(Kind::text, m.cursor_.little_endian(4)); };         // BINUNICODE
  table[0x8d] = [](Machine& m) { m.push_text(Kind::text, m.cursor_.little_endian(8)); };        // BINUNICODE8
  table['C'] = [](Machine& m) { m.push_text(Kind::bytes, m.cursor_.byte()); };                  // SHORT_BINBYTES
  table['B'] = [](Machine& m) { m.push_text(Kind::bytes, m.cursor_.little_endian(4)); };        // BINBYTES
  table[0x8e] = [](Machine& m) { m.push_text(Kind::bytes, m.cursor_.little_endian(8)); };       // BINBYTES8
  table[0x96] = [](Machine& m) { m.push_text(Kind::bytes, m.cursor_.little_endian(8)); };       // BYTEARRAY8
  table[')'] = [](Machine& m) { m.push_items(Kind::tuple, {}); };                               // EMPTY_TUPLE
  table[0x85] = [](Machine& m) { m.push_tuple(1); };                                            // TUPLE1
  table[0x86] = [](Machine& m) { m.push_tuple(2); };                                            // TUPLE2
  table[0x87] = [](Machine& m) { m.push_tuple(3); };                                            // TUPLE3
  table['t'] = [](Machine& m) { m.push_items(Kind::tuple, m.pop_to_mark()); };                  // TUPLE
  table[']'] = [](Machine& m) { m.push_items(Kind::list, {}); };                                // EMPTY_LIST
  table['l'] = [](Machine& m) { m.push_items(Kind::list, m.pop_to_mark()); };                   // LIST
  table[0x8f] = [](Machine& m) { m.push_items(Kind::list, {}); };                               // EMPTY_SET
  table[0x91] = [](Machine& m) { m.push_items(Kind::list, m.pop_to_mark()); };                  // FROZENSET
  table['a'] = [](Machine& m) {
    const PickleRef item = m.pop();
    m.append({item});
  };                                                              // APPEND
  table['e'] = [](Machine& m) { m.append(m.pop_to_mark()); };     // APPENDS
  table[0x90] = [](Machine& m) { m.append(m.pop_to_mark()); };    // ADDITEMS
  table['}'] = [](Machine& m) { m.push_items(Kind::dict, {}); };  // EMPTY_DICT
  table['d'] = [](Machine& m) { m.push_dict_to_mark(); };         // DICT
  table['s'] = [](Machine& m) {
    const PickleRef value = m.pop(), key = m.pop();
    m.set_items({key, value});
  };
  table['u'] = [](Machine& m) { m.set_items(m.pop_to_mark()); };  // SETITEMS
  table['c'] = [](Machine& m) { m.push_global_line(); };          // GLOBAL
  table[0x93] = [](Machine& m) { m.push_stack_global(); };        // STACK_GLOBAL
  table['R'] = [](Machine& m) { m.call(); };                      // REDUCE
  table[0x81] = [](Machine& m) { m.call(); };                     // NEWOBJ
  table[0x92] = [](Machine& m) { m.call_with_keywords(); };       // NEWOBJ_EX
  table['o'] = [](Machine& m) { m.call_to_mark(false); };         // OBJ
  table['i'] = [](Machine& m) { m.call_to_mark(true); };          // INST
  table['b'] = [](Machine& m) { m.build(); };                     // BUILD
  table['P'] = [](Machine& m) {                                   // PERSID
    m.push_persistent(m.heap_.add({.kind = Kind::text, .text = m.checked_line()}));
  };
  table['Q'] = [](Machine& m) { m.push_persistent(m.pop()); };         // BINPERSID
  table['p'] = [](Machine& m) { m.put(m.decimal_index()); };           // PUT
  table['q'] = [](Machine& m) { m.put(m.cursor_.byte()); };            // BINPUT
  table['r'] = [](Machine& m) { m.put(m.cursor_.little_endian(4)); };  // LONG_BINPUT
  table[0x94] = [](Machine& m) { m.put(m.memo_.size()); };             // MEMOIZE
  table['g'] = [](Machine& m) { m.get(m.decimal_index()); };           // GET
  table['h'] = [](Machine& m) { m.get(m.cursor_.byte()); };            // BINGET
  table['j'] = [](Machine& m) { m.get(m.cursor_.little_endian(4)); };  // LONG_BINGET
  return table;
}

constexpr Machine::Table Machine::kInstructions = Machine::make_table();

}  // namespace

PickleRef read_pickle(PickleCursor& cursor, PickleHeap& heap) { return Machine(cursor, heap).run(); }

}  // namespace sshost::checkpoint
