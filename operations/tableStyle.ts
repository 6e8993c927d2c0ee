/** Of all tables that people are shown: no colours, no line between rows. */
export const tableStyle = { head: [], border: [], compact: true };
