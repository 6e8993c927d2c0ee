// The first thing in the program's process, named by `nodeargs` in Pulumi.yaml, so that it is the same under plain `pulumi up`.
import { enableCompileCache } from "node:module";
import { join } from "node:path";

// Compiled code is kept between runs: without it the SDK and the program are compiled, and types stripped, anew each time. Inside
// node_modules, whose life it shares; a cache that the caller has chosen (NODE_COMPILE_CACHE) wins.
enableCompileCache(
  process.env.NODE_COMPILE_CACHE ?? join(import.meta.dirname, "..", "node_modules", ".cache", "node-compile"),
);
