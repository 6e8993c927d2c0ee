import { describe, expect, test } from "vitest";
import { connectionString } from "../../components/connectionString.ts";
import { clusterPlan, logicalPlan, node, threeNodes } from "./support/clusterPlan.ts";

const url = (change: Parameters<typeof clusterPlan>[0] = {}, password = "secret", caFile = "/project/ca.crt") =>
  connectionString(clusterPlan(change), password, caFile, "read-write");

describe("a connection string", () => {
  test("names every node, the primary first, and asks for TLS with a verified name", () => {
    expect(url({ primary: "pg-2" })).toBe(
      "postgresql://app:secret@127.0.0.1:5443,127.0.0.1:5442,127.0.0.1:5444/app?target_session_attrs=read-write&sslmode=verify-full&sslrootcert=%2Fproject%2Fca.crt",
    );
  });

  test("for reading prefers a standby", () => {
    expect(connectionString(clusterPlan(), "secret", "/ca.crt", "prefer-standby")).toContain(
      "?target_session_attrs=prefer-standby&",
    );
  });

  test("in logical mode names the publisher alone for writing, the subscribers for reading", () => {
    const plan = logicalPlan();
    expect(connectionString(plan, "secret", "/ca.crt", "read-write")).toBe(
      "postgresql://app:secret@127.0.0.1:5442/app?target_session_attrs=read-write&sslmode=verify-full&sslrootcert=%2Fca.crt",
    );
    expect(connectionString(plan, "secret", "/ca.crt", "prefer-standby")).toBe(
      "postgresql://app:secret@127.0.0.1:5443,127.0.0.1:5444/app?target_session_attrs=any&options=-c%20default_transaction_read_only%3Don&sslmode=verify-full&sslrootcert=%2Fca.crt",
    );
  });

  test.each([
    ["an IPv6 address stands in brackets", { publishAddress: "2001:db8::1" }, /@\[2001:db8::1\]:5442,/],
    ["of a wildcard, loopback", { publishAddress: "0.0.0.0" }, /@127\.0\.0\.1:5442,/],
    ["of an IPv6 wildcard, loopback", { publishAddress: "::" }, /@\[::1\]:5442,/],
  ])("%s", (_, change, expected) => {
    expect(url(change)).toMatch(expected);
  });

  test("escapes what has a meaning in a URI", () => {
    const text = url({}, "p@ss/w:rd?#%&=[ü", "/home/a b/+c&d/ca.crt");
    expect(text).toContain("://app:p%40ss%2Fw%3Ard%3F%23%25%26%3D%5B%C3%BC@127.0.0.1");
    // libpq does not read "+" as a space.
    expect(text).toContain("sslrootcert=%2Fhome%2Fa%20b%2F%2Bc%26d%2Fca.crt");
    expect(text.split("?")[1]!.split("&")).toHaveLength(3);
  });

  test("can be read back with the password as it was", () => {
    const single = url({ mode: "async", nodes: threeNodes.slice(0, 1) }, "p@ss w:rd");
    const { username, password, pathname, searchParams } = new URL(single);
    expect([username, decodeURIComponent(password), pathname]).toEqual(["app", "p@ss w:rd", "/app"]);
    expect(searchParams.get("sslrootcert")).toBe("/project/ca.crt");
  });

  test("keeps the order of the config among the standbys", () => {
    const nodes = [node("c", 3), node("a", 1), node("b", 2)];
    expect(url({ nodes, primary: "a" })).toContain("@127.0.0.1:1,127.0.0.1:3,127.0.0.1:2/");
  });
});
