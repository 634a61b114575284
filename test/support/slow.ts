/**
 * What a test says of itself under FAST=1, where it is left out: `test(name, { skip: slow('runs every notebook') }, …)`.
 * False otherwise. The run prints the slowest files: these should have it.
 */
export const slow = (why: string): string | false => process.env.FAST === '1' && `slow: ${why}`;
