import { decode, describe } from './decode.js';

/** How an image of a folder becomes one of a set. */
export interface Framing {
  /** Pixels of a side: the largest square in the middle is resized to it. */
  readonly size: number;
  /** 3 for RGB, 1 for grey. Default: 3. */
  readonly channels?: 1 | 3;
  /** The colour behind transparent pixels, such as `#fff`; without one an image that has any is refused. */
  readonly background?: string;
}

/** What files of the three formats begin with, as Latin-1; `?` stands for any byte. */
const SIGNATURES = ['\x89PNG\r\n\x1a\n', '\xff\xd8\xff', 'RIFF????WEBP'];

/** Whether a file begins as an image, whatever its name says: the decoder, which knows more formats, sees no other. */
const isImage = (bytes: Uint8Array): boolean =>
  SIGNATURES.some(signature => [...signature].every((each, at) => each === '?' || bytes[at] === each.charCodeAt(0)));

/**
 * The pixels [size, size, channels] of a PNG, JPEG or WebP file: turned upright, cropped to the middle square, resized
 * (Lanczos) and brought to 8 bits of sRGB or of grey.
 * @throws where the file is another one, damaged, has several frames, or transparent pixels and there is no background.
 */
export async function imageFrom(bytes: Uint8Array, framing: Framing): Promise<Uint8Array> {
  const { size, channels = 3, background } = framing;
  if (!isImage(bytes)) throw new Error('no PNG, JPEG or WebP image');
  const { frames, transparent } = await describe(bytes);
  if (frames > 1) throw new Error(`${frames} frames found, 1 expected`);
  if (transparent && background === undefined) throw new Error('has transparent pixels: name a background');
  return decode(bytes, image =>
    (background === undefined ? image.removeAlpha() : image.flatten({ background }))
      .autoOrient()
      .resize(size, size, { fit: 'cover' })
      .toColourspace(channels === 1 ? 'b-w' : 'srgb'),
  );
}
