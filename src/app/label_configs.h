// Label Studio's labelling configurations, for the API: they need no state of the program.
#pragma once

#include "formats/label_config.h"
