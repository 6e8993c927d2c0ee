import { serveProvider } from "../framework/resourceProvider.ts";
import { randomPassword } from "./randomPassword.ts";

await serveProvider({ name: "random", version: "4.21.2", config: {}, resources: [randomPassword] });
