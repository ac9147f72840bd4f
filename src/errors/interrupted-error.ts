import { EXIT } from './exit-codes.ts';
import { HsError } from './hs-error.ts';

/** The user or the system asked the program to stop: reason of the command's abort signal. */
export class InterruptedError extends HsError {
  constructor(signal: 'SIGINT' | 'SIGTERM') {
    super('interrupted', signal === 'SIGINT' ? EXIT.interrupted : EXIT.terminated, `stopped by ${signal}`, {
      hint: 'run the same command again to go on from here',
    });
  }
}
