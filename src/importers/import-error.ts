/** A document that cannot be read as what it is said to be; the message says why and names no file. */
export class ImportError extends Error {
  constructor(message: string) {
    super(message);
    this.name = new.target.name;
  }
}
