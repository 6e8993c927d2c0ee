/** The faults that a drill can make. */
export const scenarioNames = ["kill", "stop", "pause", "network", "switchover", "replica-loss"] as const;

export type ScenarioName = (typeof scenarioNames)[number];
