// The use cases that routes call, handed down from main.cpp.
#pragma once

#include "app/assist.h"
#include "app/batch.h"
#include "app/desk.h"
#include "app/drafting.h"
#include "app/exports.h"
#include "app/gold.h"
#include "app/hearing.h"
#include "app/imports.h"
#include "app/inspector.h"
#include "app/jobs.h"
#include "app/lists.h"
#include "app/live.h"
#include "app/notifications.h"
#include "app/people.h"
#include "app/projects.h"
#include "app/similar.h"
#include "app/team.h"
#include "app/webhooks.h"
#include "app/world.h"

namespace countersign {

struct Services {
    World& world;
    People& people;
    Projects& projects;
    Desk& desk;
    Lists& lists;
    Batches& batches;
    Assist& assist;
    Hearing& hearing;
    Team& team;
    Notifications& notifications;
    Live& live;
    Jobs& jobs;
    Imports& imports;
    Exports& exports;
    Drafting& drafting;
    Webhooks& webhooks;
    GoldTasks& gold;
    Similar& similar;
    Inspector& inspector;
};

}  // namespace countersign
