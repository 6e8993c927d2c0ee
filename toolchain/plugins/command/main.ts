import { serveProvider } from "../framework/resourceProvider.ts";
import { localCommand } from "./localCommand.ts";

await serveProvider({ name: "command", version: "1.2.1", config: {}, resources: [localCommand] });
