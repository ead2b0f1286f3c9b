#include "report/report.h"

#include <cerrno>
#include <fstream>
#include <system_error>

#include "error.h"
#include "report/html.h"
#include "report/page.h"
#include "report/sections.h"

namespace sshost::report {

std::string to_html(const Report& report) {
  std::string page =
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width, initial-scale=1\"><title>" +
      escape(report.title) + " · sshost</title><style>";
  page += page_style();
  page += "</style></head><body><main>\n" + headline_section(report) + "\n";
  if (report.history) page += training_section(*report.history) + "\n";
  if (report.scores) page += scores_section(*report.scores) + "\n";
  page += images_section(report) + "\n<h2>Details</h2>\n" + pipeline_section(report.pipeline) + "\n" +
          environment_section(report) + "\n</main><script>";
  page += page_script();
  return page + "</script></body></html>\n";
}

void write_report(const std::filesystem::path& path, const Report& report) {
  std::filesystem::path temporary = path;
  temporary += ".partial";
  const std::string html = to_html(report);
  std::ofstream out(temporary, std::ios::binary);
  out.write(html.data(), static_cast<std::streamsize>(html.size()));
  out.close();
  std::error_code error(out ? 0 : errno, std::generic_category());
  if (!error) std::filesystem::rename(temporary, path, error);
  if (!error) return;
  std::error_code ignored;
  std::filesystem::remove(temporary, ignored);
  throw Error(path.string() + ": the report cannot be written: " + error.message());
}

}  // namespace sshost::report
