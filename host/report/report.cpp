#include "report/report.h"

#include "report/confusion.h"
#include "report/page.h"
#include "report/sections.h"

namespace sshost::report {

std::string to_html(const Report& report) {
  std::string body = headline_section(report) + "\n";
  if (report.history) body += training_section(*report.history) + "\n";
  if (report.scores) body += scores_section(*report.scores) + "\n" + confusion_section(*report.scores) + "\n";
  body += frequencies_section(report) + "\n" + images_section(report) + "\n<h2>Details</h2>\n" +
          pipeline_section(report.pipeline) + "\n" + environment_section(report) + "\n";
  return whole_page(report.title, body);
}

void write_report(const std::filesystem::path& path, const Report& report) { write_page(path, to_html(report)); }

}  // namespace sshost::report
