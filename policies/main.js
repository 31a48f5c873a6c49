/* global require */
// The SDK is plain JavaScript: loaded before tsx hooks in, it starts in half the time.
require("@pulumi/policy");
require("tsx/cjs");
require("./pack");
