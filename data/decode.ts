import type { Sharp } from 'sharp';

/** Opens an image strictly: half of one is none. The decoder is loaded with the first: most programs need none. */
async function open(bytes: Uint8Array): Promise<Sharp> {
  const { default: sharp } = await import('sharp');
  return sharp(bytes, { failOn: 'warning' });
}

/**
 * The bytes of an image's pixels, row by row and channel by channel, as `change` makes of them.
 * @throws what the decoder says of a damaged image.
 */
export async function decode(bytes: Uint8Array, change: (image: Sharp) => Sharp = same => same): Promise<Uint8Array> {
  return change(await open(bytes))
    .raw({ depth: 'uchar' })
    .toBuffer();
}

/** What is to be known of an image before its pixels are taken. @throws where it is damaged */
export async function describe(bytes: Uint8Array): Promise<{ frames: number; transparent: boolean }> {
  const { pages = 1, hasAlpha } = await (await open(bytes)).metadata();
  return { frames: pages, transparent: hasAlpha && !(await (await open(bytes)).stats()).isOpaque };
}
