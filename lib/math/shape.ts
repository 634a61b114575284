/** How many numbers an array of this shape holds; 1 for the shape [] of a scalar. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
