/** What a column of the type integer holds: a larger number from a flag is told as wrong before the database refuses it. */
export const LARGEST_INTEGER = 2_147_483_647;
