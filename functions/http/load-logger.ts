/**
 * The logger, loaded with the first line that is written. Where a bundle is split, as the page's is, a cold start does not
 * even read it: a quarter of the time.
 */
export const loadLogger = () => import('./logger.ts');
