#include "bridge/boundary.h"

#include <c10/util/Exception.h>

#include <new>
#include <system_error>

namespace sshost::bridge {
namespace {

thread_local std::string slot;

// What was said, without "Exception raised from ..." and the lines that LibTorch adds for its own developers.
std::string_view first_paragraph(std::string_view text) {
  for (std::string_view end : {"\nException raised from", "\n\n"}) {
    const size_t at = text.find(end);
    if (at != std::string_view::npos) text = text.substr(0, at);
  }
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.remove_suffix(1);
  return text;
}

// LibTorch's allocators of the CPU say so in words alone: "... DefaultCPUAllocator: can't allocate memory: you tried to
// allocate 123 bytes. Error code 12 (...)", "not enough memory: you tried to allocate 123 bytes."
bool is_out_of_memory(std::string_view text) { return text.find("you tried to allocate") != std::string_view::npos; }

std::string out_of_memory(std::string_view text) {
  const size_t at = text.find("you tried to allocate ");
  text = at == std::string_view::npos ? text : text.substr(at);
  return "out of memory: " + std::string(text.substr(0, text.find('.')));
}

}  // namespace

ss_status fail(ss_status status, std::string_view message) noexcept {
  try {
    slot.assign(message.data(), message.size());
  } catch (...) {
    slot.clear();  // no memory for the text; the status still tells
  }
  return status;
}

std::string_view message() noexcept { return slot; }

ss_status fail_with_current_exception() noexcept {
  try {
    throw;
  } catch (const StatusError& error) {
    return fail(error.status(), error.what());
  } catch (const Error& error) {
    return fail(SS_INVALID_ARGUMENT, error.what());
  } catch (const c10::OutOfMemoryError& error) {
    return fail(SS_OUT_OF_MEMORY, first_paragraph(error.msg()));
  } catch (const c10::NotImplementedError& error) {
    return fail(SS_UNSUPPORTED, first_paragraph(error.msg()));
  } catch (const c10::Error& error) {
    if (is_out_of_memory(error.msg())) return fail(SS_OUT_OF_MEMORY, out_of_memory(error.msg()));
    // nearly always a check of the arguments
    return fail(SS_INVALID_ARGUMENT, first_paragraph(error.msg()));
  } catch (const std::bad_alloc&) {
    return fail(SS_OUT_OF_MEMORY, "out of memory");
  } catch (const std::system_error& error) {  // its text alone does not say of what
    const bool is_thread = error.code() == std::errc::resource_unavailable_try_again;
    return is_thread ? fail(SS_OUT_OF_MEMORY, "out of memory: a thread could not be started")
                     : fail(SS_INTERNAL, error.what());
  } catch (const std::exception& error) {
    return fail(SS_INTERNAL, error.what());
  } catch (...) {
    return fail(SS_INTERNAL, "an exception that is no std::exception");
  }
}

void check(ss_status status, std::string_view who) {
  if (status == SS_OK) return;
  std::string text(who);
  text += ": ";
  if (slot.empty()) {
    text += "failed without a message (";
    text += status_text(status);
    text += ")";
  } else {
    text += slot;
  }
  slot.clear();
  throw StatusError(status, text);
}

void throw_escaped(std::string_view who) {
  const ss_status status = fail_with_current_exception();
  std::string text(who);
  text += ": an exception left a function of the plugin, which has to give a status and host->fail instead: ";
  text += slot;
  slot.clear();
  throw StatusError(status, text);
}

std::string_view status_text(ss_status status) noexcept {
  switch (status) {
    case SS_OK:
      return "done";
    case SS_INVALID_ARGUMENT:
      return "invalid argument";
    case SS_NOT_FOUND:
      return "not found";
    case SS_UNSUPPORTED:
      return "unsupported";
    case SS_OUT_OF_MEMORY:
      return "out of memory";
    case SS_IO:
      return "input or output error";
    case SS_INTERNAL:
      return "internal error";
    case SS_TOO_SMALL:
      return "array too small";
    default:
      return "unknown status";
  }
}

}  // namespace sshost::bridge
