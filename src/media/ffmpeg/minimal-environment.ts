/**
 * What decoders get of an environment, to be spread over the options of a start: nothing of ours, which may hold passwords.
 * GCONV_PATH: the bundled ffprobe is linked statically and crashes on every transport stream as soon as it loads the system's
 * character tables. Windows programs do not start without SystemRoot, so there the environment is inherited.
 */
export function minimalEnvironment(): { env?: NodeJS.ProcessEnv } {
  if (process.platform === 'win32') return {};
  return {
    env: { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC', AV_LOG_FORCE_NOCOLOR: '1', GCONV_PATH: '/nonexistent' },
  };
}
