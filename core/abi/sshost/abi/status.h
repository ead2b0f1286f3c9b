/* Status codes, strings and the layout checks that the rest of the contract uses.
 *
 * Every function that can fail returns an ss_status. Where it is not SS_OK, no output was written and no ownership
 * moved; the message stands in the calling thread's slot of the host (see host.h: `fail` and `message`).
 *
 * Two rules of growth, which never mix:
 *   - A function *table* (an id such as "ss.ops/1") is frozen once published. A changed one gets the next number.
 *   - A *descriptor struct* begins with `uint32_t size`, set by whoever fills it to sizeof the struct it was compiled
 *     with. It grows only at its end; a reader uses a member only where SS_HAS says that the writer knew of it.
 * Structs that are elements of arrays are frozen, because their size is the array's stride. */
#ifndef SSHOST_ABI_STATUS_H
#define SSHOST_ABI_STATUS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
#define SS_STATIC_ASSERT(condition, message) static_assert(condition, message)
#else
#define SS_STATIC_ASSERT(condition, message) _Static_assert(condition, message)
#endif

/* The contract's version. A host loads a plugin of the same major version, whatever its minor version: what a plugin
 * needs beyond the first minor version is listed in its descriptor as a capability. */
#define SS_ABI_MAJOR 1
#define SS_ABI_MINOR 0

/* True where the writer of descriptor `pointer` knew of `member`. */
#define SS_HAS(type, pointer, member) ((pointer)->size >= offsetof(type, member) + sizeof(((const type*)0)->member))

typedef int32_t ss_status;
enum {
  SS_OK = 0,
  SS_INVALID_ARGUMENT = 1, /* the caller passed something that the function does not take */
  SS_NOT_FOUND = 2,        /* a name, a file or a capability that does not exist */
  SS_UNSUPPORTED = 3,      /* understood, but not possible here */
  SS_OUT_OF_MEMORY = 4,
  SS_IO = 5,       /* a file could not be read or decoded */
  SS_INTERNAL = 6, /* the callee's own fault: an exception, a broken promise */
  SS_TOO_SMALL = 7 /* the caller's array is too short; the count that is needed was written */
};

/* UTF-8 text that is not terminated by a zero. Borrowed: each function says for how long it lives. */
typedef struct ss_string {
  const char* data;
  uint64_t size;
} ss_string;

SS_STATIC_ASSERT(sizeof(void*) == 8, "the contract is defined for 64-bit machines");
SS_STATIC_ASSERT(sizeof(ss_string) == 16, "ss_string is frozen");

#endif
