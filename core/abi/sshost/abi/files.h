/* Image files in folders: what is one, and which a pattern finds. Capability "ss.files/1".
 *
 * One rule for every data set and for what is predicted:
 *   - '*' stands for any text without '/', '**' as a whole part of the path for any number of folders, {a,b} for one of
 *     the texts between the commas;
 *   - names are compared, and given, with each letter and its accents as one character (Unicode's NFC), in whatever form
 *     the file system stores them;
 *   - the ending of a file's name is compared without regard to capital letters;
 *   - a pattern that names a folder stands for the images in it;
 *   - a pattern that ends with '*' or '.*' finds images of every format that the host decodes, and only these;
 *   - what a star stands for never begins with a dot: hidden files, and what macOS puts beside a file ("._a.jpg");
 *   - links are followed, also those to folders, but never into a folder that the way leads through already, and by
 *     four ways into one folder at most: the others count as links that lead back.
 * Threads: every function may be called on any thread. */
#ifndef SSHOST_ABI_FILES_H
#define SSHOST_ABI_FILES_H

#include "status.h"

#define SS_FILES_1 "ss.files/1"

typedef int32_t ss_file_kind;
enum {
  SS_FILE_FOUND = 0,       /* the pattern matches; a regular file, or a link to one */
  SS_FILE_IMAGE = 1,       /* an image beside those that were found, which the pattern does not match */
  SS_FILE_OTHER = 2,       /* no image, by its ending, or no file */
  SS_FILE_HIDDEN = 3,      /* a file or a folder whose name begins with a dot */
  SS_FILE_BROKEN_LINK = 4, /* a link that leads nowhere */
  SS_FILE_LOOP = 5,        /* a link back to a folder on the way to it */
  SS_FILE_UNREADABLE = 6   /* a folder that cannot be opened */
};

/* Called for each file; a status other than SS_OK ends the search, which returns it. */
typedef struct ss_file_sink {
  void* self;
  /* `name`: what the stars of the pattern stood for, joined with '/'; without the ending where the pattern leaves it
   * open. Empty for what was not found. The strings live until it returns. */
  ss_status (*file)(void* self, ss_file_kind kind, ss_string path, ss_string name);
} ss_file_sink;

typedef struct ss_files_table {
  /* The files below the folder `root` that match `pattern`, sorted by path, and what was passed over beside them. A
   * folder that is not there holds nothing. SS_INVALID_ARGUMENT for braces that are not closed, or hold no comma. */
  ss_status (*find)(ss_string root, ss_string pattern, const ss_file_sink* sink);

  /* For messages: "links that lead nowhere". Lives as long as the process. */
  ss_string (*words)(ss_file_kind kind);
} ss_files_table;

SS_STATIC_ASSERT(sizeof(ss_file_sink) == 2 * sizeof(void*), "ss_file_sink is frozen");
SS_STATIC_ASSERT(sizeof(ss_files_table) == 2 * sizeof(void*), "ss.files/1 is frozen");

#endif
