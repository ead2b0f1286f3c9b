#ifndef SSHOST_REPORT_SECTIONS_H
#define SSHOST_REPORT_SECTIONS_H

#include <string>

#include "report/report.h"

namespace sshost::report {

// The parts of the page, each of them empty where the report has nothing to show there.
std::string headline_section(const Report& report);
std::string training_section(const TrainingHistory& history);
std::string scores_section(const Scores& scores);
std::string frequencies_section(const Report& report);
std::string images_section(const Report& report);
std::string pipeline_section(const std::string& yaml);
std::string environment_section(const Report& report);

}  // namespace sshost::report

#endif  // SSHOST_REPORT_SECTIONS_H
