/**
 * Milliseconds of processor time that this process takes for `work`, however busy the machine is. For bounds that tell
 * work in proportion to the input from work in its square; how fast something is, is for the benchmark to say.
 */
export async function processorTime(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}
