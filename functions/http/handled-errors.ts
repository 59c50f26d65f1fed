/**
 * The metric of answers with 500: Lambda's own `Errors` does not count an exception that became an answer. Alarms of the
 * template name it: with both dimensions for one version, with the first alone for the function.
 */
export const handledErrors = {
  namespace: 'InventoryAllocation',
  name: 'HandledErrors',
  dimensions: ['FunctionName', 'ExecutedVersion'],
} as const;

/** Counts one, as a line of CloudWatch's Embedded Metric Format; off Lambda it does nothing. 503 is not for it. */
export function countHandledError(now: number = Date.now()): void {
  const { AWS_LAMBDA_FUNCTION_NAME: functionName, AWS_LAMBDA_FUNCTION_VERSION: version = '$LATEST' } = process.env;
  if (!functionName) return;
  const [nameDimension, versionDimension] = handledErrors.dimensions;
  const line = {
    // Lambda drops JSON lines below the function's log level, and those without one count as INFO.
    level: 'ERROR',
    timestamp: new Date(now).toISOString(),
    _aws: {
      Timestamp: now,
      CloudWatchMetrics: [
        {
          Namespace: handledErrors.namespace,
          Dimensions: [[nameDimension], [nameDimension, versionDimension]],
          Metrics: [{ Name: handledErrors.name, Unit: 'Count' }],
        },
      ],
    },
    [nameDimension]: functionName,
    [versionDimension]: version,
    [handledErrors.name]: 1,
  };
  // Not console.log: with JSON logs Lambda puts that into a `message`, where CloudWatch finds no metric.
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
