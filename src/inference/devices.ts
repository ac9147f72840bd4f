/** What users choose: `auto`, or the name of an execution provider. */
export const DEVICES = ['auto', 'cpu', 'cuda', 'tensorrt', 'webgpu', 'coreml', 'dml'] as const;

export type Device = (typeof DEVICES)[number];

/** A device after `auto` was resolved. */
export type Provider = Exclude<Device, 'auto'>;

/** Order of `auto`. WebGPU is left out: experimental, and on a software driver slower than the CPU. TensorRT compiles for minutes. */
const AUTO_ORDER: readonly Provider[] = ['cuda', 'coreml', 'dml', 'cpu'];

/** What to try for a device, best first; `supported` are the providers this build of the runtime knows. */
export function providersToTry(device: Device, supported: readonly string[]): Provider[] {
  if (device !== 'auto') return [device];
  return AUTO_ORDER.filter((provider) => provider === 'cpu' || supported.includes(provider));
}

export function isDevice(text: string): text is Device {
  return DEVICES.some((device) => device === text);
}

const INSTALL_CUDA = 'ONNXRUNTIME_NODE_INSTALL=cuda12 node node_modules/onnxruntime-node/script/install.js';

/** What the user can do about a device that is not served. */
export function deviceHint(provider: Provider): string {
  switch (provider) {
    case 'cuda':
    case 'tensorrt':
      return `needs an NVIDIA driver, CUDA 12, cuDNN 9 and the runtime's GPU libraries (${INSTALL_CUDA}); or use --device auto`;
    case 'webgpu':
      return 'needs a Vulkan, Metal or Direct3D 12 driver; or use --device auto';
    case 'coreml':
      return 'exists on macOS only; use --device auto';
    case 'dml':
      return 'exists on Windows only; use --device auto';
    case 'cpu':
      return 'reinstall with `npm ci`, or check that the platform is one that onnxruntime-node supports';
  }
}
