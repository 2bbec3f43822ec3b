// The ways to models that are asked elsewhere: for each what its drafters share, its secrets, what
// it has cost and the answers that were paid for.
//
// Secrets are sealed by the key in DATA_DIR/secret.key, which is made when it is first needed and
// is neither in the database nor in a backup of it. Nobody gets a secret back: what is told is that
// one is set, its last four characters and since when.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/guarded.h"
#include "base/ids.h"
#include "base/result.h"
#include "models/connector.h"

namespace countersign {

struct World;

class Connectors {
public:
    /// What a model is opened with; may outlive the call as long as `world` lives.
    Outside outside(World& world, Id model);
    /// Refuses an empty value, one over 4,096 bytes, and one with control characters.
    Result<> set_secret(World& world, Id model, const std::string& name, const std::string& value);
    /// False when there was none.
    bool remove_secret(World& world, Id model, const std::string& name);

    Pause pause = real_pause();                   ///< How retries and limits wait.
    std::map<std::string, std::string> programs;  ///< That models may be asked of, by name.

private:
    const std::string& sealing_key(const std::string& data_dir);
    std::string secret(World& world, Id model, std::string_view name);
    /// Forgets that the server was failing.
    void fresh_start(Id model);

    Guarded<std::map<Id, std::shared_ptr<ConnectorState>>> states_;
    Guarded<std::map<std::string, std::string>> keys_;  ///< By data folder.
};

struct SecretView {
    std::string name, tail;
    Millis changed = 0;
};
std::vector<SecretView> secrets_of(World& world, Id model);
Usage spent_by(World& world, Id model);

}  // namespace countersign
