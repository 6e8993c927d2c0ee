/** An LSN as a number that compares; `X/Y` are the high and the low 32 bits in hex. */
export function lsn(text: string): bigint {
  const [high = "0", low = "0"] = text.split("/");
  return (BigInt(`0x${high}`) << 32n) | BigInt(`0x${low}`);
}
