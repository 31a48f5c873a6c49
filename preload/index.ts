/*
 * Loaded before the program (`nodeargs` of Pulumi.yaml): what Pulumi's SDK and V8 do for any program, and this one does not
 * need. docs/performance.md has the figures.
 */
import "./stack-trace-limit";
import "./deferred-modules";
import "./heap-growth";
