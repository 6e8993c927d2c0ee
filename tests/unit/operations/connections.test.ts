import type { Client } from "pg";
import { describe, expect, test } from "vitest";
import { Connections } from "../../../operations/connections.ts";
import type { NodeContainer } from "../../../operations/docker.ts";

/** Counts what is asked of it; broken from the moment that its server has gone. */
class FakeClient {
  readonly queries: string[] = [];
  broken = false;
  ended = false;

  async query(text: string): Promise<void> {
    if (this.broken) throw new Error("Client was closed and is not queryable");
    this.queries.push(text);
  }

  async end(): Promise<void> {
    this.ended = true;
  }
}

const node = (name: string) => ({ name }) as NodeContainer;

function connectionsTo() {
  const opened: FakeClient[] = [];
  const open = async () => {
    const client = new FakeClient();
    opened.push(client);
    return client as unknown as Client;
  };
  return { opened, connections: new Connections(open) };
}

describe("Connections", () => {
  test("keeps a connection for the next, who finds no trace of the one before", async () => {
    const { opened, connections } = connectionsTo();
    await connections.use(node("a"), (client) => client.query("set synchronous_commit = local"));
    await connections.use(node("a"), (client) => client.query("commit"));
    expect(opened.map(({ queries }) => queries)).toEqual([["set synchronous_commit = local", "discard all", "commit"]]);
  });

  test("gives each user one of his own, and none of another node", async () => {
    const { opened, connections } = connectionsTo();
    await Promise.all(["a", "a", "b"].map((name) => connections.use(node(name), (client) => client.query(name))));
    expect(opened.map(({ queries }) => queries)).toEqual([["a"], ["a"], ["b"]]);
  });

  test("takes a failed user's connection back", async () => {
    const { opened, connections } = connectionsTo();
    const failure = connections.use(node("a"), () => Promise.reject(new Error("no such slot")));
    await expect(failure).rejects.toThrow("no such slot");
    await connections.use(node("a"), (client) => client.query("next"));
    expect(opened.map(({ queries }) => queries)).toEqual([["discard all", "next"]]);
  });

  test("ends one whose server has gone, and opens another", async () => {
    const { opened, connections } = connectionsTo();
    await connections.use(node("a"), async () => {});
    opened[0]!.broken = true;
    await connections.use(node("a"), (client) => client.query("next"));
    expect(opened.map(({ ended, queries }) => ({ ended, queries }))).toEqual([
      { ended: true, queries: [] },
      { ended: false, queries: ["next"] },
    ]);
  });

  test("ends them all with its own life", async () => {
    const { opened, connections } = connectionsTo();
    {
      await using owned = connections;
      await Promise.all(["a", "a", "b"].map((name) => owned.use(node(name), async () => {})));
    }
    expect(opened.map(({ ended }) => ended)).toEqual([true, true, true]);
  });
});
