import type { Sharp, SharpOptions } from 'sharp';

/** Pixels [height, width, channels] in row-major order. */
export interface Pixels {
  readonly data: Uint8Array;
  readonly shape: readonly [height: number, width: number, channels: number];
}

/**
 * A PNG, JPEG or WebP image as `change` makes of it. The decoder is loaded with the first one: most programs need none.
 * @throws what the decoder says of a damaged image; half an image is none.
 */
export async function decode(bytes: Uint8Array, change: (image: Sharp) => Sharp = image => image): Promise<Pixels> {
  const { default: sharp } = await import('sharp');
  const strict: SharpOptions = { failOn: 'warning' };
  const { data, info } = await change(sharp(bytes, strict)).raw().toBuffer({ resolveWithObject: true });
  return { data, shape: [info.height, info.width, info.channels] };
}
