/** Packed 8-bit RGB, row-major: `data.length === width * height * 3`. */
export type RgbPicture = { width: number; height: number; data: Uint8Array };

/** 8-bit or float luma, row-major: `data.length === width * height`. */
export type GreyPicture = { width: number; height: number; data: Uint8Array | Float32Array };
