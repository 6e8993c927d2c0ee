import { serveProvider } from "../framework/resourceProvider.ts";
import { certRequest } from "./certRequest.ts";
import { locallySignedCert } from "./locallySignedCert.ts";
import { privateKey } from "./privateKey.ts";
import { selfSignedCert } from "./selfSignedCert.ts";

await serveProvider({
  name: "tls",
  version: "5.6.1",
  config: {},
  resources: [privateKey, certRequest, selfSignedCert, locallySignedCert],
});
