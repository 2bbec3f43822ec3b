// What the job kinds do; the table is in jobs.cpp.
#pragma once

#include "app/jobs.h"

namespace countersign {

Result<> run_import(JobContext& context);
Result<> run_draft(JobContext& context);
Result<> run_learn(JobContext& context);
Result<> run_embed(JobContext& context);
Result<> run_look(JobContext& context);
Result<> run_check(JobContext& context);
Result<> run_compare(JobContext& context);

}  // namespace countersign
