import { expect, test } from "vitest";
import { noRouteMessage } from "../../../toolchain/pulumi/acquire.ts";

test("one error names each route that was tried and why it failed", () => {
  const failed = [
    { route: "what is on this machine", reason: "no CLI" },
    { route: "the official download", reason: "fetch failed" },
    { route: "package registries alone", reason: "go: exit code 1\nno such host" },
  ];
  expect(noRouteMessage(failed)).toBe(
    [
      "Pulumi 3.259.0 and its plugins could not be set up. Tried, in this order:",
      "  - what is on this machine: no CLI",
      "  - the official download: fetch failed",
      "  - package registries alone: go: exit code 1",
      "      no such host",
      "Mend any one of these and run the command again. To use an installation at another place, set PULUMI_HOME to it.",
    ].join("\n"),
  );
});
