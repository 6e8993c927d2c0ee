import { serveProvider } from "../framework/resourceProvider.ts";
import { string } from "../framework/resourceSchema.ts";
import { container } from "./container.ts";
import { useHost } from "./dockerClient.ts";
import { network } from "./network.ts";
import { remoteImage } from "./remoteImage.ts";
import { volume } from "./volume.ts";

await serveProvider({
  name: "docker",
  version: "5.2.0",
  config: { host: string() },
  configure: ({ host }) => useHost(typeof host === "string" ? host : undefined),
  resources: [network, volume, remoteImage, container],
});
